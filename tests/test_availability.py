"""Production loses a node or a zone and goes on; development is smaller on purpose, and both fit into their quotas."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import ceil
from typing import Any

import pytest

from catalogue.model.quantity import quantity
from ops.plan.run import stacks
from tests.support.planned import manifests, planned, pods

Manifest = Mapping[str, Any]
each = pytest.mark.parametrize("stack", stacks())

# One of each is enough, or more would be wrong.
ALONE = {
    "kube-state-metrics": "two would show every object twice; it holds nothing and is back within a minute",
    "postgres-exporter": "two would show every statement twice",
    "redis-exporter": "two would show every counter twice",
    "elasticsearch-exporter": "two would show every index twice",
    "logstash-exporter": "two would show every pipeline twice",
    "prometheus-operator": "what it made goes on without it; two would wait for one of them anyway",
    "elastic-operator": "what it made goes on without it; two would wait for one of them anyway",
    "thanos-compactor": "two would destroy each other's blocks; it catches up after a drain",
}
# Nothing waits for these, so they may give way to what somebody does.
PATIENT = {
    "audit-archive": "the next hour archives what this one did not, and an alert tells who waits for longer",
    "log-content": "an update waits until it has run",
}
# On every node, and before all others there.
AGENTS = {"filebeat", "node-tuning"}
# A patch for a container that Elastic's operator brings, with what it asks for.
BROUGHT = {"logstash-internal-init-config"}
# Whose operator makes the budget and spreads them.
BY_THE_OPERATOR = "common.k8s.elastic.co/type"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Pods that are the same."""

    kind: str
    name: str
    namespace: str
    replicas: int
    labels: Mapping[str, str]
    """Also those that an operator adds, by which budgets find them."""

    pod: Manifest
    claims: Sequence[Manifest]
    """Of volumes of its own for each of the pods."""

    rolling: bool = False
    """Whether an update makes new pods before it takes old ones away."""


@cache
def workloads(stack: str) -> Sequence[Workload]:
    return [found for manifest in manifests(stack) for found in _workloads(manifest)]


def _workloads(manifest: Manifest) -> Iterator[Workload]:
    spec, kind = manifest.get("spec", {}), manifest["kind"]
    metadata = manifest["metadata"]
    if kind in ("Deployment", "StatefulSet"):
        template = spec["template"]
        yield Workload(
            kind=kind,
            name=metadata["name"],
            namespace=metadata["namespace"],
            replicas=spec["replicas"],
            labels=template["metadata"]["labels"],
            pod=template["spec"],
            claims=spec.get("volumeClaimTemplates", ()),
            rolling=kind == "Deployment" and spec.get("strategy", {}).get("type") != "Recreate",
        )
    elif kind in ("Prometheus", "Alertmanager"):
        own = {"operator.prometheus.io/name" if kind == "Prometheus" else "alertmanager": "openpolicy"}
        # What the operator adds beside it, and restarts with it, is small.
        containers = [{"name": kind, "resources": spec["resources"]}, *([spec["thanos"]] if "thanos" in spec else [])]
        yield Workload(
            kind=kind,
            name=kind.lower(),
            namespace=metadata["namespace"],
            replicas=spec["replicas"],
            labels=spec["podMetadata"]["labels"] | own,
            pod={**spec, "containers": containers},
            claims=[spec["storage"]["volumeClaimTemplate"]] if "volumeClaimTemplate" in spec["storage"] else [],
        )
    elif kind in ("Kibana", "Logstash", "Elasticsearch"):
        for part in spec.get("nodeSets", [spec]):
            name, family = part.get("name", ""), kind.lower()
            yield Workload(
                kind=kind,
                name="-".join(filter(None, [family, name])),
                namespace=metadata["namespace"],
                replicas=part["count"],
                labels={BY_THE_OPERATOR: family, f"{family}.k8s.elastic.co/name": metadata["name"]},
                pod=part["podTemplate"]["spec"] | {"zoneAwareness": part.get("zoneAwareness")},
                claims=part.get("volumeClaimTemplates", ()),
            )


def bound_alone(pod: Manifest) -> list[str]:
    """Volumes that are bound to one claim, whichever pod it is."""
    return [each["name"] for each in pod.get("volumes", ()) if "persistentVolumeClaim" in each]


def redundant(stack: str) -> list[Workload]:
    return [each for each in workloads(stack) if each.name not in ALONE]


def test_production_runs_on_two_of_everything_but_what_is_named() -> None:
    single = {each.name for each in workloads("prod") if each.replicas < 2}
    assert single == ALONE.keys()


@each
def test_every_kind_with_pods_is_looked_at(stack: str) -> None:
    """Or what is new would be held to nothing."""
    replicated = {workload.kind for workload in workloads(stack)}
    with_pods = {manifest["kind"] for manifest in manifests(stack) if [*pods(manifest)]}
    assert with_pods <= replicated | {"DaemonSet", "Job", "CronJob", "Beat"}
    counted = {each["kind"] for each in manifests(stack) if {"replicas", "count"} & each.get("spec", {}).keys()}
    assert counted <= replicated


def test_all_that_holds_data_is_there_twice() -> None:
    held = {each.name: each.replicas for each in workloads("prod") if each.claims}
    assert {"prometheus", "alertmanager", "elasticsearch-hot", "logstash", "otel-gateway", "thanos-store"} < held.keys()
    assert {name for name, count in held.items() if count < 2} == {"thanos-compactor"}
    # One claim is on one node: what shares it is not there twice, however many pods it has.
    assert not [name for each in manifests("prod") for name, pod in pods(each) if bound_alone(pod)]


def test_a_drain_takes_one_of_them_at_a_time_and_is_never_blocked() -> None:
    budgets = [each for each in manifests("prod") if each["kind"] == "PodDisruptionBudget"]
    for workload in redundant("prod"):
        bound = [
            each["spec"]
            for each in budgets
            if each["metadata"]["namespace"] == workload.namespace
            if each["spec"]["selector"]["matchLabels"].items() <= workload.labels.items()
        ]
        if workload.kind == "Elasticsearch":
            # ECK makes one by itself: all nodes but one, while the cluster is green.
            assert bound == []
            continue
        (budget,) = bound
        left = budget.get("minAvailable", workload.replicas - budget.get("maxUnavailable", 0))
        assert 0 < left < workload.replicas, workload.name
    named = {each["metadata"]["name"] for each in budgets}
    assert not named & ALONE.keys(), "a budget for one pod would block every drain"


def test_replicas_are_spread_over_nodes_and_zones() -> None:
    for workload in redundant("prod"):
        pod = workload.pod
        if workload.kind == "Elasticsearch":
            assert pod["zoneAwareness"] == {}, workload.name
            continue
        spread = {constraint["topologyKey"] for constraint in pod["topologySpreadConstraints"]}
        apart = pod.get("affinity", {}).get("podAntiAffinity", {}).get("requiredDuringSchedulingIgnoredDuringExecution")
        spread |= {term["topologyKey"] for term in apart or ()}
        assert spread == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}, workload.name


@each
def test_every_pod_has_a_priority_requests_and_a_limit_of_memory(stack: str) -> None:
    made = {"Prometheus", "Alertmanager"}
    theirs = [(each.name, each.pod) for each in workloads(stack) if each.kind in made]
    ours = [found for each in manifests(stack) if each["kind"] not in made for found in pods(each)]
    seen = set[str]()
    for name, pod in (*theirs, *ours):
        seen.add(name)
        wanted = None if name in PATIENT else "system-node-critical" if name in AGENTS else "observability-critical"
        assert pod.get("priorityClassName") == wanted, name
        for container in (*pod["containers"], *pod.get("initContainers", ())):
            if container.get("name") in BROUGHT:
                continue
            resources = container["resources"]
            assert {"cpu", "memory"} <= resources["requests"].keys(), name
            assert resources["limits"]["memory"] == resources["requests"]["memory"], name
            # A limit of processors would only throttle.
            assert "cpu" not in resources["limits"], name
    assert seen >= AGENTS
    assert stack != "prod" or PATIENT.keys() <= seen


@each
def test_volumes_outlive_what_uses_them(stack: str) -> None:
    for manifest in manifests(stack):
        spec = manifest.get("spec", {})
        match manifest["kind"]:
            case "Prometheus" | "Alertmanager":
                kept = spec["persistentVolumeClaimRetentionPolicy"]
                assert kept == {"whenDeleted": "Retain", "whenScaled": "Retain"}
            case "Elasticsearch":
                # What is scaled away has moved its shards before.
                assert spec["volumeClaimDeletePolicy"] == "DeleteOnScaledownOnly"
            case "StatefulSet":
                # Kubernetes retains, unless it is told otherwise.
                assert "persistentVolumeClaimRetentionPolicy" not in spec, manifest["metadata"]["name"]
            case _:
                pass
    claims = [each for each in planned(stack).recording.resources.values() if each.type.endswith("VolumeClaim")]
    assert all(each.retain_on_delete for each in claims)
    # What takes its volumes from elsewhere than from these keeps them by itself.
    holding = {each.kind for each in workloads(stack) if each.claims} - {"Prometheus", "Alertmanager", "Elasticsearch"}
    assert holding == {"StatefulSet", "Logstash"}


def test_development_is_smaller_on_purpose() -> None:
    small, large = ({each.name: each for each in workloads(stack)} for stack in ("dev", "prod"))
    both = small.keys() & large.keys()
    assert {"prometheus", "alertmanager", "grafana", "kibana", "logstash", "elasticsearch-hot"} <= both
    assert all(small[name].replicas <= large[name].replicas for name in both)
    # Scaling by requests is tried there as it is in production, and a pair of the adapter costs 400 MiB.
    assert {name for name in both if small[name].replicas > 1} == {"prometheus-adapter"}
    assert not {"thanos-store", "thanos-query", "thanos-compactor"} & small.keys()


@each
def test_the_quota_suffices_while_all_of_it_is_updated_at_once(stack: str) -> None:
    (quota,) = [each for each in manifests(stack) if each["kind"] == "ResourceQuota"]
    hard, home = quota["spec"]["hard"], quota["metadata"]["namespace"]
    there = [workload for workload in workloads(stack) if workload.namespace == home]
    needed: dict[str, Decimal] = dict.fromkeys(
        ("requests.cpu", "requests.memory", "requests.storage", "pods"), Decimal(0)
    )
    for workload in there:
        # A quarter of a Deployment's pods come before the old ones go.
        pods = workload.replicas + (ceil(workload.replicas / 4) if workload.rolling else 0)
        needed["pods"] += pods
        for container in workload.pod["containers"]:
            for what in ("cpu", "memory"):
                needed[f"requests.{what}"] += pods * quantity(container["resources"]["requests"][what])
        needed["requests.storage"] += workload.replicas * sum(
            quantity(claim["spec"]["resources"]["requests"]["storage"]) for claim in workload.claims
        )
    for name, asked in needed.items():
        assert asked <= quantity(hard[name]), f"{name}: {asked} of {hard[name]}"
    # Agents, Jobs and what operators add beside it want some too.
    assert needed["requests.memory"] <= quantity(hard["requests.memory"]) * Decimal("0.95")
