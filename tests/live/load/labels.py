"""The values of labels in the load: those that rules and boards ask for, among as many others as a cluster has."""

from collections.abc import Sequence

from catalogue.model.metric import Label, Metric

OBJECTS = {
    "container": 500,
    "pod": 400,
    "deployment": 60,
    "statefulset": 12,
    "daemonset": 10,
    "job_name": 40,
    "cronjob": 15,
    "horizontalpodautoscaler": 5,
    "poddisruptionbudget": 20,
    "persistentvolumeclaim": 40,
    "persistentvolume": 40,
    "index": 300,
    "node": 10,
}
"""Objects of a middling cluster. A metric with several of these labels has one series for each of the first one's."""

_NAMED = {
    "deployment": ("api-gateway",),
    "statefulset": ("prometheus-openpolicy", "alertmanager-openpolicy", "logs-es-hot"),
    "daemonset": ("logs-beat-filebeat",),
    "cronjob": ("postgres-backup", "audit-archive", "audit-restore"),
    "horizontalpodautoscaler": ("openpolicy-api",),
}
"""Objects that rules and boards know by name: the first ones."""

# Of one metric, by its name's beginning.
_OF_METRIC = {
    ("elasticsearch_ilm_index_status", "phase"): ("hot", "warm", "cold"),
    ("elasticsearch_ilm_index_status", "step"): ("complete",),
    ("elasticsearch_thread_pool", "type"): ("write", "search"),
    ("filebeat", "type"): ("acked", "dropped", "active"),
    ("prometheus_tsdb", "type"): ("float",),
    ("pg_stat_activity", "state"): ("active", "idle", "idle in transaction"),
    ("pg_stat_activity", "application_name"): ("api", "scraper"),
    ("pg_stat_replication", "state"): ("streaming",),
    ("pg_locks", "mode"): ("accesssharelock", "rowexclusivelock", "accessexclusivelock"),
    ("alertmanager_alerts", "state"): ("active", "suppressed"),
    ("alertmanager_silences", "state"): ("active", "expired"),
    ("controller_runtime", "result"): ("success", "error", "requeue"),
    ("jaeger", "result"): ("ok", "err"),
    ("apiserver", "group"): ("", "apps"),
    ("kube_horizontalpodautoscaler", "condition"): ("AbleToScale", "ScalingLimited"),
    ("kube_horizontalpodautoscaler", "status"): ("true", "false"),
    ("kube_node", "status"): ("true", "false", "unknown"),
    ("kube_job_failed", "condition"): ("true", "false"),
    ("certmanager", "condition"): ("True", "False", "Unknown"),
    ("http_requests", "status"): ("200", "201", "304", "404", "503"),
}
# What repeats for each object, with the values that rules and boards ask for.
_REPEATED = {
    "namespace": ("openpolicy", "observability"),
    "reason": ("OOMKilled", "CrashLoopBackOff", "Completed", "Error"),
    "phase": ("Running", "Pending", "Failed", "Unknown", "Succeeded"),
    "condition": ("Ready", "MemoryPressure", "DiskPressure"),
    "resource": ("cpu", "memory", "storage", "pods"),
    "type": ("hard", "used"),
    "mode": ("idle", "user", "system", "iowait", "nice", "irq", "softirq", "steal"),
    "device": ("nvme0n1", "eth0"),
    "fstype": ("ext4",),
    "mountpoint": ("/", "/var", "/data"),
    "image": ("registry/app:1",),
    "access_mode": ("ReadWriteOnce",),
    "owner_kind": ("ReplicaSet",),
    "owner_name": ("owner",),
    "unit": ("core",),
    "store_type": ("sidecar", "store"),
    "code": ("200", "201", "404", "429", "500", "503"),
    "color": ("red", "yellow", "green"),
    "area": ("heap", "non-heap"),
    "state": ("rejected", "selected"),
    "action": ("rollover",),
    "operation_mode": ("RUNNING", "STOPPED"),
    "version": ("1.4.0",),
    "commit": ("a1b2c3d",),
    "backend_type": ("client backend",),
    "datname": ("openpolicy",),
    "user": ("openpolicy",),
    "usename": ("openpolicy",),
    "queryid": tuple(str(4_815_162_342 + number * 7919) for number in range(100)),
    "schemaname": ("public",),
    "relname": ("bills", "votes", "representatives", "debates", "users", "committees"),
    "collector": ("stat_database", "stat_statements"),
    "repository": ("openpolicy-snapshots", "openpolicy-evidence"),
    "exported_namespace": ("openpolicy",),
    "policy": ("openpolicy-snapshots",),
    "integration": ("pagerduty", "webhook"),
    "slice": ("inner_eval", "queue_time"),
    "harvester": ("open_files", "started"),
    "service_name": ("api-gateway", "scraper"),
    "span_kind": ("SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_INTERNAL"),
    "span_name": (
        "GET /api/v1/bills",
        "GET /api/v1/votes",
        "GET /api/v1/members",
        "POST /api/v1/search",
        "SELECT bills",
        "SELECT votes",
        "redis GET",
        "authenticate",
    ),
    "status_code": ("STATUS_CODE_UNSET", "STATUS_CODE_ERROR"),
    "err": ("ERR", "OOM"),
    "jurisdiction": ("ca", "ca-on", "ca-qc", "ca-bc", "ca-ab", "ca-mb", "ca-ns", "ca-sk", "ca-nb", "ca-nl"),
    "entity_type": ("bill", "vote", "representative", "debate"),
    "action_type": ("view", "search", "follow", "share", "subscribe"),
    "pipeline": ("main", "audit"),
    "remote_name": ("archive",),
    "url": ("https://metrics.example.org",),
    "slot_name": ("replica",),
    "slot_type": ("physical",),
    "master_port": ("6379",),
}
_HOW_MANY = {
    "cpu": 16, "endpoint": 40, "scraper": 20, "table": 12, "bill_id": 200, "rule_group": 20, "name": 7, "operation": 6,
    "controller": 6, "breaker": 5, "verb": 5, "method": 3, "indexrelname": 4,
}  # fmt: skip
"""Of labels whose values nobody asks for; three of each other one."""


def values(metric: Metric, label: Label) -> Sequence[str]:
    """Every value that the label takes in the metric."""
    for (beginning, name), found in _OF_METRIC.items():
        if label.name == name and metric.name.startswith(beginning):
            return found
    if label.values and label.name != "method":
        return label.values
    return _REPEATED.get(label.name) or [f"{label.name}-{number}" for number in range(_HOW_MANY.get(label.name, 3))]


def called(label: str, number: int) -> str:
    """Name of the object of that number."""
    if label == "index":
        log_class = ("app", "access", "error", "security", "audit")[number % 5]
        return f".ds-logs-openpolicy.{log_class}-prod-{number:06}"
    named = _NAMED.get(label, ())
    return named[number] if number < len(named) else f"{label}-{number}"
