"""What becomes of the alerts when a whole node dies, with the exporters that ran on it."""

from pathlib import Path

from alerts.library import LIBRARY
from alerts.model import alerts_of
from alerts.scenario import Samples, samples
from catalogue.exported import nodes, postgresql, redis
from catalogue.exporters import NODE_EXPORTER, POSTGRES_EXPORTER, REDIS_EXPORTER, UP
from catalogue.model.exporter import Exporter
from catalogue.model.metric import Metric
from tests.support.promtool import complaint, rules_of, written

JOBS = {exporter.job for exporter in (NODE_EXPORTER, POSTGRES_EXPORTER, REDIS_EXPORTER)}

# It runs for half an hour and is dead for another hour, by steps of 30 s.
ALIVE = 60
LOAD: tuple[tuple[Metric, str, dict[str, str]], ...] = (
    (nodes.MEMORY_TOTAL, "16", {}),
    (nodes.MEMORY_AVAILABLE, "8", {}),
    (nodes.LOAD, "1", {}),
    (nodes.CPU, "0+20", {"cpu": "0", "mode": "idle"}),
    (nodes.OOM_KILLS, "2", {}),
    (nodes.CLOCK_OFFSET, "0.001", {}),
    (nodes.CLOCK_SYNCHRONISED, "1", {}),
    (nodes.FILESYSTEM_AVAILABLE, "50", {"device": "sda1", "fstype": "ext4", "mountpoint": "/"}),
    (nodes.FILESYSTEM_SIZE, "100", {"device": "sda1", "fstype": "ext4", "mountpoint": "/"}),
    (nodes.FILESYSTEM_READONLY, "0", {"device": "sda1", "fstype": "ext4", "mountpoint": "/"}),
)


def moved(exporter: Exporter, metric: Metric) -> tuple[Samples, ...]:
    """Five minutes unanswered, then evicted; two minutes later it runs elsewhere. Its server was well throughout."""
    return (
        samples(exporter, UP, f"1x{ALIVE} 0x9 _x180", instance="10.0.0.5"),
        samples(exporter, metric, f"1x{ALIVE} _x190", instance="10.0.0.5"),
        samples(exporter, UP, f"_x{ALIVE + 14} 1x180", instance="10.0.0.6"),
        samples(exporter, metric, f"_x{ALIVE + 14} 1x180", instance="10.0.0.6"),
    )


def outage() -> tuple[Samples, ...]:
    return (
        samples(NODE_EXPORTER, UP, f"1x{ALIVE} 0x180", instance="node-1"),
        *(
            samples(NODE_EXPORTER, metric, f"{value}x{ALIVE} _x180", instance="node-1", **labels)
            for metric, value, labels in LOAD
        ),
        *moved(POSTGRES_EXPORTER, postgresql.POSTGRESQL_UP),
        *moved(REDIS_EXPORTER, redis.REDIS_UP),
    )


def test_a_dead_node_leaves_one_alert(tmp_path: Path) -> None:
    groups = [group for group in LIBRARY if JOBS & {source.job for source in group.reads}]
    told = {alert.name for alert in alerts_of(tuple(groups))}
    assert {"NodeExporterDown", "PostgreSQLExporterDown", "RedisExporterDown"} <= told
    firing = 'count by (alertname) (ALERTS{alertstate="firing",service!="api-gateway"})'
    late = {"labels": '{alertname="NodeExporterDown"}', "value": 1}
    test = {
        "interval": "30s",
        "input_series": [{"series": each.series, "values": each.values} for each in outage()],
        # KubeNodeNotReady fires after 15 minutes and holds this one back, which comes after 20.
        "promql_expr_test": [
            *({"expr": firing, "eval_time": f"{30 + ago}m", "exp_samples": []} for ago in range(1, 20)),
            *({"expr": firing, "eval_time": f"{30 + ago}m", "exp_samples": [late]} for ago in (22, 40, 60)),
        ],
    }
    assert complaint(written(tmp_path, rules_of(groups), "30s", [test])) == ""
