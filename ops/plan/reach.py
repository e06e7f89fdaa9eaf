"""What network policies let through, by the rules of networking.k8s.io/v1: a reference evaluator.

It reads manifests and knows nothing of how they were made, so it can prove what the program only intends.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

_NAME = "kubernetes.io/metadata.name"
_DIRECTIONS = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}

Manifest = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A pod, or an address outside the cluster."""

    name: str
    address: str
    namespace: str | None = None
    """None: no pod, or one on its node's network, which no policy tells from the node."""

    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    ports: Mapping[str, int] = field(default_factory=dict[str, int])
    """Numbers of its named ports."""


@dataclass(frozen=True, slots=True)
class Door:
    """A port of an endpoint."""

    port: int
    protocol: str = "TCP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """A cluster's policies. Kubernetes leaves open whether a block of addresses means pods too, and plugins differ."""

    policies: Sequence[Manifest]
    blocks_mean_pods: bool
    namespace_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """Labels of namespaces beside the name that each has as a label."""

    _bound: dict[tuple[str | None, frozenset[tuple[str, str]], str], list[Manifest]] = field(
        default_factory=dict[tuple[str | None, frozenset[tuple[str, str]], str], list[Manifest]], init=False
    )

    def allows(self, source: Endpoint, target: Endpoint, port: int, protocol: str = "TCP") -> bool:
        """Whether the source may open that connection, and the target may take it."""
        return bool(self.open_doors(source, target, [Door(port, protocol)]))

    def open_doors(self, source: Endpoint, target: Endpoint, doors: Sequence[Door]) -> list[Door]:
        """Those of the target's doors that the source gets through."""
        for direction, subject, other in (("Egress", source, target), ("Ingress", target, source)):
            if bound := self.binding(subject, direction):
                rules = [*self._rules(bound, direction, other)]
                doors = [door for door in doors if any(_opens(rule, door, target) for rule in rules)]
        return [*doors]

    def binding(self, pod: Endpoint, direction: str) -> list[Manifest]:
        """Policies that bind the pod in that direction. Without any, everything passes."""
        key = (pod.namespace, frozenset(pod.labels.items()), direction)
        if key not in self._bound:
            self._bound[key] = self._binding(pod, direction)
        return self._bound[key]

    def _binding(self, pod: Endpoint, direction: str) -> list[Manifest]:
        return [
            policy
            for policy in self.policies
            if policy["metadata"]["namespace"] == pod.namespace
            if direction in _types(policy["spec"])
            if _selects(_inner(policy["spec"], "podSelector"), pod.labels)
        ]

    def _rules(self, bound: Sequence[Manifest], direction: str, other: Endpoint) -> Iterator[Manifest]:
        rules, peers = _DIRECTIONS[direction]
        for policy in bound:
            for rule in _each(policy["spec"], rules):
                named = _each(rule, peers)
                here: str = policy["metadata"]["namespace"]
                # A rule without peers means everybody.
                if not named or any(self._is_peer(peer, other, here) for peer in named):
                    yield rule

    def _is_peer(self, peer: Manifest, other: Endpoint, here: str) -> bool:
        if "ipBlock" in peer:
            block = _inner(peer, "ipBlock")
            excepted: Sequence[str] = block.get("except") or []
            meant = other.namespace is None or self.blocks_mean_pods
            return (
                meant
                and _is_within(other.address, block["cidr"])
                and not any(_is_within(other.address, each) for each in excepted)
            )
        if other.namespace is None:
            return False
        labels = {_NAME: other.namespace, **self.namespace_labels.get(other.namespace, {})}
        near = other.namespace == here
        in_namespace = _selects(peer["namespaceSelector"], labels) if "namespaceSelector" in peer else near
        return in_namespace and _selects(_inner(peer, "podSelector"), other.labels)


def _each(of: Manifest, key: str) -> Sequence[Manifest]:
    return of.get(key) or []


def _inner(of: Manifest, key: str) -> Manifest:
    return of.get(key) or {}


def _types(spec: Manifest) -> Sequence[str]:
    # Ingress is always meant where nothing is said, egress only where there are rules for it.
    return spec.get("policyTypes") or ["Ingress", *(["Egress"] if _each(spec, "egress") else [])]


@cache
def _is_within(address: str, network: str) -> bool:
    return ip_address(address) in ip_network(network)


def _opens(rule: Manifest, door: Door, target: Endpoint) -> bool:
    ports = _each(rule, "ports")
    return not ports or any(_means(port, door, target) for port in ports)


def _means(port: Manifest, door: Door, target: Endpoint) -> bool:
    if port.get("protocol", "TCP") != door.protocol:
        return False
    first: int | str | None = port.get("port")
    if isinstance(first, str):
        return target.ports.get(first) == door.port
    return first is None or first <= door.port <= port.get("endPort", first)


def _selects(selector: Manifest, labels: Mapping[str, str]) -> bool:
    exact = all(labels.get(key) == value for key, value in _inner(selector, "matchLabels").items())
    return exact and all(_holds(each, labels) for each in _each(selector, "matchExpressions"))


def _holds(expression: Manifest, labels: Mapping[str, str]) -> bool:
    key: str = expression["key"]
    values: Sequence[str] = expression.get("values") or []
    match expression["operator"]:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case unknown:
            raise ValueError(f"a selector has no operator {unknown}")
