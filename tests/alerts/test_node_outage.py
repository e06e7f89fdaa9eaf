"""A node dies: one alert tells of it, before all that follows from it could."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from alerts.library import LIBRARY
from alerts.library.inhibitions import INHIBITIONS
from alerts.model import Alert, alerts_of
from alerts.render.routes import inhibit_rules
from alerts.routing import inhibits
from alerts.scenario import Samples, samples
from catalogue.exported.kubernetes import (
    DAEMONSET_AVAILABLE,
    DAEMONSET_DESIRED,
    DAEMONSET_UPDATED,
    DEPLOYMENT_REPLICAS,
    DEPLOYMENT_REPLICAS_AVAILABLE,
    DEPLOYMENT_REPLICAS_UPDATED,
    NODE_CONDITION,
    NODE_CREATED,
    NODE_UNSCHEDULABLE,
    POD_INFO,
    POD_PHASE,
    STATEFULSET_REPLICAS,
    STATEFULSET_REPLICAS_READY,
    STATEFULSET_REPLICAS_UPDATED,
)
from catalogue.exporters import APPLICATION, KUBE_STATE_METRICS, KUBELETS, UP
from catalogue.model.metric import Metric
from catalogue.model.time import seconds
from tests.support.promtool import complaint, rules_of, written

# By default Kubernetes waits 50 s for a silent node; then a scrape and an evaluation, at their slowest, see it.
NOTICED = seconds(50 + 15 + 30)


def named(name: str) -> Alert:
    return next(alert for alert in alerts_of(LIBRARY) if alert.name == name)


@pytest.mark.parametrize(
    "consequence",
    [
        "ServiceInstanceDown",
        "KubePodNotReady",
        "KubeDaemonSetUnavailable",
        "KubeDeploymentReplicasMismatch",
        "KubeStatefulSetReplicasMismatch",
        "KubePdbNotEnoughHealthyPods",
        "EtcdMembersDown",
    ],
)
def test_the_node_s_own_alert_is_first(consequence: str) -> None:
    source = named("KubeNodeNotReady")
    # An inhibition holds back what is not sent yet, and nothing else.
    assert NOTICED.seconds + source.lasting.seconds < named(consequence).lasting.seconds


def test_it_tells_of_the_node_and_so_do_its_pods() -> None:
    assert "node" in named("KubeNodeNotReady").when.expr.labels
    assert "node" in named("KubePodNotReady").when.expr.labels & named("KubePodCrashLooping").when.expr.labels


def known(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(KUBE_STATE_METRICS, metric, values, **labels)


# The third of three nodes is silent after half an hour: 60 steps of 30 s. Kubernetes notices 50 s later, and starts
# pods of Deployments elsewhere after five minutes. Those of StatefulSets and DaemonSets wait for the node.
OUTAGE = (
    *(known(NODE_CONDITION, "1x150", node=f"node-{at}", condition="Ready", status="true") for at in (1, 2)),
    known(NODE_CONDITION, "1x61 0x90", node="node-3", condition="Ready", status="true"),
    *(known(NODE_UNSCHEDULABLE, "0x150", node=f"node-{at}") for at in (1, 2, 3)),
    *(known(NODE_CREATED, "0x150", node=f"node-{at}") for at in (1, 2, 3)),
    samples(KUBELETS, UP, "1x150", instance="node-1"),
    samples(KUBELETS, UP, "1x60 0x90", instance="node-3"),
    samples(APPLICATION, UP, "1x150", service="api-gateway", instance="a"),
    samples(APPLICATION, UP, "1x60 0x90", service="api-gateway", instance="b"),
    known(DEPLOYMENT_REPLICAS, "3x150", deployment="api-gateway"),
    known(DEPLOYMENT_REPLICAS_AVAILABLE, "3x61 2x14 3x80", deployment="api-gateway"),
    known(DEPLOYMENT_REPLICAS_UPDATED, "3x150", deployment="api-gateway"),
    known(POD_PHASE, "_x72 1x3 0x80", pod="api-gateway-new", phase="Pending"),
    known(POD_INFO, "_x72 1x80", pod="api-gateway-new", node="node-2"),
    known(STATEFULSET_REPLICAS, "3x150", statefulset="postgresql"),
    known(STATEFULSET_REPLICAS_READY, "3x61 2x90", statefulset="postgresql"),
    known(STATEFULSET_REPLICAS_UPDATED, "3x150", statefulset="postgresql"),
    known(DAEMONSET_DESIRED, "3x150", daemonset="filebeat"),
    known(DAEMONSET_AVAILABLE, "3x61 2x90", daemonset="filebeat"),
    known(DAEMONSET_UPDATED, "3x150", daemonset="filebeat"),
)
GROUPS = ("api", "pod", "workload", "autoscaling", "cluster")


@pytest.mark.parametrize(
    ("at", "firing"),
    [
        ("30m", set[str]()),
        ("34m30s", {"KubeNodeNotReady"}),
        (
            "50m",
            # No page, and each of the others is explained by the first.
            {
                "KubeNodeNotReady",
                "ServiceInstanceDown",
                "KubeStatefulSetReplicasMismatch",
                "KubeDaemonSetUnavailable",
            },
        ),
    ],
)
def test_what_a_dead_node_fires_and_when(at: str, firing: set[str], tmp_path: Path) -> None:
    groups = [group for group in LIBRARY if group.name in {f"openpolicy-{name}-alerts" for name in GROUPS}]
    assert len(groups) == len(GROUPS)
    told = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(firing)]
    asked = {"expr": 'count by (alertname) (ALERTS{alertstate="firing"})', "eval_time": at, "exp_samples": told}
    series = [{"series": each.series, "values": each.values} for each in OUTAGE]
    test = {"interval": "30s", "input_series": series, "promql_expr_test": [asked]}
    assert complaint(written(tmp_path, rules_of(groups), "30s", [test])) == ""


NODE = {"node": "node-3", "instance": "node-3"}
# What would be told besides, each with the labels that its series bring along.
CONSEQUENCES = {
    "NodeExporterDown": NODE,
    "HighMemoryUsage": NODE,
    "NodeClockNotSynchronised": NODE,
    "KubePodNotReady": {"pod": "api-gateway-1", "namespace": "openpolicy", "node": "node-3"},
    "KubePodCrashLooping": {"pod": "api-gateway-1", "namespace": "openpolicy", "node": "node-3"},
    "KubeNodePressure": {"node": "node-3"},
    "KubeletCertificateExpiring": {"node": "node-3"},
    "ServiceInstanceDown": {"service": "api-gateway", "namespace": "openpolicy", "instance": "b", "node": "node-3"},
    "KubeDaemonSetUnavailable": {"daemonset": "filebeat", "namespace": "observability-agents"},
    "KubeStatefulSetReplicasMismatch": {"statefulset": "postgresql", "namespace": "openpolicy"},
    "KubeDeploymentReplicasMismatch": {"deployment": "api-gateway", "namespace": "openpolicy"},
    "KubePdbNotEnoughHealthyPods": {"poddisruptionbudget": "api-gateway", "namespace": "openpolicy"},
    "FilebeatMissing": {"daemonset": "filebeat", "namespace": "observability-agents"},
    "TargetDown": {"job": "node-exporter", "namespace": "observability-agents", "service": "node"},
}
RULES = inhibit_rules(INHIBITIONS)


def sent(firing: Mapping[str, Mapping[str, str]]) -> set[str]:
    """What Alertmanager tells of what fires."""
    labels = {name: {"alertname": name} | dict(own) | named(name).static_labels for name, own in firing.items()}
    return {
        name
        for name, target in labels.items()
        if not any(
            inhibits(rule, source, target) for rule in RULES for other, source in labels.items() if other != name
        )
    }


def test_a_dead_node_is_told_once() -> None:
    assert sent({"KubeNodeNotReady": NODE} | CONSEQUENCES) == {"KubeNodeNotReady"}


def test_many_dead_nodes_are_one_page() -> None:
    assert sent({"KubeNodesNotReady": {}, "KubeNodeNotReady": NODE} | CONSEQUENCES) == {"KubeNodesNotReady"}


def test_what_is_wrong_on_another_node_is_told() -> None:
    other = {"node": "node-1", "instance": "node-1"}
    assert sent({"KubeNodeNotReady": NODE, "NodeExporterDown": other}) == {"KubeNodeNotReady", "NodeExporterDown"}


def test_a_page_is_told_whatever_happens_to_nodes() -> None:
    down = {"service": "api-gateway", "namespace": "openpolicy"}
    assert "ServiceDown" in sent({"KubeNodeNotReady": NODE, "KubeNodesNotReady": {}, "ServiceDown": down})
