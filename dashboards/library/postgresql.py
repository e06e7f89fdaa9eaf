"""PostgreSQL: room for connections, who waits for whom, which statements and tables cost most. Rows of a board."""

from alerts.expression import Op
from alerts.promql import max_by, min_by, select, sum_by, unlike
from catalogue.exported import postgresql
from catalogue.exporters import POSTGRES_EXPORTER
from dashboards.library.stores import POSTGRESQL_CONNECTIONS
from dashboards.library.watched import measure, watched
from dashboards.limits import sinking
from dashboards.model import Row, Shown
from dashboards.panels import line, stat, table, timeseries
from dashboards.promql import RANGE, RATE_INTERVAL, falling, top

_OURS = unlike(postgresql.SYSTEM_DATABASES)
_STATEMENT = ("datname", "user", "queryid")
_TABLE = ("datname", "schemaname", "relname")
_INDEX = (*_TABLE, "indexrelname")
_HIT = sum_by(select(POSTGRES_EXPORTER, postgresql.BLOCKS_HIT, datname=_OURS).rate(RATE_INTERVAL), "datname")
_READ = sum_by(select(POSTGRES_EXPORTER, postgresql.BLOCKS_READ, datname=_OURS).rate(RATE_INTERVAL), "datname")
_CALLS = sum_by(select(POSTGRES_EXPORTER, postgresql.STATEMENT_CALLS, datname=_OURS).increase(RANGE), *_STATEMENT)
_TIME = sum_by(select(POSTGRES_EXPORTER, postgresql.STATEMENT_TIME, datname=_OURS).increase(RANGE), *_STATEMENT)
_SCANS = sum_by(select(POSTGRES_EXPORTER, postgresql.FULL_SCANS).increase(RANGE), *_TABLE)
_SCANNED = sum_by(select(POSTGRES_EXPORTER, postgresql.ROWS_SCANNED).increase(RANGE), *_TABLE)
_BLOCKS = select(POSTGRES_EXPORTER, postgresql.INDEX_BLOCKS_READ).increase(RANGE) + select(
    POSTGRES_EXPORTER, postgresql.INDEX_BLOCKS_HIT
).increase(RANGE)
_DEAD = sum_by(select(POSTGRES_EXPORTER, postgresql.DEAD_ROWS).now, *_TABLE)
_LIVE = sum_by(select(POSTGRES_EXPORTER, postgresql.LIVE_ROWS).now, *_TABLE)


NOW = Row(
    title="PostgreSQL now",
    panels=(
        stat(
            "Answers",
            "1 while every server lets the exporter in.",
            min_by(select(POSTGRES_EXPORTER, postgresql.POSTGRESQL_UP).now),
            limits=sinking(bad="1", because="A server that does not answer."),
        ),
        stat(
            "Connections taken",
            "Share of the connections that the fullest server has for the application.",
            max_by(measure("PostgreSQLConnectionsHigh")),
        ),
        stat(
            "Oldest transaction",
            "Time since the oldest open transaction began.",
            max_by(measure("PostgreSQLLongTransaction")),
        ),
        stat(
            "Replication lag",
            "How far behind the slowest replica is.",
            max_by(measure("PostgreSQLReplicationLag")),
        ),
        stat(
            "Read from memory",
            "Share of the blocks that are found in memory, in the database with the least.",
            min_by(_HIT.of(_HIT + _READ)),
        ),
        stat(
            "Size of databases",
            "Bytes of all databases together.",
            sum_by(select(POSTGRES_EXPORTER, postgresql.DATABASE_SIZE).now),
        ),
    ),
)
CONNECTIONS_AND_LOCKS = Row(
    title="PostgreSQL: connections and locks",
    panels=(
        POSTGRESQL_CONNECTIONS,
        timeseries(
            "Connections by state",
            "Who holds connections: `active` works, `idle in transaction` blocks others while it does nothing.",
            line(sum_by(select(POSTGRES_EXPORTER, postgresql.CONNECTIONS).now, "state"), "{state}"),
            stacked=True,
            width=6,
        ),
        watched(
            "Longest transaction",
            "Age of the oldest open transaction of each database. It keeps locks, and rows that nobody needs.",
            "{datname} of {instance}",
            "PostgreSQLLongTransaction",
            width=6,
        ),
        timeseries(
            "Locks",
            "Locks that are held, by kind. An `accessexclusivelock` lets nobody read.",
            line(sum_by(select(POSTGRES_EXPORTER, postgresql.LOCKS, datname=_OURS).now, "mode").above(0), "{mode}"),
            width=6,
        ),
        watched(
            "Deadlocks",
            "Transactions that were ended because they waited for each other, within ten minutes.",
            "{datname} of {instance}",
            "PostgreSQLDeadlocks",
            width=12,
        ),
        timeseries(
            "Transactions",
            "Transactions a second that ended well, and that were rolled back.",
            line(
                sum_by(select(POSTGRES_EXPORTER, postgresql.COMMITS, datname=_OURS).rate(RATE_INTERVAL), "datname"),
                "committed {datname}",
            ),
            line(
                sum_by(select(POSTGRES_EXPORTER, postgresql.ROLLBACKS, datname=_OURS).rate(RATE_INTERVAL), "datname"),
                "rolled back {datname}",
            ),
            width=12,
        ),
    ),
)
STATEMENTS = Row(
    title="PostgreSQL: slow queries and missing indexes",
    panels=(
        watched(
            "Query time (P95)",
            "95th percentile of the time of the API's queries, as the API sees it.",
            "{query_type} of {service}",
            "DatabaseQueriesSlow",
        ),
        table(
            "Statements that cost most",
            "The ten statements with the most seconds in the selected time. pg_stat_statements has their text.",
            falling(top(10, _TIME)),
            unit=Shown.SECONDS,
            width=8,
        ),
        table(
            "Slowest statements",
            "The ten statements that take longest each time, on average over the selected time.",
            falling(top(10, _TIME.per(_CALLS))),
            unit=Shown.SECONDS,
            width=8,
        ),
        table(
            "Tables without an index that fits",
            "Rows read for each scan of a whole table: the ten with the most want an index for what is searched.",
            falling(top(10, _SCANNED.per(_SCANS))),
            width=8,
        ),
        table(
            "Indexes that nobody reads",
            "Indexes of which no block was read in the selected time. Each makes writing slower for nothing.",
            sum_by(_BLOCKS, *_INDEX).compare(Op.EQUALS, 0),
            width=8,
        ),
        table(
            "Dead rows",
            "Rows that are deleted and not yet cleaned away, for each living one: the ten tables with the most.",
            falling(top(10, _DEAD.per(_LIVE))),
            unit=Shown.SHARE,
            width=8,
        ),
    ),
)
REPLICATION = Row(
    title="PostgreSQL: replication and archive",
    panels=(
        watched(
            "Replicas behind in time",
            "Age of what a replica has last replayed.",
            "{instance}",
            "PostgreSQLReplicationLag",
            width=6,
        ),
        watched(
            "Replicas behind in bytes",
            "Write-ahead log that a replica has yet to replay.",
            "{application_name} {client_addr} of {instance}",
            "PostgreSQLReplicaBehind",
            width=6,
        ),
        timeseries(
            "Segments archived",
            "Segments of the write-ahead log that were archived, and that could not be, within the interval.",
            line(
                sum_by(select(POSTGRES_EXPORTER, postgresql.SEGMENTS_ARCHIVED).increase(RATE_INTERVAL), "instance"),
                "archived by {instance}",
            ),
            line(
                sum_by(select(POSTGRES_EXPORTER, postgresql.ARCHIVE_FAILURES).increase(RATE_INTERVAL), "instance"),
                "failed at {instance}",
            ),
            width=6,
        ),
        watched(
            "Transaction numbers used",
            "Share of the transaction numbers that are used up. At the end the server takes no writes.",
            "{datname} of {instance}",
            "PostgreSQLXIDWraparound",
            width=6,
        ),
    ),
)

POSTGRESQL = (NOW, CONNECTIONS_AND_LOCKS, STATEMENTS, REPLICATION)
