"""What the load's series say: a cluster that is well, with traffic that comes and goes."""

import math
import re
import time
from collections.abc import Mapping
from zlib import crc32

from catalogue.model.metric import Kind, Metric, Unit

_GIBIBYTE = 2.0**30
_EARLIER, _LATER = 1_800.0, 5_000_000.0
# Counters of what goes wrong stand still while all is well.
_QUIET = re.compile(
    "fail|error|dropped|rejected|refused|oom|corrupt|deadlock|evict|exceeded|missed|tripped|throttled|out_of_order"
    "|duplicate|non_retryable|too_early|limit|errs_|restarts"
)
# Of labels that tell what went wrong or is rare: this share of the usual.
_RARE = {
    "503": 0.002,
    "500": 0.0005,
    "429": 0.001,
    "404": 0.03,
    "STATUS_CODE_ERROR": 0.003,
    "error": 0.0,
    "err": 0.0,
    "failure": 0.01,
    "partial": 0.02,
    "miss": 0.06,
    "dropped": 0.0,
    "empty": 0.1,
}
# Counters that rise faster or slower than others, by the beginning of their name.
_PACES = {
    "redis_keyspace_hits": 400.0,
    "redis_keyspace_misses": 16.0,
    "redis_commands": 600.0,
    "pg_stat_database_xact_commit": 90.0,
    "pg_stat_database_xact_rollback": 0.3,
    "pg_stat_database_blks_hit": 2000.0,
    "pg_stat_database_blks_read": 12.0,
    "pg_stat_archiver": 0.005,
    "pg_stat_user_tables_seq_tup_read": 300.0,
    "logstash_stats_pipeline_events": 200.0,
    "filebeat_libbeat_output_events": 60.0,
    "otelcol_receiver_accepted_spans": 150.0,
    "otelcol_exporter_sent_spans": 150.0,
    "jaeger_storage_bulk_index_attempts": 300.0,
    "prometheus_tsdb_head_samples_appended": 18_000.0,
}
# Gauges by the beginning of their name. What is not here is about 1, or in the middle of what its unit allows.
_LEVELS = {
    "active_users_count": 340.0,
    "cache_hit_rate": 92.0,
    "db_connection_pool_available": 14.0,
    "db_connection_pool_size": 20.0,
    "alertmanager_cluster_members": 3.0,
    "alertmanager_silences": 2.0,
    "thanos_compact_halted": 0.0,
    "prometheus_tsdb_head_series": 180_000.0,
    "prometheus_tsdb_storage_blocks_bytes": 60 * _GIBIBYTE,
    "prometheus_tsdb_wal_storage_size_bytes": 2 * _GIBIBYTE,
    "prometheus_tsdb_retention_limit_bytes": 100 * _GIBIBYTE,
    "prometheus_rule_group_last_duration_seconds": 0.02,
    "pg_stat_activity_count": 6.0,
    "pg_stat_activity_max_tx_duration": 4.0,
    "pg_settings_max_connections": 200.0,
    "pg_settings_superuser_reserved_connections": 3.0,
    "pg_settings_archive_timeout_seconds": 300.0,
    "pg_stat_archiver_last_archive_age": 120.0,
    "pg_replication_is_replica": 0.0,
    "pg_replication_lag_seconds": 0.4,
    "pg_stat_replication_pg_wal_lsn_diff": 40_000.0,
    "pg_database_wraparound_age": 180_000_000.0,
    "pg_database_size_bytes": 42 * _GIBIBYTE,
    "pg_stat_user_tables_n_live_tup": 900_000.0,
    "pg_stat_user_tables_n_dead_tup": 30_000.0,
    "pg_locks_count": 5.0,
    "redis_memory_used_bytes": 2.1 * _GIBIBYTE,
    "redis_memory_max_bytes": 4 * _GIBIBYTE,
    "redis_connected_clients": 60.0,
    "redis_max_clients": 10_000.0,
    "elasticsearch_cluster_health_number_of_nodes": 7.0,
    "elasticsearch_cluster_health_number_of_data_nodes": 5.0,
    "elasticsearch_cluster_health_active_shards": 640.0,
    "elasticsearch_clustersettings_stats_max_shards": 1000.0,
    "elasticsearch_filesystem_data_available_bytes": 260 * _GIBIBYTE,
    "elasticsearch_filesystem_data_size_bytes": 500 * _GIBIBYTE,
    "elasticsearch_jvm_memory_used_bytes": 9 * _GIBIBYTE,
    "elasticsearch_jvm_memory_max_bytes": 16 * _GIBIBYTE,
    "logstash_stats_pipeline_queue_events_count": 400.0,
    "logstash_stats_pipeline_queue_events_queue_size": 0.1 * _GIBIBYTE,
    "logstash_stats_pipeline_queue_max_size_in_bytes": 4 * _GIBIBYTE,
    "logstash_stats_jvm_mem_heap_used_percent": 48.0,
    "filebeat_filebeat_harvester": 60.0,
    "filebeat_libbeat_pipeline_events": 120.0,
    "otelcol_exporter_queue_size": 40.0,
    "otelcol_exporter_queue_capacity": 5_000.0,
    "probe_duration_seconds": 0.08,
    "node_memory_MemTotal_bytes": 64 * _GIBIBYTE,
    "node_memory_MemAvailable_bytes": 27 * _GIBIBYTE,
    "node_filesystem_avail_bytes": 120 * _GIBIBYTE,
    "node_filesystem_size_bytes": 200 * _GIBIBYTE,
    "node_filesystem_files_free": 9_000_000.0,
    "node_filesystem_files": 12_000_000.0,
    "node_load1": 3.2,
    "node_nf_conntrack_entries_limit": 262_144.0,
    "node_nf_conntrack_entries": 40_000.0,
    "node_filefd_maximum": 1_000_000.0,
    "node_filefd_allocated": 9_000.0,
    "node_timex_offset_seconds": 0.0002,
    "node_timex_maxerror_seconds": 0.05,
    "kubelet_volume_stats_available_bytes": 38 * _GIBIBYTE,
    "kubelet_volume_stats_capacity_bytes": 100 * _GIBIBYTE,
    "kubelet_volume_stats_used_bytes": 62 * _GIBIBYTE,
    "kubelet_volume_stats_inodes_free": 5_000_000.0,
    "kubelet_volume_stats_inodes": 6_000_000.0,
    "kubelet_certificate_manager_client_ttl_seconds": 20_000_000.0,
    "container_memory": 0.12 * _GIBIBYTE,
    "kube_horizontalpodautoscaler_spec_max_replicas": 20.0,
    "kube_horizontalpodautoscaler_status": 4.0,
    "etcd_server_quota_backend_bytes": 8 * _GIBIBYTE,
    "etcd_mvcc_db_total_size_in_bytes": 1.2 * _GIBIBYTE,
}
# 0 while all is well.
_NONE = re.compile(
    "waiting_reason|terminated_reason|kube_job_failed|unschedulable|read_only|readonly|pending_tasks|unassigned"
    "|relocating|initializing|aggregator_unavailable"
)
# Of gauges that say which of several states it is: the one that it is.
_TRUE = {"Running", "green", "RUNNING", "selected", "Ready", "AbleToScale", "true", "True", "hot", "warm", "cold"}
_STATES = re.compile(
    "status_phase|node_status_condition|cluster_health_status|ilm_status|managed_resources|autoscaler_status_condition"
    "|certificate_ready_status"
)
_RESOURCES = {
    ("kube_node_status_allocatable", "cpu"): 16.0,
    ("kube_node_status_allocatable", "memory"): 64 * _GIBIBYTE,
    ("kube_pod_container_resource_requests", "cpu"): 0.08,
    ("kube_pod_container_resource_requests", "memory"): 0.25 * _GIBIBYTE,
    ("kube_pod_container_resource_limits", "memory"): 0.5 * _GIBIBYTE,
}
_BYTES_A_SCRAPE = 4e7
_USUAL_STEADY = re.compile("max|limit|size|total_bytes|spec|desired|settings|quota|capacity|members|generation|hash")


def level(metric: Metric, labels: Mapping[str, str], part: str = "") -> float:
    """A gauge's usual value; how much a counter rises with each scrape, by which a histogram's parts rise too."""
    if metric.kind is Kind.GAUGE:
        return _gauge(metric, labels)
    own = {name: value for name, value in labels.items() if name != "le"}
    rise = _rise(metric, own)
    if metric.kind is not Kind.HISTOGRAM:
        return rise
    # Times fall off as those of a service do: half within a fifth of the middle bucket.
    usual = float(metric.buckets[len(metric.buckets) // 2]) / 3
    if part == "_sum":
        return rise * usual
    bound = labels.get("le", "+Inf")
    return rise if bound == "+Inf" else rise * (1 - math.exp(-float(bound) / usual))


def steady(metric: Metric) -> bool:
    """Whether a gauge does not move: a limit, a setting, a time, a yes or no."""
    name = metric.name
    return metric.unit is Unit.TIMESTAMP or bool(_USUAL_STEADY.search(name) or _STATES.search(name)) or _is_one(name)


def _is_one(name: str) -> bool:
    return not any(name.startswith(beginning) for beginning in _LEVELS)


def _rise(metric: Metric, labels: Mapping[str, str]) -> float:
    share = math.prod(_RARE.get(value, 1.0) for value in labels.values())
    if _QUIET.search(metric.name) or labels.get("mode") in ("irq", "softirq", "steal", "nice", "iowait"):
        return 0.0
    if metric.name == "node_cpu_seconds_total":
        return {"idle": 9.6, "user": 3.8, "system": 1.6}[labels["mode"]]
    if metric.unit is Unit.SECONDS and metric.kind is Kind.COUNTER:
        return 0.6 * _own(metric, labels)
    if metric.unit is Unit.BYTES:
        return _BYTES_A_SCRAPE * _own(metric, labels)
    pace = next((pace for beginning, pace in _PACES.items() if metric.name.startswith(beginning)), 1.0)
    return 10.0 * pace * share * _own(metric, labels)


def _gauge(metric: Metric, labels: Mapping[str, str]) -> float:
    if metric.unit is Unit.TIMESTAMP:
        return time.time() + (_LATER if re.search("expiry|renewal|next", metric.name) else -_EARLIER)
    if _NONE.search(metric.name):
        return 0.0
    if _STATES.search(metric.name):
        values = [value for name, value in labels.items() if name in ("phase", "color", "operation_mode", "state")]
        values += [labels[name] for name in ("condition", "status") if name in labels]
        return 1.0 if values and all(value in _TRUE for value in values) else 0.0
    found = _RESOURCES.get((metric.name, labels.get("resource", "")))
    if found is not None:
        return found
    for beginning, value in _LEVELS.items():
        if metric.name.startswith(beginning):
            return value
    return 0.5 if metric.unit in (Unit.RATIO, Unit.SECONDS) else 1.0


def _own(metric: Metric, labels: Mapping[str, str]) -> float:
    """What tells the series apart from others of the metric: between 0.5 and 1.5, and always the same."""
    return 0.5 + crc32(f"{metric.name}{sorted(labels.items())}".encode()) % 1000 / 1000
