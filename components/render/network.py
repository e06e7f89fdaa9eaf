"""From the data-flow graph to what a network policy allows each workload, in one place and both directions.

A flow whose other end a stack does not run is left out: a rule that selects nothing today would open a hole on the day
when somebody gives a pod its labels.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalogue.model.flow import End, Flow

INTERNET = "0.0.0.0/0"
# What is private is never meant by the internet: pods, nodes, and the cloud's metadata servers are there.
_PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where one end is found in a stack: in namespaces, in networks, or in both."""

    namespaces: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Its pods within them. None: all of them."""

    networks: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    """Where the stack says them, and not the catalogue."""


Locations = Mapping[End, Location]
"""Everything that a stack runs or has. What is not in it does not exist there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Pods, or a network."""

    namespace: str | None = None
    """None: that of the policy itself."""

    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    network: str | None = None

    @property
    def excepted(self) -> Sequence[str]:
        """Networks within its own that are not meant."""
        return _PRIVATE if self.network == INTERNET else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Connections with any of the peers, on any of the ports. No ports: on every one."""

    peers: Sequence[Peer]
    ports: Sequence[tuple[str, int | str]]
    """Protocols and ports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What one workload may receive and send. Everything else is denied to it."""

    name: str
    namespace: str
    pods: Mapping[str, str]
    ingress: Sequence[Rule]
    egress: Sequence[Rule]


def policies(flows: Sequence[Flow], locations: Locations) -> Iterator[Policy]:
    """A policy for each workload of ours that the stack runs. Raises ValueError where a flow has no port."""
    received, sent = dict[End, list[Flow]](), dict[End, list[Flow]]()
    for flow in flows:
        received.setdefault(flow.target, []).append(flow)
        for source in flow.sources:
            sent.setdefault(source, []).append(flow)
    for end, location in locations.items():
        if end.is_ours:
            (home,) = location.namespaces
            yield Policy(
                name=end.name,
                namespace=home,
                pods=end.pod_labels,
                ingress=_rules(home, received.get(end, ()), locations, incoming=True),
                egress=_rules(home, sent.get(end, ()), locations, incoming=False),
            )


def _rules(home: str, flows: Iterable[Flow], locations: Locations, *, incoming: bool) -> list[Rule]:
    found = dict[str, Rule]()
    for flow in flows:
        ends = flow.sources if incoming else (flow.target,)
        if peers := [peer for end in ends if end in locations for peer in _peers(home, locations[end])]:
            rule = Rule(peers=peers, ports=_ports(flow, locations))
            # Two vendors are one internet.
            found[str(rule)] = rule
    return [*found.values()]


def _peers(home: str, location: Location) -> Iterator[Peer]:
    for namespace in location.namespaces:
        near = namespace == home and bool(location.labels)
        yield Peer(namespace=None if near else namespace, labels=location.labels)
    for network in location.networks:
        yield Peer(network=network)


def _ports(flow: Flow, locations: Locations) -> Sequence[tuple[str, int | str]]:
    if flow.every_port:
        return []
    ports = flow.ports or locations[flow.target].ports
    if not ports:
        raise ValueError(f"{flow.target.name}: neither the catalogue nor the stack says its port")
    return [(protocol, port) for port in ports for protocol in (("TCP", "UDP") if flow.udp else ("TCP",))]
