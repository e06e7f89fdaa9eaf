"""Do the workloads run as many healthy pods as they were told to?

A restart of kube-state-metrics leaves a gap: `keep_firing` holds over it what fires already. The labels of its own pod
are aggregated away, so that a restart makes no new alert of an old one.
"""

from alerts.condition import above
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.kubernetes import (
    DAEMONSET_AVAILABLE,
    DAEMONSET_DESIRED,
    DAEMONSET_UPDATED,
    DEPLOYMENT_REPLICAS,
    DEPLOYMENT_REPLICAS_AVAILABLE,
    DEPLOYMENT_REPLICAS_UPDATED,
    STATEFULSET_REPLICAS,
    STATEFULSET_REPLICAS_READY,
    STATEFULSET_REPLICAS_UPDATED,
)
from catalogue.exporters import KUBE_STATE_METRICS
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import KUBERNETES, WATCHED_NAMESPACES
from catalogue.teams import PLATFORM

_OURS = like(WATCHED_NAMESPACES)


def _count(metric: Metric, kind: str) -> Expr:
    return max_by(select(KUBE_STATE_METRICS, metric, namespace=_OURS).now, "namespace", kind)


def _steady(updated: Metric, kind: str) -> Expr:
    """No pod was replaced in ten minutes: a rollout that makes progress is no shortage."""
    changes = select(KUBE_STATE_METRICS, updated, namespace=_OURS).changes(minutes(10))
    return max_by(changes, "namespace", kind).compare(Op.EQUALS, 0)


def _counts(
    wanted: Metric, there: Metric, updated: Metric, values: tuple[str, str, str], **name: str
) -> tuple[Samples, ...]:
    """Values of the three metrics of one workload."""
    metrics = zip((wanted, there, updated), values, strict=True)
    return tuple(samples(KUBE_STATE_METRICS, metric, each, **name) for metric, each in metrics)


def _deployment(wanted: str, available: str, updated: str, name: str = "scraper") -> tuple[Samples, ...]:
    metrics = (DEPLOYMENT_REPLICAS, DEPLOYMENT_REPLICAS_AVAILABLE, DEPLOYMENT_REPLICAS_UPDATED)
    return _counts(*metrics, (wanted, available, updated), deployment=name)


def _statefulset(wanted: str, ready: str, updated: str, name: str = "postgresql") -> tuple[Samples, ...]:
    metrics = (STATEFULSET_REPLICAS, STATEFULSET_REPLICAS_READY, STATEFULSET_REPLICAS_UPDATED)
    return _counts(*metrics, (wanted, ready, updated), statefulset=name)


def _daemonset(wanted: str, available: str, updated: str, name: str = "filebeat") -> tuple[Samples, ...]:
    metrics = (DAEMONSET_DESIRED, DAEMONSET_AVAILABLE, DAEMONSET_UPDATED)
    return _counts(*metrics, (wanted, available, updated), namespace="observability", daemonset=name)


# One pod in six minutes.
_SLOWLY = "0x11 1x11 2x11 3x11 4x40"

ALERTS = (
    Alert(
        name="KubeDeploymentReplicasMismatch",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="replicas that a Deployment lacks while no rollout makes progress",
        when=above(
            _count(DEPLOYMENT_REPLICAS, "deployment") - _count(DEPLOYMENT_REPLICAS_AVAILABLE, "deployment"),
            0,
            guard=_steady(DEPLOYMENT_REPLICAS_UPDATED, "deployment"),
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="Deployment {namespace}/{deployment} lacks replicas",
        description="{value:count} of its replicas are missing: less load is borne, and fewer losses.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_deployment("3x90", "3x10 1x80", "3x90"),
            at=minutes(22),
            labels={"namespace": "openpolicy", "deployment": "scraper"},
            value="2",
        ),
        # A pod that was lost a moment ago, and a slow rollout.
        silent=Scenario(
            given=(*_deployment("3x90", "3x16 2x74", "3x90"), *_deployment("6x90", "5x90", _SLOWLY, name="web")),
            at=minutes(20),
        ),
    ),
    Alert(
        name="KubeStatefulSetReplicasMismatch",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="replicas that a StatefulSet lacks while no rollout makes progress",
        when=above(
            _count(STATEFULSET_REPLICAS, "statefulset") - _count(STATEFULSET_REPLICAS_READY, "statefulset"),
            0,
            guard=_steady(STATEFULSET_REPLICAS_UPDATED, "statefulset"),
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="StatefulSet {namespace}/{statefulset} lacks replicas",
        description="{value:count} of its replicas are not ready: one more loss may stop what it stores or serves.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_statefulset("3x90", "3x10 2x80", "3x90"),
            at=minutes(22),
            labels={"namespace": "openpolicy", "statefulset": "postgresql"},
            value="1",
        ),
        # A replica that needs some minutes to recover, and a slow rollout.
        silent=Scenario(
            given=(*_statefulset("3x90", "3x16 2x74", "3x90"), *_statefulset("6x90", "5x90", _SLOWLY, name="redis")),
            at=minutes(20),
        ),
    ),
    Alert(
        name="KubeDaemonSetUnavailable",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.BLIND,
        watches="nodes that lack a DaemonSet's pod while no rollout makes progress",
        when=above(
            _count(DAEMONSET_DESIRED, "daemonset") - _count(DAEMONSET_AVAILABLE, "daemonset"),
            0,
            guard=_steady(DAEMONSET_UPDATED, "daemonset"),
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="DaemonSet {namespace}/{daemonset} is missing on nodes",
        description="{value:count} nodes lack its pod: logs or metrics of those nodes are not collected.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_daemonset("5x90", "5x10 3x80", "5x90"),
            at=minutes(22),
            labels={"namespace": "observability", "daemonset": "filebeat"},
            value="2",
        ),
        # A node joins, where its pod takes some minutes to start; and a slow rollout.
        silent=Scenario(
            given=(
                *_daemonset("5x16 6x74", "5x90", "6x90"),
                *_daemonset("6x90", "5x90", _SLOWLY, name="node-exporter"),
            ),
            at=minutes(20),
        ),
    ),
)
