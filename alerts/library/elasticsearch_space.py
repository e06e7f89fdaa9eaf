"""Has Elasticsearch room for what comes?"""

from decimal import Decimal

from alerts.condition import above
from alerts.expression import Op
from alerts.library.recordings import ELASTICSEARCH_DISK
from alerts.model import Alert, Severity
from alerts.promql import max_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import LOGS
from catalogue.exported.elasticsearch import (
    ACTIVE_SHARDS,
    DATA_NODES,
    DISK_AVAILABLE,
    DISK_SIZE,
    READ_ONLY_INDICES,
    SHARDS_ALLOWED,
    UNASSIGNED_SHARDS,
)
from catalogue.exporters import ELASTICSEARCH_EXPORTER
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import ELASTICSEARCH
from catalogue.teams import PLATFORM

_STEP = minutes(1)
_HERE = {"namespace": "observability"}
_NODE = _HERE | {"name": "openpolicy-logs-es-hot-0"}

# Elasticsearch's own, which it acts at: no setting of ours changes them.
_LOW, _HIGH = Decimal("0.85"), Decimal("0.9")
_USED = ELASTICSEARCH_DISK.where().average_over(minutes(5))
# One alert for each node at a time: the next one takes over where its watermark is passed.
_BELOW_LOW = _USED.compare(Op.AT_MOST, _LOW)
_BELOW_HIGH = _USED.compare(Op.AT_MOST, _HIGH)


def _says(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(ELASTICSEARCH_EXPORTER, metric, values, instance="10.0.0.9:9114", **_HERE, **labels)


def _disk(percent_available: int) -> tuple[Samples, ...]:
    node = {"name": _NODE["name"], "mount": "/usr/share/elasticsearch/data"}
    return (
        _says(DISK_AVAILABLE, f"{percent_available}000000000x60", **node),
        _says(DISK_SIZE, "100000000000x60", **node),
    )


def _firing(percent_available: int, value: str) -> Firing:
    return Firing(given=_disk(percent_available), at=minutes(45), step=_STEP, labels=_NODE, value=value)


def _silent(percent_available: int) -> Scenario:
    return Scenario(given=_disk(percent_available), at=minutes(45), step=_STEP)


def _shards(active: int, unassigned: int) -> tuple[Samples, ...]:
    return (
        _says(ACTIVE_SHARDS, f"{active}x60"),
        _says(UNASSIGNED_SHARDS, f"{unassigned}x60"),
        _says(DATA_NODES, "3x60"),
        _says(SHARDS_ALLOWED, "1000x60"),
    )


def _newest(metric: Metric) -> Samples:
    return _says(metric, "0x10 3x20")


_FILLING = "Disk of {name} fills up"
_SHARD_SHARE = (
    (
        max_by(select(ELASTICSEARCH_EXPORTER, ACTIVE_SHARDS).now, "namespace")
        + max_by(select(ELASTICSEARCH_EXPORTER, UNASSIGNED_SHARDS).now, "namespace")
    )
    .of(max_by(select(ELASTICSEARCH_EXPORTER, DATA_NODES).now, "namespace"))
    .of(max_by(select(ELASTICSEARCH_EXPORTER, SHARDS_ALLOWED).now, "namespace"))
)

ALERTS = (
    Alert(
        name="ElasticsearchDiskFilling",
        severity=Severity.INFO,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.FULL,
        watches="share of a node's disk in use",
        when=above(
            _USED,
            "0.75",
            because="Retention is planned for four fifths; above three quarters more disk is due in the next plan.",
            guard=_BELOW_LOW,
        ),
        lasting=minutes(30),
        summary=_FILLING,
        description="{value:percentage} of the disk of {name} is in use: more than retention was planned for.",
        board=LOGS,
        fires=_firing(22, "78%"),
        silent=_silent(26),
    ),
    Alert(
        name="ElasticsearchDiskFilling",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.FULL,
        watches="share of a node's disk in use",
        when=above(
            _USED,
            "0.8",
            because="Days before the low watermark, and enlarging a volume can take one.",
            guard=_BELOW_LOW,
        ),
        lasting=minutes(30),
        summary=_FILLING,
        description="{value:percentage} of the disk of {name} is in use: in days Elasticsearch will place no more"
        " shards on it.",
        board=LOGS,
        fires=_firing(18, "82%"),
        # Past the low watermark another alert says so.
        silent=_silent(14),
    ),
    Alert(
        name="ElasticsearchDiskLowWatermark",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.FULL,
        watches="share of a node's disk in use",
        when=above(_USED, str(_LOW), guard=_BELOW_HIGH),
        lasting=minutes(15),
        summary="Elasticsearch places no more shards on {name}",
        description="{value:percentage} of the disk of {name} is in use: new indices go to other nodes, and when those"
        " are full too there is no place for logs.",
        board=LOGS,
        fires=_firing(12, "88%"),
        silent=_silent(16),
    ),
    Alert(
        name="ElasticsearchDiskHighWatermark",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.FULL,
        watches="share of a node's disk in use",
        when=above(_USED, str(_HIGH)),
        lasting=minutes(5),
        summary="Elasticsearch moves shards away from {name}, which is nearly full",
        description="{value:percentage} of the disk of {name} is in use. At the flood stage, a few per cent on, its"
        " indices become read-only: no log line or span for them is taken any more.",
        board=LOGS,
        fires=_firing(8, "92%"),
        silent=_silent(11),
    ),
    Alert(
        name="ElasticsearchReadOnlyIndices",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.LOSS,
        watches="indices that take no more writes because a disk is full",
        when=above(max_by(select(ELASTICSEARCH_EXPORTER, READ_ONLY_INDICES).max_over(minutes(5)), "namespace"), 0),
        lasting=minutes(5),
        summary="{value:count} indices are read-only: a disk is full",
        description="Elasticsearch refuses all that is new for {value:count} indices. Lines wait in Logstash while its"
        " queue has room; spans are lost.",
        board=LOGS,
        fires=Firing(given=(_newest(READ_ONLY_INDICES),), at=minutes(20), step=_STEP, labels=_HERE, value="3"),
        # Its only sample: the block was lifted at once.
        silent=Scenario(given=(_says(READ_ONLY_INDICES, "0x10 3x0 0x30"),), at=minutes(15), step=_STEP),
    ),
    Alert(
        name="ElasticsearchShardLimitNear",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.FULL,
        watches="share of the shards that the cluster may have",
        when=above(
            _SHARD_SHARE,
            "0.7",
            because="Each rollover takes two; the rest lasts for weeks, which a change of the plan needs.",
        ),
        lasting=minutes(30),
        summary="Elasticsearch nears its limit of shards",
        description="{value:percentage} of the shards that the cluster may have exist. At the limit no new index can be"
        " made, and every stream stops at its next rollover.",
        board=LOGS,
        fires=Firing(given=_shards(2250, 150), at=minutes(45), step=_STEP, labels=_HERE, value="80%"),
        silent=Scenario(given=_shards(1950, 120), at=minutes(45), step=_STEP),
    ),
)
