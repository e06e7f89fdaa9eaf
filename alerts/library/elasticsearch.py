"""Is Elasticsearch there, and whole?"""

from alerts.condition import above, equals, holds
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import LOGS
from catalogue.exported.elasticsearch import (
    CLUSTER_HEALTH,
    INITIALIZING_SHARDS,
    NODES,
    RELOCATING_SHARDS,
    UNASSIGNED_SHARDS,
)
from catalogue.exported.kubernetes import STATEFULSET_REPLICAS
from catalogue.exporters import ELASTICSEARCH_EXPORTER, KUBE_STATE_METRICS
from catalogue.model.metric import Metric
from catalogue.model.time import hours, minutes
from catalogue.services import ELASTICSEARCH
from catalogue.teams import PLATFORM

_STEP = minutes(1)
_HERE = {"namespace": "observability"}


def _in_state(color: str) -> Expr:
    return max_by(select(ELASTICSEARCH_EXPORTER, CLUSTER_HEALTH, color=color).now, "namespace")


def _says(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(ELASTICSEARCH_EXPORTER, metric, values, instance="10.0.0.9:9114", **_HERE, **labels)


def _wanted(replicas: int) -> Samples:
    return samples(
        KUBE_STATE_METRICS, STATEFULSET_REPLICAS, f"{replicas}x90", statefulset="openpolicy-logs-es-hot", **_HERE
    )


def _moving(metric: Metric) -> Expr:
    return max_by(select(ELASTICSEARCH_EXPORTER, metric).max_over(minutes(10)), "namespace")


def _shards(unassigned: str, initializing: str) -> tuple[Samples, ...]:
    return (
        _says(UNASSIGNED_SHARDS, unassigned),
        _says(INITIALIZING_SHARDS, initializing),
        _says(RELOCATING_SHARDS, "0x90"),
    )


ALERTS = (
    Alert(
        name="ElasticsearchClusterRed",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.LOSS,
        watches="whether the cluster is red",
        when=equals(_in_state("red"), 1),
        lasting=minutes(2),
        summary="Elasticsearch is red: shards have no copy left that works",
        description="At least one index has lost its primary shard: what is in it cannot be read, and what is new for"
        " it waits or is lost.",
        board=LOGS,
        fires=Firing(
            given=(_says(CLUSTER_HEALTH, "0x10 1x30", color="red"),), at=minutes(14), step=_STEP, labels=_HERE
        ),
        # Red for a minute, as while an index is opened, and yellow otherwise.
        silent=Scenario(
            given=(
                _says(CLUSTER_HEALTH, "0x10 1x1 0x30", color="red"),
                _says(CLUSTER_HEALTH, "1x10 0x1 1x30", color="yellow"),
            ),
            at=minutes(12),
            step=_STEP,
        ),
    ),
    Alert(
        name="ElasticsearchClusterYellow",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.DEGRADED,
        watches="whether the cluster is yellow",
        when=equals(_in_state("yellow"), 1),
        # A node that restarts gets its copies back within minutes.
        lasting=minutes(30),
        summary="Elasticsearch is yellow: copies of shards are missing",
        description="Everything can be read and written, but some shards have one copy less than planned: one more"
        " node lost, and logs are lost with it.",
        board=LOGS,
        fires=Firing(
            given=(_says(CLUSTER_HEALTH, "0x10 1x60", color="yellow"),), at=minutes(45), step=_STEP, labels=_HERE
        ),
        silent=Scenario(given=(_says(CLUSTER_HEALTH, "0x10 1x20 0x60", color="yellow"),), at=minutes(31), step=_STEP),
    ),
    Alert(
        name="ElasticsearchExporterDown",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.BLIND,
        watches="nothing is known of Elasticsearch",
        # Its health is asked for at every scrape; the exporter's own idea of being up is minutes old.
        when=holds(select(ELASTICSEARCH_EXPORTER, NODES).absent),
        lasting=minutes(5),
        summary="Elasticsearch does not answer its exporter",
        description="The cluster is down or cannot be reached, or its exporter is gone: no logs or traces can be"
        " looked up, and no other alert about Elasticsearch can fire.",
        board=LOGS,
        fires=Firing(given=(), at=minutes(7), step=_STEP, labels={"job": ELASTICSEARCH_EXPORTER.job}),
        # The exporter restarts.
        silent=Scenario(given=(_says(NODES, "3x10 stale _x3 3x30"),), at=minutes(14), step=_STEP),
    ),
    Alert(
        name="ElasticsearchNodeMissing",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.DEGRADED,
        watches="nodes that should be in the cluster and are not",
        # What Kubernetes is asked for, not what was there before: then a planned smaller cluster is none too few.
        when=above(
            sum_by(select(KUBE_STATE_METRICS, STATEFULSET_REPLICAS, statefulset=like(".+-es-.+")).now, "namespace")
            - max_by(select(ELASTICSEARCH_EXPORTER, NODES).now, "namespace"),
            0,
        ),
        lasting=minutes(15),
        summary="{value:count} Elasticsearch nodes have not joined the cluster",
        description="The cluster works with {value:count} nodes fewer than it should have: less room, less speed, and"
        " the next loss may take data.",
        board=LOGS,
        fires=Firing(
            given=(_wanted(3), _says(NODES, "3x10 2x60")), at=minutes(30), step=_STEP, labels=_HERE, value="1"
        ),
        # One node restarts.
        silent=Scenario(given=(_wanted(3), _says(NODES, "3x10 2x10 3x60")), at=minutes(21), step=_STEP),
    ),
    Alert(
        name="ElasticsearchUnassignedShards",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.DEGRADED,
        watches="shards that no node holds while none is on its way",
        when=above(
            max_by(select(ELASTICSEARCH_EXPORTER, UNASSIGNED_SHARDS).min_over(minutes(5)), "namespace"),
            0,
            guard=(_moving(INITIALIZING_SHARDS) + _moving(RELOCATING_SHARDS)).compare(Op.EQUALS, 0),
        ),
        lasting=hours(1),
        summary="{value:count} shards of Elasticsearch are stuck",
        description="{value:count} shards have no node and Elasticsearch does not try to place them: it will not mend"
        " itself.",
        board=LOGS,
        fires=Firing(given=_shards("4x90", "0x90"), at=minutes(80), step=_STEP, labels=_HERE, value="4"),
        # A large recovery takes its time, and is under way.
        silent=Scenario(given=_shards("4x90", "2x90"), at=minutes(85), step=_STEP),
    ),
)
