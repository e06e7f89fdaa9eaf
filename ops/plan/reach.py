"""What network policies let through, by the rules of networking.k8s.io/v1: a reference evaluator.

It reads manifests and knows nothing of how they were made, so it can prove what the program only intends.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any, Self

_NAME = "kubernetes.io/metadata.name"
_DIRECTIONS = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}

Manifest = Mapping[str, Any]
_Label = tuple[str, str]
_Subject = tuple[str | None, frozenset[_Label], str]
# With one of its peers, of whom None is everybody, and the namespace of its policy.
_Rule = tuple[Manifest, Manifest | None, str]


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
class _Bound:
    """What binds a pod in one direction."""

    policies: Sequence[Manifest]
    rules: Mapping[_Label | None, Sequence[_Rule]]
    """By a label that whoever is meant has to have, or None: a pod with hundreds of rules is asked about hundreds of
    others."""

    @classmethod
    def of(cls, policies: Sequence[Manifest], direction: str) -> Self:
        """The rules of these policies."""
        rules = dict[_Label | None, list[_Rule]]()
        inner, peers = _DIRECTIONS[direction]
        for policy in policies:
            for rule in _each(policy["spec"], inner):
                # A rule without peers means everybody.
                for peer in _each(rule, peers) or (None,):
                    label = _wanted(_inner(peer or {}, "podSelector"))
                    rules.setdefault(label, []).append((rule, peer, policy["metadata"]["namespace"]))
        return cls(policies=policies, rules=rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """A cluster's policies. Kubernetes leaves open whether a block of addresses means pods too, and plugins differ."""

    policies: Sequence[Manifest]
    blocks_mean_pods: bool
    namespace_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """Labels of namespaces beside the name that each has as a label."""

    _selecting: dict[tuple[str | None, _Label | None], list[Manifest]] = field(
        default_factory=dict[tuple[str | None, _Label | None], list[Manifest]], init=False
    )
    _bound: dict[_Subject, "_Bound"] = field(default_factory=dict[_Subject, "_Bound"], init=False)

    def __post_init__(self) -> None:
        for policy in self.policies:
            key = policy["metadata"]["namespace"], _wanted(_inner(policy["spec"], "podSelector"))
            self._selecting.setdefault(key, []).append(policy)

    def allows(self, source: Endpoint, target: Endpoint, port: int, protocol: str = "TCP") -> bool:
        """Whether the source may open that connection, and the target may take it."""
        return bool(self.open_doors(source, target, [Door(port, protocol)]))

    def open_doors(self, source: Endpoint, target: Endpoint, doors: Sequence[Door]) -> list[Door]:
        """Those of the target's doors that the source gets through."""
        for direction, subject, other in (("Egress", source, target), ("Ingress", target, source)):
            bound = self._binding(subject, direction)
            if bound.policies:
                # Most pairs end here.
                if not (rules := [*self._rules(bound, other)]):
                    return []
                doors = [door for door in doors if any(_opens(rule, door, target) for rule in rules)]
        return [*doors]

    def binding(self, pod: Endpoint, direction: str) -> Sequence[Manifest]:
        """Policies that bind the pod in that direction. Without any, everything passes."""
        return self._binding(pod, direction).policies

    def _binding(self, pod: Endpoint, direction: str) -> "_Bound":
        key = (pod.namespace, frozenset(pod.labels.items()), direction)
        if key not in self._bound:
            policies = [
                policy
                for label in (None, *pod.labels.items())
                for policy in self._selecting.get((pod.namespace, label), ())
                if direction in _types(policy["spec"])
                if _selects(_inner(policy["spec"], "podSelector"), pod.labels)
            ]
            self._bound[key] = _Bound.of(policies, direction)
        return self._bound[key]

    def _rules(self, bound: "_Bound", other: Endpoint) -> Iterator[Manifest]:
        for label in (None, *other.labels.items()):
            for rule, peer, here in bound.rules.get(label, ()):
                if peer is None or self._is_peer(peer, other, here):
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


def _wanted(selector: Manifest) -> _Label | None:
    """A label that all whom it selects have, where there is one."""
    labels: Mapping[str, str] = _inner(selector, "matchLabels")
    return next(iter(labels.items()), None)


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
