"""The reference evaluator: each rule of network policies, and another implementation that has to agree."""

import random
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from ops.plan.endpoints import pods
from ops.plan.reach import Endpoint, Evaluator
from tests.support.cyclonus import judged

ALPHA = Endpoint(name="alpha", namespace="one", labels={"app": "alpha"}, ports={"web": 80}, address="10.0.0.1")
BETA = Endpoint(
    name="beta", namespace="one", labels={"app": "beta", "tier": "x"}, ports={"web": 81}, address="10.0.0.2"
)
GAMMA = Endpoint(name="gamma", namespace="two", labels={"app": "alpha"}, address="10.0.0.3")
WORLD = Endpoint(name="world", address="203.0.113.7")
NEAR = Endpoint(name="near", address="192.168.1.1")
EVERYBODY = (ALPHA, BETA, GAMMA, WORLD, NEAR)
ALL_OF_IT = {"ipBlock": {"cidr": "0.0.0.0/0"}}


def policy(namespace: str = "one", **spec: Any) -> Mapping[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "test", "namespace": namespace},
        "spec": {"podSelector": {}} | spec,
    }


def allows(*policies: Mapping[str, Any], blocks_mean_pods: bool = True) -> Evaluator:
    labels = {"two": {"team": "b"}}
    return Evaluator(policies=policies, blocks_mean_pods=blocks_mean_pods, namespace_labels=labels)


def test_without_a_policy_everything_passes() -> None:
    assert allows().allows(WORLD, ALPHA, 1)


def test_a_policy_without_rules_denies_one_direction() -> None:
    verdict = allows(policy(policyTypes=["Ingress"]))
    assert not verdict.allows(BETA, ALPHA, 80)
    assert verdict.allows(ALPHA, GAMMA, 80)
    assert not allows(policy(policyTypes=["Egress"])).allows(ALPHA, GAMMA, 80)


def test_ingress_is_meant_where_no_direction_is_said() -> None:
    assert not allows(policy()).allows(BETA, ALPHA, 80)
    assert allows(policy()).allows(ALPHA, GAMMA, 80)
    assert not allows(policy(egress=[{"to": [ALL_OF_IT], "ports": [{"port": 1}]}])).allows(ALPHA, GAMMA, 80)


def test_a_policy_binds_pods_of_its_namespace_that_it_selects() -> None:
    verdict = allows(policy(podSelector={"matchLabels": {"app": "alpha"}}))
    assert not verdict.allows(BETA, ALPHA, 80)
    assert verdict.allows(ALPHA, BETA, 80)
    assert verdict.allows(BETA, GAMMA, 80)


def test_both_ends_have_to_agree() -> None:
    out = policy(policyTypes=["Egress"], egress=[{"to": [{"podSelector": {}}]}])
    assert allows(out).allows(ALPHA, BETA, 80)
    assert not allows(out, policy(policyTypes=["Ingress"])).allows(ALPHA, BETA, 80)


def test_policies_add_up() -> None:
    one, other = (policy(ingress=[{"ports": [{"port": port}]}]) for port in (80, 90))
    verdict = allows(one, other)
    assert [verdict.allows(WORLD, ALPHA, port) for port in (80, 90, 100)] == [True, True, False]


@pytest.mark.parametrize(
    ("peer", "reached"),
    [
        ({"podSelector": {}}, {"beta"}),
        ({"podSelector": {"matchLabels": {"app": "alpha"}}}, set[str]()),
        ({"namespaceSelector": {}}, {"beta", "gamma"}),
        ({"namespaceSelector": {"matchLabels": {"team": "b"}}}, {"gamma"}),
        ({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "one"}}}, {"beta"}),
        ({"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "alpha"}}}, {"gamma"}),
        ({"namespaceSelector": {"matchExpressions": [{"key": "team", "operator": "DoesNotExist"}]}}, {"beta"}),
        ({"podSelector": {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["x", "y"]}]}}, {"beta"}),
        ({"podSelector": {"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["x"]}]}}, set[str]()),
        ({"podSelector": {"matchExpressions": [{"key": "tier", "operator": "Exists"}]}}, {"beta"}),
        ({"ipBlock": {"cidr": "0.0.0.0/0", "except": ["192.168.0.0/16", "10.0.0.3/32"]}}, {"beta", "world"}),
    ],
)
def test_peers(peer: Mapping[str, Any], reached: set[str]) -> None:
    verdict = allows(
        policy(podSelector={"matchLabels": {"app": "alpha"}}, policyTypes=["Egress"], egress=[{"to": [peer]}])
    )
    assert {each.name for each in EVERYBODY if each != ALPHA and verdict.allows(ALPHA, each, 80)} == reached


def test_blocks_of_addresses_mean_pods_or_not() -> None:
    out = policy(policyTypes=["Egress"], egress=[{"to": [ALL_OF_IT]}])
    assert allows(out, blocks_mean_pods=True).allows(ALPHA, GAMMA, 80)
    assert not allows(out, blocks_mean_pods=False).allows(ALPHA, GAMMA, 80)
    assert allows(out, blocks_mean_pods=False).allows(ALPHA, WORLD, 80)


@pytest.mark.parametrize(
    ("port", "open_ports"),
    [
        ({}, {79, 80, 81, 90}),
        ({"port": 80}, {80}),
        ({"port": 80, "endPort": 81}, {80, 81}),
        ({"port": "web"}, {81}),
        ({"port": "mail"}, set[int]()),
        ({"port": 80, "protocol": "UDP"}, set[int]()),
    ],
)
def test_ports(port: Mapping[str, Any], open_ports: set[int]) -> None:
    verdict = allows(policy(ingress=[{"ports": [port]}]))
    assert {each for each in (79, 80, 81, 90) if verdict.allows(WORLD, BETA, each)} == open_ports


def test_each_of_hundreds_of_workloads_has_an_address() -> None:
    template = {"metadata": {}, "spec": {"containers": []}}
    workloads = [
        {"kind": "Deployment", "metadata": {"name": f"a-{each}", "namespace": "one"}, "spec": {"template": template}}
        for each in range(300)
    ]
    assert len({ip_address(each.address) for each in pods(workloads)}) == 300


def test_an_unknown_operator_is_refused() -> None:
    broken = policy(podSelector={"matchExpressions": [{"key": "a", "operator": "Near"}]})
    with pytest.raises(ValueError, match="no operator Near"):
        allows(broken).allows(WORLD, ALPHA, 80)


def test_another_implementation_agrees(tmp_path: Path) -> None:
    """Cyclonus, which Kubernetes' network plugins are tested with, over policies made at random."""
    chance = random.Random(7)  # noqa: S311 the same on every machine
    asked = agreed = 0
    for number in range(12):
        folder = tmp_path / str(number)
        folder.mkdir()
        policies = [_made_up(chance, each) for each in range(chance.randint(1, 4))]
        connections = [
            (source, target, port, protocol)
            for source in EVERYBODY
            for target in EVERYBODY
            if source != target
            for port, protocol in ((80, "TCP"), (81, "TCP"), (9000, "TCP"), (80, "UDP"))
        ]
        said = judged(policies, connections, {"two": {"team": "b"}}, folder)
        # Its blocks mean pods too.
        verdict = allows(*policies)
        ours = [verdict.allows(*connection) for connection in connections]
        asked += len(ours)
        agreed += sum(mine == theirs for mine, theirs in zip(ours, said, strict=True))
        assert ours == said, policies
        assert len(set(ours)) > 1 or number, "a test in which everything passes proves nothing"
    assert asked == agreed == 12 * 80


def _made_up(chance: random.Random, number: int) -> Mapping[str, Any]:
    def selector() -> Mapping[str, Any]:
        return chance.choice(
            [
                {},
                {"matchLabels": {"app": chance.choice(["alpha", "beta"])}},
                {"matchExpressions": [{"key": "tier", "operator": chance.choice(["Exists", "DoesNotExist"])}]},
                {"matchExpressions": [{"key": "app", "operator": chance.choice(["In", "NotIn"]), "values": ["beta"]}]},
            ]
        )

    def peer() -> Mapping[str, Any]:
        namespaces = chance.choice([{}, {"matchLabels": {"team": "b"}}, {"matchLabels": {"team": "none"}}])
        block = {"cidr": "0.0.0.0/0", "except": chance.choice([["192.168.0.0/16"], ["10.0.0.0/30"]])}
        return chance.choice(
            [
                {"podSelector": selector()},
                {"namespaceSelector": namespaces},
                {"namespaceSelector": namespaces, "podSelector": selector()},
                {"ipBlock": block},
            ]
        )

    def rules(peers: str) -> list[Mapping[str, Any]]:
        ports = [{"protocol": "TCP", "port": 80}, {"protocol": "TCP", "port": "web"}, {"protocol": "UDP", "port": 80}]
        return [
            {peers: [peer() for _ in range(chance.randint(0, 2))], "ports": chance.sample(ports, chance.randint(0, 2))}
            for _ in range(chance.randint(0, 2))
        ]

    made = policy(
        chance.choice(["one", "two"]),
        podSelector=selector(),
        policyTypes=chance.choice([["Ingress"], ["Egress"], ["Ingress", "Egress"]]),
        ingress=rules("from"),
        egress=rules("to"),
    )
    return {**made, "metadata": {**made["metadata"], "name": f"policy-{number}"}}
