"""What redis_exporter says about Redis."""

from catalogue.model.metric import Unit, exported_counter, exported_gauge

REDIS_UP = exported_gauge("redis_up")
MEMORY_USED = exported_gauge("redis_memory_used_bytes", unit=Unit.BYTES)
MEMORY_MAX = exported_gauge("redis_memory_max_bytes", unit=Unit.BYTES)
CLIENTS = exported_gauge("redis_connected_clients")
CLIENTS_MAX = exported_gauge("redis_max_clients")
CONNECTIONS_REJECTED = exported_counter("redis_rejected_connections_total")
KEYS_EVICTED = exported_counter("redis_evicted_keys_total")
MASTER_LINK = exported_gauge("redis_master_link_up", "master_host", "master_port")
LAST_SAVE = exported_gauge("redis_rdb_last_bgsave_status")
LAST_APPEND = exported_gauge("redis_aof_last_write_status")
HITS = exported_counter("redis_keyspace_hits_total")
MISSES = exported_counter("redis_keyspace_misses_total")
COMMANDS = exported_counter("redis_commands_processed_total")
# Replies by their first word, as OOM or MISCONF. From Redis 6.2 on; a kind that never occurred has no series.
ERRORS = exported_counter("redis_errors_total", "err")

METRICS = (
    REDIS_UP,
    MEMORY_USED,
    MEMORY_MAX,
    CLIENTS,
    CLIENTS_MAX,
    CONNECTIONS_REJECTED,
    KEYS_EVICTED,
    MASTER_LINK,
    LAST_SAVE,
    LAST_APPEND,
    HITS,
    MISSES,
    COMMANDS,
    ERRORS,
)
