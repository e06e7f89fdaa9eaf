"""Do pods start, and stay up?"""

from alerts.condition import equals, holds
from alerts.expression import Op
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.kubernetes import CONTAINER_WAITING, POD_INFO, POD_OWNER, POD_PHASE
from catalogue.exporters import KUBE_STATE_METRICS
from catalogue.model.time import minutes
from catalogue.services import KUBERNETES, WATCHED_NAMESPACES
from catalogue.teams import PLATFORM

_OURS = like(WATCHED_NAMESPACES)
_POD = ("namespace", "pod")
# With its node an alert is told apart from, and explained by, what happens to that node. Unscheduled pods have none.
_NODE = max_by(select(KUBE_STATE_METRICS, POD_INFO, namespace=_OURS).now, *_POD, "node")


def _pod(phase: str, values: str, owner: str) -> tuple[Samples, ...]:
    return (
        samples(KUBE_STATE_METRICS, POD_PHASE, values, pod="scraper-1", phase=phase),
        samples(KUBE_STATE_METRICS, POD_INFO, "1x90", pod="scraper-1", node=""),
        samples(KUBE_STATE_METRICS, POD_OWNER, "1x90", pod="scraper-1", owner_kind=owner, owner_name="scraper"),
    )


def _waiting(reason: str, values: str) -> tuple[Samples, ...]:
    pod = {"pod": "scraper-1", "container": "scraper"}
    return (
        samples(KUBE_STATE_METRICS, CONTAINER_WAITING, values, reason=reason, **pod),
        samples(KUBE_STATE_METRICS, POD_INFO, "1x90", pod="scraper-1", node="node-1"),
    )


ALERTS = (
    Alert(
        name="KubePodCrashLooping",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="whether a container waits to be restarted after crashes",
        # Between two crashes it runs for a moment.
        when=equals(
            max_by(
                select(KUBE_STATE_METRICS, CONTAINER_WAITING, namespace=_OURS, reason="CrashLoopBackOff").max_over(
                    minutes(5)
                ),
                *_POD,
                "container",
            ).joined(_NODE, on=_POD, labels=("node",)),
            1,
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="{container} in {namespace}/{pod} crashes again and again",
        description="It starts, crashes and waits longer each time. What it did is left to the other pods, if any.",
        board=INFRASTRUCTURE,
        fires=Firing(
            # Five minutes of waiting, and a minute of running.
            given=_waiting("CrashLoopBackOff", "1x9 _x1 1x9 _x1 1x9 _x1 1x9 _x1 1x30"),
            at=minutes(22),
            labels={"namespace": "openpolicy", "pod": "scraper-1", "container": "scraper", "node": "node-1"},
        ),
        # A crash that may mend itself yet, and a container that only starts.
        silent=Scenario(
            given=(*_waiting("CrashLoopBackOff", "1x15 _x60"), *_waiting("ContainerCreating", "1x60")[:1]),
            at=minutes(12),
        ),
    ),
    Alert(
        name="KubePodNotReady",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="a pod that no Job made is Pending or Unknown",
        when=holds(
            max_by(
                select(KUBE_STATE_METRICS, POD_PHASE, namespace=_OURS, phase=like("Pending|Unknown")).now,
                *_POD,
                "phase",
            )
            .joined(_NODE, on=_POD, labels=("node",))
            .compare(Op.EQUALS, 1)
            # A Job's pod may wait for its turn. KubeJobFailed and KubeCronJobStale watch it.
            .unless(select(KUBE_STATE_METRICS, POD_OWNER, namespace=_OURS, owner_kind="Job").now, on=_POD)
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="Pod {namespace}/{pod} does not start",
        description="It is {phase}: no node has room for it, or its image, a volume or a Secret is missing there.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_pod("Pending", "1x90", "ReplicaSet"),
            at=minutes(16),
            labels={"namespace": "openpolicy", "pod": "scraper-1", "phase": "Pending"},
        ),
        silent=Scenario(given=_pod("Pending", "1x90", "Job"), at=minutes(40)),
    ),
)
