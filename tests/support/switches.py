"""By which switch each exporter shows its metrics, and which switches are on unless one says otherwise.

Copied from the exporters' sources at the versions of the catalogue, so that it is no echo of our own flags. Whoever
raises a version looks again: a test holds the versions against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Of one exporter. Metrics are known by what their names begin with; the longest match counts."""

    version: str
    always: tuple[str, ...] = ()
    """Shown whatever it is told."""

    on: Mapping[str, str]
    """Switch by beginning: on by default, and off with `--no-` before it."""

    off: Mapping[str, str]
    """Switch by beginning: off by default."""


def _collectors(prefix: str, *names: str) -> Mapping[str, str]:
    return {f"{prefix}_{name}_": f"collector.{name}" for name in names}


SWITCHES = {
    # https://github.com/prometheus-community/postgres_exporter/tree/v0.20.1/collector, `registerCollector`
    "postgres-exporter": Switches(
        version="0.20.1",
        always=("pg_up", "pg_scrape_collector_"),
        on=_collectors(
            "pg", "database", "locks", "replication", "replication_slots", "roles", "settings", "stat_activity",
            "stat_archiver", "stat_bgwriter", "stat_database", "stat_progress_vacuum", "stat_replication",
            "stat_user_tables", "statio_user_tables", "wal",
        ),
        off=_collectors(
            "pg", "buffercache_summary", "database_wraparound", "long_running_transactions", "postmaster",
            "process_idle", "stat_activity_autovacuum", "stat_checkpointer", "stat_statements", "stat_walreceiver",
            "statio_user_indexes", "xlog_location",
        ),
    ),
    # https://github.com/prometheus-community/elasticsearch_exporter/tree/v1.11.0, main.go and `registerCollector`
    "elasticsearch-exporter": Switches(
        version="1.11.0",
        always=(
            "elasticsearch_cluster_health_", "elasticsearch_filesystem_", "elasticsearch_jvm_", "elasticsearch_os_",
            "elasticsearch_process_", "elasticsearch_thread_pool_", "elasticsearch_breakers_", "elasticsearch_indices_",
            "elasticsearch_transport_", "elasticsearch_nodes_",
        ),
        on={},
        off={
            "elasticsearch_index_stats_": "es.indices",
            "elasticsearch_indices_settings_": "es.indices_settings",
            "elasticsearch_indices_mappings_": "es.indices_mappings",
            "elasticsearch_clustersettings_": "collector.clustersettings",
            "elasticsearch_data_stream_": "collector.data-stream",
            "elasticsearch_health_report_": "collector.health-report",
            "elasticsearch_ilm_": "collector.ilm",
            "elasticsearch_slm_": "collector.slm",
            "elasticsearch_snapshot_stats_": "collector.snapshots",
            "elasticsearch_task_stats_": "collector.tasks",
        },
    ),
    # https://github.com/prometheus/node_exporter/tree/v1.12.1/collector; we turn its defaults off
    "node-exporter": Switches(
        version="1.12.1",
        on={},
        off={
            "node_nf_conntrack_": "collector.conntrack",
            "node_cpu_": "collector.cpu",
            "node_disk_": "collector.diskstats",
            "node_filefd_": "collector.filefd",
            "node_filesystem_": "collector.filesystem",
            "node_load": "collector.loadavg",
            "node_memory_": "collector.meminfo",
            "node_network_": "collector.netclass",
            "node_network_receive_": "collector.netdev",
            "node_network_transmit_": "collector.netdev",
            "node_netstat_": "collector.netstat",
            "node_pressure_": "collector.pressure",
            "node_schedstat_": "collector.schedstat",
            "node_sockstat_": "collector.sockstat",
            "node_softnet_": "collector.softnet",
            "node_timex_": "collector.timex",
            "node_vmstat_": "collector.vmstat",
        },
    ),
    # Kinds of objects are its switches, and none is on beside those that are named.
    "kube-state-metrics": Switches(
        version="2.20.0",
        on={},
        off={
            f"kube_{kind}_": f"{kind}s"
            for kind in (
                "cronjob", "daemonset", "deployment", "horizontalpodautoscaler", "job", "namespace", "node",
                "persistentvolume", "persistentvolumeclaim", "pod", "poddisruptionbudget", "replicaset",
                "resourcequota", "service", "statefulset",
            )
        },
    ),
    # These show all that they have by default.
    "redis-exporter": Switches(version="1.89.0", always=("redis_",), on={}, off={}),
    "logstash-exporter": Switches(version="1.9.1", always=("logstash_",), on={}, off={}),
    "blackbox-http": Switches(version="0.28.0", always=("probe_",), on={}, off={}),
}  # fmt: skip


def switched_off(job: str, metric: str, arguments: list[str]) -> str | None:
    """Why the exporter does not show the metric, told these arguments. None: it shows it."""
    known = SWITCHES[job]
    begins = [each for each in (*known.always, *known.on, *known.off) if f"{metric}_".startswith(each)]
    if not begins:
        return f"{metric}: of no collector of {job} {known.version}"
    longest = max(begins, key=len)
    if (switch := known.on.get(longest)) and f"--no-{switch}" in arguments:
        return f"{metric}: --no-{switch}"
    if (switch := known.off.get(longest)) and switch not in _named(arguments):
        return f"{metric}: {switch} is off"
    return None


def _named(arguments: list[str]) -> set[str]:
    """Switches that are on: flags, and the kinds that one lists."""
    flags = [each.removeprefix("--") for each in arguments]
    kinds = [each.removeprefix("resources=").split(",") for each in flags if each.startswith("resources=")]
    return {*flags}.union(*kinds)
