"""Can the platform grow with its load, and be maintained without an outage?"""

from alerts.condition import above, at_least, equals
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.kubernetes import (
    HPA_CONDITION,
    HPA_MAX_REPLICAS,
    HPA_REPLICAS,
    PDB_DESIRED,
    PDB_HEALTHY,
    QUOTA,
)
from catalogue.exporters import KUBE_STATE_METRICS
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import KUBERNETES, WATCHED_NAMESPACES
from catalogue.teams import PLATFORM

_OURS = like(WATCHED_NAMESPACES)
_HPA = ("namespace", "horizontalpodautoscaler")
_API = {"horizontalpodautoscaler": "openpolicy-api"}
# Those that workloads use more of as they grow. Counts of Services and the like are set to what there is.
_GROWING = "(requests[.]|limits[.])?(cpu|memory|storage)|pods|persistentvolumeclaims"


def _hpa(metric: Metric) -> Expr:
    return max_by(select(KUBE_STATE_METRICS, metric, namespace=_OURS).now, *_HPA)


def _pdb(metric: Metric) -> Expr:
    return max_by(select(KUBE_STATE_METRICS, metric, namespace=_OURS).now, "namespace", "poddisruptionbudget")


def _quota(kind: str) -> Expr:
    series = select(KUBE_STATE_METRICS, QUOTA, namespace=_OURS, type=kind, resource=like(_GROWING))
    return max_by(series.now, "namespace", "resourcequota", "resource")


def _scaled(replicas: str, condition: str, status: str) -> tuple[Samples, ...]:
    return (
        samples(KUBE_STATE_METRICS, HPA_REPLICAS, replicas, **_API),
        samples(KUBE_STATE_METRICS, HPA_MAX_REPLICAS, "50x90", **_API),
        samples(KUBE_STATE_METRICS, HPA_CONDITION, "1x90", condition=condition, status=status, **_API),
    )


def _budget(healthy: str) -> tuple[Samples, ...]:
    return (
        samples(KUBE_STATE_METRICS, PDB_DESIRED, "3x90", poddisruptionbudget="api-gateway"),
        samples(KUBE_STATE_METRICS, PDB_HEALTHY, healthy, poddisruptionbudget="api-gateway"),
    )


def _used(resource: str, used: str, hard: str) -> tuple[Samples, ...]:
    quota = {"namespace": "observability", "resourcequota": "observability", "resource": resource}
    return (
        samples(KUBE_STATE_METRICS, QUOTA, used, type="used", **quota),
        samples(KUBE_STATE_METRICS, QUOTA, hard, type="hard", **quota),
    )


ALERTS = (
    Alert(
        name="KubeHpaMaxedOut",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.FULL,
        watches="share of its maximum of replicas that an HPA runs while it wants more",
        when=at_least(
            _hpa(HPA_REPLICAS).of(_hpa(HPA_MAX_REPLICAS)),
            1,
            because="Below the maximum it still grows by itself.",
            # At its maximum and content is no trouble.
            guard=max_by(
                select(
                    KUBE_STATE_METRICS, HPA_CONDITION, namespace=_OURS, condition="ScalingLimited", status="true"
                ).now,
                *_HPA,
            ).compare(Op.EQUALS, 1),
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="HPA {namespace}/{horizontalpodautoscaler} cannot add replicas",
        description="It runs {value:percentage} of its maximum and wants more. More load makes answers slow or fail.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_scaled("40x10 50x80", "ScalingLimited", "true"),
            at=minutes(22),
            labels={"namespace": "openpolicy"} | _API,
            value="100%",
        ),
        silent=Scenario(given=_scaled("50x90", "ScalingLimited", "false"), at=minutes(40)),
    ),
    Alert(
        name="KubeHpaCannotScale",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="whether an HPA of a running workload is unable to read its metrics or to scale",
        when=equals(
            max_by(
                select(
                    KUBE_STATE_METRICS,
                    HPA_CONDITION,
                    namespace=_OURS,
                    condition=like("ScalingActive|AbleToScale"),
                    status="false",
                ).now,
                *_HPA,
            ),
            1,
            # Scaled to zero by hand it is inactive on purpose.
            guard=_hpa(HPA_REPLICAS).above(0),
        ),
        lasting=minutes(10),
        keep_firing=minutes(5),
        summary="HPA {namespace}/{horizontalpodautoscaler} does not scale",
        description="It cannot read its metrics or change its workload: replicas stay as they are, whatever the load.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_scaled("4x90", "ScalingActive", "false"),
            at=minutes(11),
            labels={"namespace": "openpolicy"} | _API,
        ),
        silent=Scenario(given=_scaled("0x90", "ScalingActive", "false"), at=minutes(40)),
    ),
    Alert(
        name="KubePdbNotEnoughHealthyPods",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="healthy pods that are missing for a disruption budget to hold",
        when=above(_pdb(PDB_DESIRED) - _pdb(PDB_HEALTHY), 0),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="Too few healthy pods for the budget {namespace}/{poddisruptionbudget}",
        description="{value:count} more must become healthy. Until then no node with one of its pods can be drained.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_budget("4x10 1x80"),
            at=minutes(22),
            labels={"namespace": "openpolicy", "poddisruptionbudget": "api-gateway"},
            value="2",
        ),
        silent=Scenario(given=_budget("4x10 3x80"), at=minutes(40)),
    ),
    Alert(
        name="KubeQuotaFullyUsed",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.FULL,
        watches="share of a namespace's quota in use",
        when=above(
            _quota("used").of(_quota("hard")),
            "0.95",
            because="What is left is less than a rolling update of a large workload takes.",
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="The quota of {resource} in {namespace} is nearly used up",
        description="{value:percentage} is in use. Beyond it no pod starts: no update, no replacement, no growth.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_used("limits.memory", "98x90", "100x90"),
            at=minutes(16),
            labels={"namespace": "observability", "resourcequota": "observability", "resource": "limits.memory"},
            value="98%",
        ),
        # Room left, and a quota that is meant to be used up.
        silent=Scenario(
            given=(*_used("limits.memory", "94x90", "100x90"), *_used("services.loadbalancers", "1x90", "1x90")),
            at=minutes(40),
        ),
    ),
)
