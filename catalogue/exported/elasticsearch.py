"""What elasticsearch_exporter says about Elasticsearch.

Many of its series carry a label `cluster` too, the name of Elasticsearch's cluster. It is not listed here, so that no
rule passes it on: it would take the place of the label by which Alertmanager tells our clusters apart.
"""

from catalogue.model.metric import Unit, exported_counter, exported_gauge

_INDICES = "--es.indices"
_SETTINGS = "--es.indices_settings"
_CLUSTER_SETTINGS = "--collector.clustersettings"
_ILM = "--collector.ilm"
_SLM = "--collector.slm"
_SNAPSHOTS = "--collector.snapshots"
FLAGS = (_INDICES, _SETTINGS, _CLUSTER_SETTINGS, _ILM, _SLM, _SNAPSHOTS)
"""Off by default. The SLM collector needs the privilege `manage_slm`."""

CLUSTER_HEALTH = exported_gauge("elasticsearch_cluster_health_status", "color")
NODES = exported_gauge("elasticsearch_cluster_health_number_of_nodes")
DATA_NODES = exported_gauge("elasticsearch_cluster_health_number_of_data_nodes")
ACTIVE_SHARDS = exported_gauge("elasticsearch_cluster_health_active_shards")
INITIALIZING_SHARDS = exported_gauge("elasticsearch_cluster_health_initializing_shards")
RELOCATING_SHARDS = exported_gauge("elasticsearch_cluster_health_relocating_shards")
UNASSIGNED_SHARDS = exported_gauge("elasticsearch_cluster_health_unassigned_shards")
PENDING_TASKS = exported_gauge("elasticsearch_cluster_health_number_of_pending_tasks")
SHARDS_ALLOWED = exported_gauge("elasticsearch_clustersettings_stats_max_shards_per_node", needs=_CLUSTER_SETTINGS)
DISK_AVAILABLE = exported_gauge("elasticsearch_filesystem_data_available_bytes", "name", "mount", unit=Unit.BYTES)
DISK_SIZE = exported_gauge("elasticsearch_filesystem_data_size_bytes", "name", "mount", unit=Unit.BYTES)
HEAP_USED = exported_gauge("elasticsearch_jvm_memory_used_bytes", "name", "area", unit=Unit.BYTES)
HEAP_MAX = exported_gauge("elasticsearch_jvm_memory_max_bytes", "name", "area", unit=Unit.BYTES)
REJECTED = exported_counter("elasticsearch_thread_pool_rejected_count", "name", "type")
BREAKERS_TRIPPED = exported_counter("elasticsearch_breakers_tripped", "name", "breaker")
INDEXED = exported_counter("elasticsearch_index_stats_indexing_index_total", "index", since="1.11.0", needs=_INDICES)
READ_ONLY_INDICES = exported_gauge("elasticsearch_indices_settings_stats_read_only_indices", needs=_SETTINGS)
# 1 where a lifecycle policy manages the index, else 0.
ILM_INDEX = exported_gauge("elasticsearch_ilm_index_status", "index", "phase", "action", "step", needs=_ILM)
ILM_STATUS = exported_gauge("elasticsearch_ilm_status", "operation_mode", needs=_ILM)
# When the newest one that succeeded, at least in part, began; 0 where there is none.
SNAPSHOT_TIME = exported_gauge(
    "elasticsearch_snapshot_stats_latest_snapshot_timestamp_seconds",
    "repository",
    unit=Unit.TIMESTAMP,
    needs=_SNAPSHOTS,
)
SNAPSHOTS_FAILED = exported_counter("elasticsearch_slm_stats_snapshots_failed_total", "policy", needs=_SLM)

METRICS = (
    CLUSTER_HEALTH,
    NODES,
    DATA_NODES,
    ACTIVE_SHARDS,
    INITIALIZING_SHARDS,
    RELOCATING_SHARDS,
    UNASSIGNED_SHARDS,
    PENDING_TASKS,
    SHARDS_ALLOWED,
    DISK_AVAILABLE,
    DISK_SIZE,
    HEAP_USED,
    HEAP_MAX,
    REJECTED,
    BREAKERS_TRIPPED,
    INDEXED,
    READ_ONLY_INDICES,
    ILM_INDEX,
    ILM_STATUS,
    SNAPSHOT_TIME,
    SNAPSHOTS_FAILED,
)
