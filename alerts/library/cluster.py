"""Does Kubernetes have the nodes that it should have?

A dead node takes pods, targets and replicas with it, and all of them would tell of it. KubeNodeNotReady is meant to be
first: what happens because of a node fires later than it, and is not sent while it fires.
"""

from alerts.condition import above, below, equals, holds
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import age, count_by, like, max_by, missing, renamed, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.kubernetes import (
    KUBELET_CERTIFICATE_TTL,
    NODE_CONDITION,
    NODE_CREATED,
    NODE_UNSCHEDULABLE,
)
from catalogue.exporters import KUBE_STATE_METRICS, KUBELETS, UP
from catalogue.model.time import days, hours, minutes
from catalogue.services import KUBERNETES
from catalogue.teams import PLATFORM


def _node(series: Expr) -> Expr:
    return max_by(series, "node")


_READY = _node(select(KUBE_STATE_METRICS, NODE_CONDITION, condition="Ready", status="true").now)
_NOT_READY = count_by(_READY.compare(Op.EQUALS, 0))
_SCHEDULABLE = _node(select(KUBE_STATE_METRICS, NODE_UNSCHEDULABLE).now).compare(Op.EQUALS, 0)
_GROWN_UP = age(_node(select(KUBE_STATE_METRICS, NODE_CREATED).now)).above(minutes(15).seconds)


def _nodes(*ready: str) -> tuple[Samples, ...]:
    return tuple(
        samples(KUBE_STATE_METRICS, NODE_CONDITION, values, node=f"node-{at}", condition="Ready", status="true")
        for at, values in enumerate(ready, start=1)
    )


def _one(ready: str, *, cordoned: str = "0x90", created: str = "0x90") -> tuple[Samples, ...]:
    return (
        *_nodes(ready),
        samples(KUBE_STATE_METRICS, NODE_UNSCHEDULABLE, cordoned, node="node-1"),
        samples(KUBE_STATE_METRICS, NODE_CREATED, created, node="node-1"),
    )


def _pressure(status: str) -> Samples:
    values = {"node": "node-1", "condition": "DiskPressure", "status": status}
    return samples(KUBE_STATE_METRICS, NODE_CONDITION, "1x90", **values)


ALERTS = (
    Alert(
        name="KubeNodeNotReady",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="whether a node is ready that takes pods and did not join just now",
        # Jobs with a target on each node call it `instance`.
        when=equals(
            renamed(_READY, "node", "instance"), 0, guard=renamed(_SCHEDULABLE.both(_GROWN_UP), "node", "instance")
        ),
        # Shorter than whatever follows from it: see above. A node that is restarted on purpose is cordoned.
        lasting=minutes(3),
        keep_firing=minutes(10),
        summary="Node {node} is not ready",
        description="Its pods do not answer. After five minutes they are started elsewhere, where there is room.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_one("1x40 0x50"), at=minutes(25), labels={"node": "node-1", "instance": "node-1"}),
        # One under maintenance, and one that is joining.
        silent=Scenario(
            given=(
                *_one("1x40 0x50", cordoned="0x38 1x52"),
                samples(KUBE_STATE_METRICS, NODE_CONDITION, "0x90", node="new", condition="Ready", status="true"),
                samples(KUBE_STATE_METRICS, NODE_UNSCHEDULABLE, "0x90", node="new"),
                samples(KUBE_STATE_METRICS, NODE_CREATED, "1200x90", node="new"),
            ),
            at=minutes(30),
        ),
    ),
    Alert(
        name="KubeNodesNotReady",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.OUTAGE,
        watches="share of the nodes that are not ready",
        when=above(
            _NOT_READY.of(count_by(_READY)),
            "0.3",
            because="The rest is not sized to carry the load of a third of the cluster.",
            # One of three is KubeNodeNotReady's matter.
            guard=_NOT_READY.at_least(2),
        ),
        lasting=minutes(5),
        keep_firing=minutes(5),
        summary="Many nodes are not ready",
        description="{value:percentage} of the nodes are not ready. Their pods do not fit on the others.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_nodes("1x20 0x70", "1x20 0x70", "1x90", "1x90"), at=minutes(17), value="50%"),
        silent=Scenario(given=_nodes("1x20 0x70", "1x90", "1x90"), at=minutes(40)),
    ),
    Alert(
        name="KubeNodePressure",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.FULL,
        watches="whether a node reports pressure on memory, disk or process numbers",
        when=equals(
            max_by(
                select(
                    KUBE_STATE_METRICS,
                    NODE_CONDITION,
                    condition=like("MemoryPressure|DiskPressure|PIDPressure"),
                    status="true",
                ).now,
                "node",
                "condition",
            ),
            1,
        ),
        lasting=minutes(10),
        keep_firing=minutes(10),
        summary="Node {node} has {condition}",
        description="It takes no new pods, and evicts those it has until the pressure is gone.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(_pressure("true"),), at=minutes(11), labels={"node": "node-1", "condition": "DiskPressure"}
        ),
        # A dead node does not know.
        silent=Scenario(given=(_pressure("unknown"), _pressure("false")), at=minutes(40)),
    ),
    Alert(
        name="KubeletDown",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.BLIND,
        watches="no kubelet answers Prometheus",
        when=holds(missing(select(KUBELETS, UP).now.compare(Op.EQUALS, 1))),
        lasting=minutes(15),
        summary="No kubelet answers Prometheus",
        description="Nothing is known of volumes and containers: a volume that fills up pages nobody.",
        board=INFRASTRUCTURE,
        fires=Firing(given=(samples(KUBELETS, UP, "1x20 0x70", instance="node-1"),), at=minutes(27)),
        silent=Scenario(
            given=(
                samples(KUBELETS, UP, "0x90", instance="node-1"),
                samples(KUBELETS, UP, "1x90", instance="node-2"),
            ),
            at=minutes(40),
        ),
    ),
    Alert(
        name="KubeletCertificateExpiring",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="time until a kubelet's client certificate expires",
        when=below(
            _node(select(KUBELETS, KUBELET_CERTIFICATE_TTL).now),
            days(7).seconds,
            because="A month is left of a year's when it is renewed; so rotation has failed, and a week mends it.",
        ),
        lasting=hours(1),
        keep_firing=minutes(5),
        summary="The kubelet's certificate on {node} expires soon",
        description="It expires in {value:duration}. Then the API server refuses the kubelet, and the node is lost.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(samples(KUBELETS, KUBELET_CERTIFICATE_TTL, "432000x150", node="node-1"),),
            at=minutes(61),
            labels={"node": "node-1"},
            value="5d 0h 0m 0s",
        ),
        # Of one without a certificate kubelets say infinity.
        silent=Scenario(
            given=(
                samples(KUBELETS, KUBELET_CERTIFICATE_TTL, "691200x150", node="node-1"),
                samples(KUBELETS, KUBELET_CERTIFICATE_TTL, "Inf", node="node-2"),
            ),
            at=minutes(70),
        ),
    ),
)
