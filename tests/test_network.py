"""The planned policies of both stacks: every declared flow passes, nothing else does, and no rule is needless."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalogue import CATALOGUE, flows
from catalogue.model.exporter import Discovery
from catalogue.model.flow import End, Flow
from catalogue.services import NAMESPACE
from ops.plan.documents import is_manifest
from ops.plan.endpoints import pods, strangers
from ops.plan.reach import Door, Endpoint, Evaluator, Manifest
from ops.plan.run import ROOT, plan, stacks
from tests.support.cyclonus import judged
from tests.support.planned import manifests

each = pytest.mark.parametrize("stack", stacks())
ODD = Door(31_337)
METRICS = 9464
# What runs on its node's network, and why.
ON_NODES = {"node-exporter": "it shows the node's own network devices"}


def policies(stack: str) -> list[Manifest]:
    return [manifest for manifest in manifests(stack) if manifest["kind"] == "NetworkPolicy"]


def evaluators(policies: Sequence[Manifest]) -> list[Evaluator]:
    """Network plugins read blocks of addresses in two ways, and it has to be right in both."""
    return [Evaluator(policies=policies, blocks_mean_pods=meant) for meant in (True, False)]


@cache
def settings(stack: str, section: str) -> Mapping[str, Any]:
    return yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"][f"openpolicy:{section}"]


@cache
def everybody(stack: str) -> Sequence[tuple[Endpoint, frozenset[End]]]:
    """Everything that sends or receives, with the ends of the graph that it stands for."""
    ours = [(pod, _ends(pod)) for pod in pods(manifests(stack))]
    known = settings(stack, "network")
    ingress, application = known["ingressNamespace"], dict(flows.APPLICATION.labels)
    named = {"metrics": METRICS}
    stores = frozenset({flows.POSTGRESQL, flows.REDIS})
    vendors = {
        flows.SITE,
        *([flows.PAGERDUTY, flows.DEAD_MANS_SWITCH, flows.SIGN_ON, flows.OBJECT_STORE] if stack == "prod" else []),
    }
    others = [
        (_pod("dns", "kube-system", {"k8s-app": "kube-dns"}), {flows.DNS}),
        (_pod("coredns' neighbour", "kube-system", {"k8s-app": "other"}), set[End]()),
        (_pod("ingress", ingress, {"any": "label"}), {flows.INGRESS, flows.ANNOTATED}),
        (_pod("application", NAMESPACE, application, named), {flows.APPLICATION, *stores}),
        (_pod("store", NAMESPACE, {"app": "store"}), stores),
        (Endpoint(name="an API server", address=_within(known["apiServers"])), {flows.API_SERVERS}),
        (Endpoint(name="a node", address=_within(known["nodes"])), {flows.NODES}),
        (Endpoint(name="the internet", address="203.0.113.7"), vendors),
        *((stranger, set[End]()) for stranger in strangers(policies(stack))),
    ]
    if known["nodes"] == known["apiServers"]:
        both = {flows.API_SERVERS, flows.NODES}
        others = [(endpoint, both if ends & both else ends) for endpoint, ends in others]
    return [(endpoint, frozenset(ends)) for endpoint, ends in (*ours, *others)]


_OURS = {end for flow in CATALOGUE.flows for end in (*flow.sources, flow.target) if end.is_ours}


def _ends(pod: Endpoint) -> set[End]:
    return {end for end in _OURS if end.pod_labels.items() <= pod.labels.items()}


def _pod(name: str, namespace: str, labels: Mapping[str, str], ports: Mapping[str, int] | None = None) -> Endpoint:
    return Endpoint(name=name, namespace=namespace, labels=labels, ports=ports or {}, address="10.247.0.1")


def _within(networks: Sequence[str]) -> str:
    return str(ip_network(networks[0])[-1])


def doors(flow: Flow, stack: str) -> list[Door]:
    if flow.every_port:
        return [ODD]
    stated = settings(stack, "exporters").get(flow.target.name, {}).get("port")
    ports = flow.ports or [stated]
    numbers = [METRICS if port == "metrics" else int(port) for port in ports]
    return [Door(number, protocol) for number in numbers for protocol in (("TCP", "UDP") if flow.udp else ("TCP",))]


def declared(stack: str) -> Iterator[tuple[Endpoint, Endpoint, Door]]:
    for flow in CATALOGUE.flows:
        for source, sending in everybody(stack):
            for target, receiving in everybody(stack):
                if sending & {*flow.sources} and flow.target in receiving and _is_bound(sending | receiving):
                    for door in doors(flow, stack):
                        yield source, target, door


def _is_bound(ends: frozenset[End]) -> bool:
    return any(end.is_ours for end in ends)


def passing(stack: str, evaluator: Evaluator) -> set[tuple[str, str, Door]]:
    candidates = {door for flow in CATALOGUE.flows for door in doors(flow, stack)} | {ODD}
    return {
        (source.name, target.name, door)
        for source, sending in everybody(stack)
        for target, receiving in everybody(stack)
        if _is_bound(sending | receiving)
        for door in evaluator.open_doors(source, target, [*candidates])
    }


@each
def test_every_declared_flow_passes(stack: str) -> None:
    found = [*declared(stack)]
    assert len(found) > 30
    for evaluator in evaluators(policies(stack)):
        denied = [
            (source.name, target.name, door)
            for source, target, door in found
            if not evaluator.open_doors(source, target, [door])
        ]
        assert denied == []


@each
def test_nothing_else_passes(stack: str) -> None:
    wanted = {(source.name, target.name, door) for source, target, door in declared(stack)}
    anywhere = {(source, target) for source, target, door in wanted if door == ODD}
    for evaluator in evaluators(policies(stack)):
        surplus = passing(stack, evaluator) - wanted
        assert {each for each in surplus if each[:2] not in anywhere} == set()


def apart(found: Sequence[Any], number: int) -> list[Any]:
    """All of them, and a copy of this one, to change it."""
    return [deepcopy(each) if place == number else each for place, each in enumerate(found)]


def test_a_hole_is_found() -> None:
    wanted = {(source.name, target.name, door) for source, target, door in declared("prod")}
    for number, policy in enumerate(policies("prod")):
        for kind, peers in (("ingress", "from"), ("egress", "to")):
            wider = apart(policies("prod"), number)
            rule = {peers: [{"namespaceSelector": {}}], "ports": [{"protocol": "TCP", "port": 443}]}
            wider[number]["spec"].setdefault(kind, []).append(rule)
            # One end alone opens nothing towards another of ours, but a stranger has no policy that could refuse.
            assert passing("prod", evaluators(wider)[0]) - wanted, policy["metadata"]["name"]


@each
def test_no_rule_is_there_for_nothing(stack: str) -> None:
    wanted = [*declared(stack)]
    for number, policy in enumerate(policies(stack)):
        for kind in ("ingress", "egress"):
            for rule in range(len(policy["spec"].get(kind, ()))):
                fewer = apart(policies(stack), number)
                del fewer[number]["spec"][kind][rule]
                evaluator = evaluators(fewer)[0]
                missed = any(not evaluator.open_doors(source, target, [door]) for source, target, door in wanted)
                twice = _names_one_of_several(stack, policy["spec"], policy["spec"][kind][rule])
                assert missed or twice, f"{policy['metadata']['name']}: {policy['spec'][kind][rule]}"


def _names_one_of_several(stack: str, policy: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    """Whether a side is a pod that is several ends at once, so that a rule for another of them does the same."""
    peers = [peer["podSelector"] for peer in rule.get("to", rule.get("from")) if "podSelector" in peer]
    several = [pod for pod in pods(manifests(stack)) if len(_ends(pod)) > 1]
    sides = [side["matchLabels"] for side in (policy["podSelector"], *peers)]
    return any(side.items() <= pod.labels.items() for side in sides for pod in several)


@each
def test_every_pod_is_denied_by_default_and_has_the_policies_of_what_it_is(stack: str) -> None:
    evaluator = evaluators(policies(stack))[0]
    for pod in pods(manifests(stack)):
        names = {
            direction: sorted(policy["metadata"]["name"] for policy in evaluator.binding(pod, direction))
            for direction in ("Ingress", "Egress")
        }
        assert names["Ingress"] == names["Egress"], pod.name
        own = [name for name in names["Ingress"] if not name.endswith("default-deny")]
        assert own, f"{pod.name} is in no flow, or not in components/wiring/places.py: it can reach nothing"
        # Several, where one pod is several ends; one that opens nothing, where it is in no flow.
        assert own == (sorted(end.name for end in _ends(pod)) or [pod.name])
        assert len(names["Ingress"]) == len(own) + 1


@each
def test_every_namespace_of_ours_denies_by_default(stack: str) -> None:
    ours = {each["metadata"]["name"] for each in manifests(stack) if each["kind"] == "Namespace"}
    denied = {
        each["metadata"]["namespace"]
        for each in policies(stack)
        if each["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    }
    assert denied == ours


@each
def test_no_selector_of_ours_is_dead(stack: str) -> None:
    planned = pods(manifests(stack))
    for policy in policies(stack):
        here = policy["metadata"]["namespace"]
        near = [
            peer["podSelector"]
            for kind in ("ingress", "egress")
            for rule in policy["spec"].get(kind, ())
            for peer in (*rule.get("from", ()), *rule.get("to", ()))
            if "podSelector" in peer and "namespaceSelector" not in peer
        ]
        for selector in (policy["spec"]["podSelector"], *near):
            wanted = selector.get("matchLabels", {})
            matching = [pod for pod in planned if pod.namespace == here and wanted.items() <= pod.labels.items()]
            default = policy["metadata"]["name"].endswith("default-deny")
            assert matching or default, f"{policy['metadata']['name']} selects {wanted}, and nothing has these labels"


@each
def test_no_rule_means_everybody(stack: str) -> None:
    for policy in policies(stack):
        for kind, peers in (("ingress", "from"), ("egress", "to")):
            for rule in policy["spec"].get(kind, ()):
                assert rule[peers]
                assert {} not in rule[peers]


@each
def test_prometheus_reaches_every_planned_service_that_it_scrapes(stack: str) -> None:
    planned = pods(manifests(stack))
    prometheus = next(pod for pod in planned if pod.name == "prometheus")
    evaluator = evaluators(policies(stack))[0]
    services = {each["metadata"]["name"]: each for each in manifests(stack) if each["kind"] == "Service"}
    reached = set[str]()
    for exporter in CATALOGUE.exporters:
        service = services.get(exporter.job)
        if exporter.discovery is not Discovery.SERVICE or service is None or exporter.job in ON_NODES:
            continue
        (port,) = [each for each in service["spec"]["ports"] if each["name"] == exporter.port]
        selector = service["spec"]["selector"]
        for pod in planned:
            if pod.namespace == service["metadata"]["namespace"] and _is_selected(pod, selector):
                assert evaluator.allows(prometheus, pod, pod.ports[port["targetPort"]]), exporter.job
                reached.add(exporter.job)
    assert {"kube-state-metrics", "prometheus", "alertmanager"} <= reached


def _is_selected(pod: Endpoint, selector: Mapping[str, str]) -> bool:
    # Operators' own labels, by which they find their pods.
    ours = {"operator.prometheus.io/name": "prometheus", "alertmanager": "alertmanager"}
    return all(pod.labels.get(key) == value or ours.get(key) == pod.name for key, value in selector.items())


@each
def test_only_what_has_to_is_on_its_node_s_network(stack: str) -> None:
    found = {
        each["metadata"]["name"]
        for each in manifests(stack)
        if "template" in each.get("spec", {})
        if each["spec"]["template"]["spec"].get("hostNetwork")
    }
    assert found == ON_NODES.keys()


@each
def test_the_metadata_server_is_never_reached(stack: str) -> None:
    server = Endpoint(name="metadata", address="169.254.169.254")
    for evaluator in evaluators(policies(stack)):
        assert not [pod for pod in pods(manifests(stack)) if evaluator.allows(pod, server, 80)]
        assert not [pod for pod in pods(manifests(stack)) if evaluator.allows(pod, server, 443)]


@each
def test_people_reach_no_page_but_through_its_door(stack: str) -> None:
    evaluator = evaluators(policies(stack))[0]
    (ingress,) = [endpoint for endpoint, ends in everybody(stack) if flows.INGRESS in ends]
    candidates = [Door(port) for port in (3000, 4180, 5601, 9090, 9093, 16686)]
    reached = {pod.name for pod in pods(manifests(stack)) if evaluator.open_doors(ingress, pod, candidates)}
    assert reached == ({door.name for door in flows.DOORS} if stack == "prod" else set())


@each
def test_kibana_which_takes_a_door_s_word_answers_nobody_else(stack: str) -> None:
    evaluator = evaluators(policies(stack))[0]
    (kibana,) = [pod for pod in pods(manifests(stack)) if pod.name == "kibana"]
    asking = {name.name for name, _ in everybody(stack) if evaluator.open_doors(name, kibana, [Door(5601)])}
    brings = {pod.name for pod in pods(manifests(stack)) if pod.name.startswith("log-content-")}
    assert asking == brings | ({"kibana-door"} if stack == "prod" else set())


@each
def test_another_implementation_agrees(stack: str, tmp_path: Path) -> None:
    candidates = [Door(9090), Door(443), Door(53, "UDP"), Door(METRICS), ODD]
    found = [(source, target, door) for source, target, door in declared(stack)] + [
        (source, target, door)
        for source, sending in everybody(stack)
        for target, receiving in everybody(stack)
        if _is_bound(sending | receiving)
        for door in candidates
    ]
    evaluator = Evaluator(policies=policies(stack), blocks_mean_pods=True)
    ours = [evaluator.allows(source, target, door.port, door.protocol) for source, target, door in found]
    asked = [(source, target, door.port, door.protocol) for source, target, door in found]
    assert judged(policies(stack), asked, {}, tmp_path) == ours
    assert len(found) > 500


@each
def test_keda_reaches_prometheus_where_it_is_the_engine_and_the_adapter_is_then_not_there(
    stack: str, tmp_path: Path
) -> None:
    for part in ("Pulumi.yaml", "__main__.py"):
        (tmp_path / part).symlink_to(ROOT / part)
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    changed = text.replace("engine: hpa", "engine: keda").replace("kedaNamespace: keda", "kedaNamespace: scaling")
    (tmp_path / f"Pulumi.{stack}.yaml").write_text(changed, encoding="utf-8")
    made = [each.inputs for each in plan(stack, root=tmp_path).recording.resources.values() if is_manifest(each)]
    found = [each for each in made if each["kind"] == "NetworkPolicy"]
    keda = _pod("keda", "scaling", {"app": "keda-operator"})
    (prometheus,) = [pod for pod in pods(made) if pod.name == "prometheus"]
    others = [_pod("its neighbour", "scaling", {"app": "other"}), _pod("another", "keda", {"app": "keda-operator"})]
    for evaluator in evaluators(found):
        assert evaluator.open_doors(keda, prometheus, [Door(9090), Door(8080), ODD]) == [Door(9090)]
        assert not any(evaluator.allows(other, prometheus, 9090) for other in others)
        assert not evaluators(policies(stack))[0].allows(keda, prometheus, 9090), "without the engine"
    assert not [each for each in made if each["metadata"]["name"] == "prometheus-adapter"]
