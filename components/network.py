"""The network around the stack: nothing comes in or goes out but what the catalogue declares.

Each namespace of ours denies everything, in both directions, and one policy for each workload opens its flows. A stolen
dashboard session then reaches no database, and a compromised exporter reaches no address outside the cluster. Policies
bind only where the cluster's network plugin enforces them; they never reach pods on their node's own network.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, ResourceOptions
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicy,
    NetworkPolicyEgressRuleArgsDict,
    NetworkPolicyIngressRuleArgsDict,
    NetworkPolicyPeerArgsDict,
    NetworkPolicyPortArgsDict,
    NetworkPolicySpecArgsDict,
)

from catalogue.model.flow import Flow
from components.parts.objects import filled, metadata
from components.render.kubernetes import labels
from components.render.network import Locations, Peer, Policy, Rule, policies

_BOTH = ("Ingress", "Egress")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkArgs:
    """Who may talk to whom, and where each is."""

    namespaces: Mapping[str, Input[str]]
    """Our namespaces, each by the name that locations know it by."""

    flows: Sequence[Flow]
    locations: Locations
    """Every end that this stack runs or has. It decides which policies exist, so it is never an Output."""


class Network(ComponentResource):
    """Default deny, and a policy for each workload."""

    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Network", name, None, opts)
        child = ResourceOptions(parent=self)

        for known, namespace in args.namespaces.items():
            NetworkPolicy(
                f"{name}-{known}-default-deny",
                metadata=metadata(f"{known}-default-deny", labels("network"), namespace),
                spec={"pod_selector": {}, "policy_types": [*_BOTH]},
                opts=child,
            )
        for policy in policies(args.flows, args.locations):
            NetworkPolicy(
                f"{name}-{policy.name}",
                metadata=metadata(policy.name, labels(policy.name), args.namespaces[policy.namespace]),
                spec=_spec(policy),
                opts=child,
            )
        self.register_outputs({})


def _spec(policy: Policy) -> NetworkPolicySpecArgsDict:
    spec: NetworkPolicySpecArgsDict = {
        "pod_selector": {"match_labels": dict(policy.pods)},
        "policy_types": [*_BOTH],
        "ingress": [_incoming(rule) for rule in policy.ingress],
        "egress": [_outgoing(rule) for rule in policy.egress],
    }
    return filled(spec)


def _incoming(rule: Rule) -> NetworkPolicyIngressRuleArgsDict:
    made: NetworkPolicyIngressRuleArgsDict = {"from_": [_peer(peer) for peer in rule.peers], "ports": _ports(rule)}
    return filled(made)


def _outgoing(rule: Rule) -> NetworkPolicyEgressRuleArgsDict:
    made: NetworkPolicyEgressRuleArgsDict = {"to": [_peer(peer) for peer in rule.peers], "ports": _ports(rule)}
    return filled(made)


def _ports(rule: Rule) -> list[NetworkPolicyPortArgsDict]:
    return [{"protocol": protocol, "port": port} for protocol, port in rule.ports]


def _peer(peer: Peer) -> NetworkPolicyPeerArgsDict:
    if peer.network is not None:
        excepted: NetworkPolicyPeerArgsDict = {"ip_block": {"cidr": peer.network, "except_": [*peer.excepted]}}
        return excepted if peer.excepted else {"ip_block": {"cidr": peer.network}}
    found: NetworkPolicyPeerArgsDict = {}
    if peer.namespace is not None:
        found["namespace_selector"] = {"match_labels": {"kubernetes.io/metadata.name": peer.namespace}}
    if peer.labels:
        found["pod_selector"] = {"match_labels": peer.labels}
    return found
