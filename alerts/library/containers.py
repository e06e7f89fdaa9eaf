"""Do containers get the memory and the processor time that they need?"""

from alerts.condition import above
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.kubernetes import (
    CONTAINER_CPU_PERIODS,
    CONTAINER_CPU_THROTTLED,
    CONTAINER_LAST_TERMINATED,
    CONTAINER_LIMITS,
    CONTAINER_RESTARTS,
    CONTAINER_RSS,
)
from catalogue.exporters import CADVISOR, KUBE_STATE_METRICS
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import KUBERNETES, WATCHED_NAMESPACES
from catalogue.teams import PLATFORM

_OURS = like(WATCHED_NAMESPACES)
_EACH = ("namespace", "pod", "container")
_POD = {"pod": "api-gateway-1", "container": "api-gateway"}
_LABELS = {"namespace": "openpolicy"} | _POD


def _periods(metric: Metric) -> Expr:
    return sum_by(select(CADVISOR, metric, namespace=_OURS).increase(minutes(15)), *_EACH)


def _restarted(values: str, reason: str, pod: str = "api-gateway-1") -> tuple[Samples, ...]:
    container = _POD | {"pod": pod}
    return (
        samples(KUBE_STATE_METRICS, CONTAINER_RESTARTS, values, **container),
        samples(KUBE_STATE_METRICS, CONTAINER_LAST_TERMINATED, "1x90", reason=reason, **container),
    )


def _memory(used: str) -> tuple[Samples, ...]:
    limit = {"resource": "memory", "unit": "byte"}
    return (
        samples(CADVISOR, CONTAINER_RSS, used, **_POD),
        samples(KUBE_STATE_METRICS, CONTAINER_LIMITS, "1000000000x90", **limit, **_POD),
    )


def _throttled(held_back: int, periods: int, pod: str = "api-gateway-1") -> tuple[Samples, ...]:
    """Periods per step of 30 s."""
    container = _POD | {"pod": pod}
    return (
        samples(CADVISOR, CONTAINER_CPU_THROTTLED, f"0+{held_back}x150", **container),
        samples(CADVISOR, CONTAINER_CPU_PERIODS, f"0+{periods}x150", **container),
    )


ALERTS = (
    Alert(
        name="ContainerOOMKilled",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.ERRORS,
        watches="restarts in 10 minutes of a container that was last killed for its memory",
        when=above(
            max_by(select(KUBE_STATE_METRICS, CONTAINER_RESTARTS, namespace=_OURS).increase(minutes(10)), *_EACH),
            0,
            guard=max_by(
                select(KUBE_STATE_METRICS, CONTAINER_LAST_TERMINATED, namespace=_OURS, reason="OOMKilled").now, *_EACH
            ).compare(Op.EQUALS, 1),
        ),
        lasting=minutes(0),
        # Several kills within half an hour are one matter.
        keep_firing=minutes(30),
        summary="{container} in {namespace}/{pod} was killed for its memory",
        description="{value:count} restarts in 10 minutes. What it worked on failed: requests, or a scraper's run.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_restarted("2x20 3x70", "OOMKilled"), at=minutes(12), labels=_LABELS, value="1"),
        # A crash for another reason, and an old kill that kube-state-metrics still tells of.
        silent=Scenario(
            given=(*_restarted("2x20 3x70", "Error"), *_restarted("3x90", "OOMKilled", pod="api-gateway-2")),
            at=minutes(12),
        ),
    ),
    Alert(
        name="ContainerMemoryNearLimit",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.FULL,
        watches="share of its memory limit that a container uses, page cache not counted",
        when=above(
            max_by(select(CADVISOR, CONTAINER_RSS, namespace=_OURS).now, *_EACH).of(
                max_by(select(KUBE_STATE_METRICS, CONTAINER_LIMITS, namespace=_OURS, resource="memory").now, *_EACH)
            ),
            "0.9",
            because="What is left absorbs one large request; beyond the limit the kernel kills at once.",
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="{container} in {namespace}/{pod} is close to its memory limit",
        description="It uses {value:percentage} of it and is killed at the limit: what it works on then fails.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_memory("950000000x90"), at=minutes(16), labels=_LABELS, value="95%"),
        silent=Scenario(given=_memory("890000000x90"), at=minutes(40)),
    ),
    Alert(
        name="CPUThrottlingHigh",
        severity=Severity.INFO,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.SLOW,
        watches="share of the scheduler's periods in which a container is held back by its limit",
        when=above(
            _periods(CONTAINER_CPU_THROTTLED).of(_periods(CONTAINER_CPU_PERIODS)),
            "0.5",
            because="Bursts are throttled and nobody notices; half of all periods is more than a burst.",
            guard=_periods(CONTAINER_CPU_PERIODS).above(300),
        ),
        lasting=minutes(30),
        summary="{container} in {namespace}/{pod} gets too little processor time",
        description="It is held back in {value:percentage} of all periods, and is slower for that.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_throttled(180, 300), at=minutes(46), labels=_LABELS, value="60%"),
        # Just below, and one that hardly runs.
        silent=Scenario(
            given=(*_throttled(147, 300), *_throttled(8, 9, pod="api-gateway-2")),
            at=minutes(70),
        ),
    ),
)
