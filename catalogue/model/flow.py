"""Who talks to whom: the data-flow graph that network policies and the README's diagram are made from."""

from dataclasses import dataclass
from enum import StrEnum

from catalogue.model.names import check_slug

_HIGHEST_PORT = 65_535


class Home(StrEnum):
    """Where an end of a flow is, and so how a policy can name it."""

    STACK = "the stack's own namespace"
    AGENTS = "the namespace of the few that have to see their node"
    APPLICATION = "the application's namespace"
    CLUSTER = "what every cluster has: DNS, API servers, nodes, an ingress controller"
    OUTSIDE = "beyond the cluster, or wherever the stack's settings say"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Something that sends or receives. Policies are made for those of the stack and its nodes, and for no other."""

    name: str
    """Of a workload: the value of app.kubernetes.io/name on its pods."""

    home: Home = Home.STACK
    labels: tuple[tuple[str, str], ...] = ()
    """Labels of its pods, where they are others."""

    drawn_as: str | None = None
    """Its box in the diagram, which several may share. None: it is not drawn, for it would hide the rest."""

    def __post_init__(self) -> None:
        check_slug("end", self.name)

    @property
    def is_ours(self) -> bool:
        """Whether its policies are ours to make."""
        return self.home in (Home.STACK, Home.AGENTS)

    @property
    def pod_labels(self) -> dict[str, str]:
        """What its pods are selected by."""
        return dict(self.labels) or {"app.kubernetes.io/name": self.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Connections that some sources open to a target. What comes back belongs to the connection."""

    sources: tuple[End, ...]
    target: End
    ports: tuple[int | str, ...] = ()
    """Ports of the target's pods, by number or by name, not of a Service before them. None: those that the stack's
    settings name."""

    every_port: bool = False
    """Whether any port may be meant, for each pod of the target names its own."""

    carries: str
    """What, in a word or two: the diagram's arrow."""

    udp: bool = False
    """Whether it comes by UDP too."""

    def __post_init__(self) -> None:
        if not self.sources:
            raise ValueError(f"a flow to {self.target.name} has no source")
        if wrong := [port for port in self.ports if isinstance(port, int) and not 0 < port <= _HIGHEST_PORT]:
            raise ValueError(f"a flow to {self.target.name}: {wrong[0]} is no port")
        if self.every_port and self.ports:
            raise ValueError(f"a flow to {self.target.name}: some ports, or every one")
        if not (self.ports or self.every_port or self.target.home is Home.OUTSIDE):
            raise ValueError(f"a flow to {self.target.name} names no port, so it would open all")
        if not self.target.is_ours and not any(source.is_ours for source in self.sources):
            raise ValueError(f"a flow to {self.target.name}: no end of it is ours to open")
