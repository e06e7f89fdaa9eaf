"""What postgres_exporter says about PostgreSQL."""

from catalogue.model.metric import Unit, exported_counter, exported_gauge

_WRAPAROUND = "--collector.database_wraparound"
_STATEMENTS = "--collector.stat_statements"
_INDEXES = "--collector.statio_user_indexes"
FLAGS = (_WRAPAROUND, _STATEMENTS, _INDEXES)
"""Collectors that are off by default."""

SYSTEM_DATABASES = "template.*|postgres|rdsadmin|cloudsqladmin|azure_maintenance|azure_sys"
"""Databases that PostgreSQL or a provider brings along."""

POSTGRESQL_UP = exported_gauge("pg_up")
# The exporter's own pg_exporter_last_scrape_error is about the connection alone, as pg_up is.
COLLECTOR_SUCCESS = exported_gauge("pg_scrape_collector_success", "collector")
CONNECTIONS = exported_gauge("pg_stat_activity_count", "datname", "state", "usename", "application_name")
MAX_CONNECTIONS = exported_gauge("pg_settings_max_connections")
RESERVED_CONNECTIONS = exported_gauge("pg_settings_superuser_reserved_connections")
LONGEST_TRANSACTION = exported_gauge(
    "pg_stat_activity_max_tx_duration",
    "datname",
    "state",
    "usename",
    "application_name",
    "backend_type",
    unit=Unit.SECONDS,
)
DEADLOCKS = exported_counter("pg_stat_database_deadlocks", "datname")
COMMITS = exported_counter("pg_stat_database_xact_commit", "datname")
ROLLBACKS = exported_counter("pg_stat_database_xact_rollback", "datname")
BLOCKS_HIT = exported_counter("pg_stat_database_blks_hit", "datname")
BLOCKS_READ = exported_counter("pg_stat_database_blks_read", "datname")
DATABASE_SIZE = exported_gauge("pg_database_size_bytes", "datname", unit=Unit.BYTES)
REPLICATION_LAG = exported_gauge("pg_replication_lag_seconds", unit=Unit.SECONDS)
IS_REPLICA = exported_gauge("pg_replication_is_replica")
# Bytes that a connected replica has yet to replay, as its server sees it.
REPLICA_BEHIND = exported_gauge(
    "pg_stat_replication_pg_wal_lsn_diff", "application_name", "client_addr", "state", "slot_name", unit=Unit.BYTES
)
SLOT_ACTIVE = exported_gauge("pg_replication_slots_slot_is_active", "slot_name", "slot_type", since="0.20.0")
SEGMENTS_ARCHIVED = exported_counter("pg_stat_archiver_archived_count")
ARCHIVE_FAILURES = exported_counter("pg_stat_archiver_failed_count")
ARCHIVE_AGE = exported_gauge("pg_stat_archiver_last_archive_age", unit=Unit.SECONDS)
ARCHIVE_TIMEOUT = exported_gauge("pg_settings_archive_timeout_seconds", unit=Unit.SECONDS)
# Counts transactions, whatever its name says.
XID_AGE = exported_gauge("pg_database_wraparound_age_datfrozenxid_seconds", "datname", needs=_WRAPAROUND)
LOCKS = exported_gauge("pg_locks_count", "datname", "mode")
# The hundred statements that took most time since the statistics were reset, by number and never by text.
_STATEMENT = ("user", "datname", "queryid")
STATEMENT_CALLS = exported_counter("pg_stat_statements_calls_total", *_STATEMENT, needs=_STATEMENTS)
STATEMENT_TIME = exported_counter("pg_stat_statements_seconds_total", *_STATEMENT, unit=Unit.SECONDS, needs=_STATEMENTS)
_TABLE = ("datname", "schemaname", "relname")
FULL_SCANS = exported_counter("pg_stat_user_tables_seq_scan", *_TABLE)
ROWS_SCANNED = exported_counter("pg_stat_user_tables_seq_tup_read", *_TABLE)
LIVE_ROWS = exported_gauge("pg_stat_user_tables_n_live_tup", *_TABLE)
DEAD_ROWS = exported_gauge("pg_stat_user_tables_n_dead_tup", *_TABLE)
INDEX_BLOCKS_READ = exported_counter(
    "pg_statio_user_indexes_idx_blks_read_total", *_TABLE, "indexrelname", needs=_INDEXES
)
INDEX_BLOCKS_HIT = exported_counter(
    "pg_statio_user_indexes_idx_blks_hit_total", *_TABLE, "indexrelname", needs=_INDEXES
)

METRICS = (
    POSTGRESQL_UP,
    COLLECTOR_SUCCESS,
    CONNECTIONS,
    MAX_CONNECTIONS,
    RESERVED_CONNECTIONS,
    LONGEST_TRANSACTION,
    DEADLOCKS,
    COMMITS,
    ROLLBACKS,
    BLOCKS_HIT,
    BLOCKS_READ,
    DATABASE_SIZE,
    REPLICATION_LAG,
    IS_REPLICA,
    REPLICA_BEHIND,
    SLOT_ACTIVE,
    SEGMENTS_ARCHIVED,
    ARCHIVE_FAILURES,
    ARCHIVE_AGE,
    ARCHIVE_TIMEOUT,
    XID_AGE,
    LOCKS,
    STATEMENT_CALLS,
    STATEMENT_TIME,
    FULL_SCANS,
    ROWS_SCANNED,
    LIVE_ROWS,
    DEAD_ROWS,
    INDEX_BLOCKS_READ,
    INDEX_BLOCKS_HIT,
)
