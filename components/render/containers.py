"""A program's container, before it is one of Kubernetes': what it is told, and which Secrets it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalogue.model.quantity import Bytes

AUTHORITY = "/etc/authority"
"""Where `ca.crt` of what is watched is mounted."""

HOST = "/host"
"""Where the node's own files are mounted."""

FILES = "/etc/exporter"
"""Where an exporter's own configuration is mounted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A system that an exporter asks."""

    host: str
    port: int
    credentials: str | None
    """Secret with `username` and `password`."""

    authority: str | None
    """Secret with `ca.crt`. None: the connection is not encrypted."""

    database: str = ""

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class StateKind:
    """A kind of objects whose state is shown, as roles name it."""

    group: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A volume of each replica, and where the program finds it."""

    path: str
    size: Bytes
    storage_class: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One program. `name` is the workload; an exporter's is also the job that scrapes it."""

    name: str
    image: str
    port: int
    port_name: str = "metrics"
    more_ports: Mapping[str, int] = field(default_factory=dict[str, int])
    cpu: str = "20m"
    memory: Bytes
    args: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    credentials: str | None = None
    credential_keys: Mapping[str, str] = field(default_factory=dict[str, str])
    """Keys of that Secret, by the environment's names for them."""

    authority: str | None = None
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Texts by their names below FILES."""

    health: str = "/"
    alive: str = ""
    """Where it says that it lives although it is not ready. Empty: where it says that it is."""

    data: Data | None = None
    on_every_node: bool = False
    watches: Sequence[StateKind] = ()
    """What it reads of the cluster, and so all that it may read."""

    replicas: int = 1

    @property
    def selector(self) -> dict[str, str]:
        """What its pods are found by."""
        return {"app.kubernetes.io/name": self.name}

    @property
    def ports(self) -> Mapping[str, int]:
        """All its ports, by name."""
        return {self.port_name: self.port, **self.more_ports}
