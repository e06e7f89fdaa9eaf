"""What Prometheus, Alertmanager, their operator and Grafana say about themselves."""

from catalogue.model.metric import Unit, exported_counter, exported_gauge, exported_histogram

PROMETHEUS_RELOADED = exported_gauge("prometheus_config_last_reload_successful")
RULE_FAILURES = exported_counter("prometheus_rule_evaluation_failures_total", "rule_group")
RULES_MISSED = exported_counter("prometheus_rule_group_iterations_missed_total", "rule_group")
RULE_GROUP_DURATION = exported_gauge("prometheus_rule_group_last_duration_seconds", "rule_group", unit=Unit.SECONDS)
ALERTMANAGERS = exported_gauge("prometheus_notifications_alertmanagers_discovered")
NOTIFICATIONS_SENT = exported_counter("prometheus_notifications_sent_total", "alertmanager")
NOTIFICATION_ERRORS = exported_counter("prometheus_notifications_errors_total", "alertmanager")
NOTIFICATIONS_DROPPED = exported_counter("prometheus_notifications_dropped_total", "alertmanager")
# The slice `inner_eval` is the computing alone, without waiting in the queue.
QUERY_DURATION = exported_histogram(
    "prometheus_engine_query_duration_histogram_seconds", "slice", buckets="0.01 0.1 1.0 10.0"
)
SAMPLES_APPENDED = exported_counter("prometheus_tsdb_head_samples_appended_total", "type")
HEAD_SERIES = exported_gauge("prometheus_tsdb_head_series")
COMPACTIONS_FAILED = exported_counter("prometheus_tsdb_compactions_failed_total")
RELOADS_FAILED = exported_counter("prometheus_tsdb_reloads_failures_total")
WAL_CORRUPTIONS = exported_counter("prometheus_tsdb_wal_corruptions_total")
BLOCKS_BYTES = exported_gauge("prometheus_tsdb_storage_blocks_bytes", unit=Unit.BYTES)
WAL_BYTES = exported_gauge("prometheus_tsdb_wal_storage_size_bytes", unit=Unit.BYTES)
RETENTION_LIMIT_BYTES = exported_gauge("prometheus_tsdb_retention_limit_bytes", unit=Unit.BYTES)
OLDEST_SAMPLE = exported_gauge("prometheus_tsdb_lowest_timestamp_seconds", unit=Unit.TIMESTAMP)
SAMPLE_LIMIT_HIT = exported_counter("prometheus_target_scrapes_exceeded_sample_limit_total")
TARGET_LIMIT_HIT = exported_counter("prometheus_target_scrape_pool_exceeded_target_limit_total")
LABEL_LIMIT_HIT = exported_counter("prometheus_target_scrape_pool_exceeded_label_limits_total")
OUT_OF_ORDER_SAMPLES = exported_counter("prometheus_target_scrapes_sample_out_of_order_total")
DUPLICATE_SAMPLES = exported_counter("prometheus_target_scrapes_sample_duplicate_timestamp_total")
REMOTE_NEWEST = exported_gauge(
    "prometheus_remote_storage_queue_highest_timestamp_seconds",
    "remote_name",
    "url",
    unit=Unit.TIMESTAMP,
    since="3.7.0",
)
REMOTE_SENT = exported_gauge(
    "prometheus_remote_storage_queue_highest_sent_timestamp_seconds", "remote_name", "url", unit=Unit.TIMESTAMP
)

PROMETHEUS = (
    PROMETHEUS_RELOADED,
    RULE_FAILURES,
    RULES_MISSED,
    RULE_GROUP_DURATION,
    ALERTMANAGERS,
    NOTIFICATIONS_SENT,
    NOTIFICATION_ERRORS,
    NOTIFICATIONS_DROPPED,
    QUERY_DURATION,
    SAMPLES_APPENDED,
    HEAD_SERIES,
    COMPACTIONS_FAILED,
    RELOADS_FAILED,
    WAL_CORRUPTIONS,
    BLOCKS_BYTES,
    WAL_BYTES,
    RETENTION_LIMIT_BYTES,
    OLDEST_SAMPLE,
    SAMPLE_LIMIT_HIT,
    TARGET_LIMIT_HIT,
    LABEL_LIMIT_HIT,
    OUT_OF_ORDER_SAMPLES,
    DUPLICATE_SAMPLES,
    REMOTE_NEWEST,
    REMOTE_SENT,
)

ALERTMANAGER_RELOADED = exported_gauge("alertmanager_config_last_reload_successful")
ALERTMANAGER_MEMBERS = exported_gauge("alertmanager_cluster_members")
ALERTMANAGER_CONFIG = exported_gauge("alertmanager_config_hash")
ALERTS_HELD = exported_gauge("alertmanager_alerts", "state")
SILENCES = exported_gauge("alertmanager_silences", "state")
NOTIFICATION_DURATION = exported_histogram(
    "alertmanager_notification_latency_seconds", "integration", buckets="1.0 5.0 10.0 15.0 20.0"
)
NOTIFICATIONS = exported_counter("alertmanager_notifications_total", "integration")
NOTIFICATIONS_FAILED = exported_counter("alertmanager_notifications_failed_total", "integration", "reason")

ALERTMANAGER = (
    ALERTMANAGER_RELOADED,
    ALERTMANAGER_MEMBERS,
    ALERTMANAGER_CONFIG,
    ALERTS_HELD,
    SILENCES,
    NOTIFICATION_DURATION,
    NOTIFICATIONS,
    NOTIFICATIONS_FAILED,
)

MANAGED_RESOURCES = exported_gauge("prometheus_operator_managed_resources", "resource", "state")
RECONCILE_ERRORS = exported_counter("prometheus_operator_reconcile_errors_total", "controller")
RECONCILE_OPERATIONS = exported_counter("prometheus_operator_reconcile_operations_total", "controller")

OPERATOR = (
    MANAGED_RESOURCES,
    RECONCILE_ERRORS,
    RECONCILE_OPERATIONS,
)
"""Of Prometheus Operator."""

ECK_RECONCILES = exported_counter("controller_runtime_reconcile_total", "controller", "result")

ECK = (ECK_RECONCILES,)
"""Of the operator of Elasticsearch, Kibana and Logstash."""

RELOADER_SUCCESS = exported_gauge("reloader_last_reload_successful")

RELOADER = (RELOADER_SUCCESS,)
"""Of the sidecar that hands a new configuration to Prometheus and Alertmanager."""
