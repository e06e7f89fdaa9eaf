"""A program that spans pass, before it is a workload: an OpenTelemetry collector, and Jaeger 2 is one too.

So all of them are told, watched and protected alike: they refuse spans before memory runs out, write lines as JSON, and
show their metrics under the names that the catalogue has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalogue.model.quantity import Bytes
from components.render.kubernetes import Document, Labels
from components.render.tracing.tls import Certificate, serving

FILES = "/etc/collector"
"""Where its configuration is mounted, and what lies beside it."""

QUEUE = "/var/lib/collector"
"""Where its volume is mounted."""

LOGIN = "/etc/login"
"""Where `username` and `password` of its store are mounted."""

SERVICE_TAG = "service"
"""A span's resource attribute by which it is found among metrics."""

OTLP = "4317"
OTLP_HTTP = "4318"
METRICS = 8888
HEALTH = 13133

JOB = "app.kubernetes.io/component"
"""Label of all pods that one job scrapes."""

# A second's worth of spans, in few enough bytes for one gRPC message.
BATCH: Document = {"send_batch_size": 2048, "send_batch_max_size": 4096, "timeout": "1s"}
# Of the container's own limit: refused spans are sent again, and those of a killed process are not.
_GRPC: Document = {"endpoint": f"0.0.0.0:{OTLP}", "max_recv_msg_size_mib": 16}
MEMORY_LIMITER: Document = {"check_interval": "1s", "limit_percentage": 80, "spike_limit_percentage": 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What has to be done, again and again until it succeeds, before the program starts."""

    name: str
    image: str
    args: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who it is at its store, by the names of Secrets."""

    credentials: str
    """With `username` and `password`."""

    authority: str
    """With `ca.crt`, which signed the store's certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """One workload."""

    name: str
    image: str
    job: str
    """The job that scrapes it."""

    config: Document
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Texts beside the configuration, by their names below FILES."""

    ports: Mapping[str, int]
    """Where it listens, beside its metrics and its health."""

    health: str
    """Path of its health at HEALTH."""

    roles: Labels = field(default_factory=dict[str, str])
    """Labels of its pods that policies know it by, where its name is not enough."""

    memory: Bytes
    replicas: int = 1
    on_every_node: bool = False
    reads_pods: bool = False
    """Whether it asks the API server which pod an address is."""

    queue: Bytes | None = None
    """Volume of each replica, for what could not be sent yet."""

    login: Login | None = None
    certificate: Certificate | None = None
    first: Sequence[Step] = ()

    @property
    def selector(self) -> Labels:
        """What its pods are found by."""
        return {"app.kubernetes.io/name": self.name}

    @property
    def certificate_secret(self) -> str:
        """Secret with its certificate."""
        return f"{self.name}-tls"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A name under which pods are found: a Service."""

    name: str
    pods: Labels
    ports: Mapping[str, tuple[int, str]]
    """Number, and the name that the pods' own port has, by name."""

    every_address: bool = False
    """Whether the name stands for each pod's address, for whoever chooses among them."""

    same_node: bool = False
    """Whether it leads to the pod of the caller's own node."""


def scraped(job: str) -> Entry:
    """What Prometheus finds the job's pods by."""
    return Entry(name=job, pods={JOB: job}, ports={"metrics": (METRICS, "metrics")}, every_address=True)


def service(extensions: Sequence[str], pipelines: Document, *, name: str | None = None) -> Document:
    """What runs of what is configured. `name`: what it calls itself, where that is not its image's own name."""
    resource: Document = {"resource": {"service.name": name}} if name else {}
    shown: Document = {
        "host": "0.0.0.0",  # noqa: S104 a pod's own
        "port": METRICS,
        # Releases differ in what they leave out of names; rules read them with unit and _total.
        "without_type_suffix": False,
        "without_units": False,
        "without_scope_info": True,
    }
    return {
        "extensions": [*extensions],
        "pipelines": pipelines,
        "telemetry": resource
        | {"metrics": {"readers": [{"pull": {"exporter": {"prometheus": shown}}}]}, "logs": {"encoding": "json"}},
    }


def applications() -> Document:
    """Receives OTLP of applications, by HTTP too: their exporter survives a fork by HTTP alone."""
    return {"otlp": {"protocols": {"grpc": _GRPC, "http": {"endpoint": f"0.0.0.0:{OTLP_HTTP}"}}}}


def collectors() -> Document:
    """Receives OTLP of other collectors, which are on other nodes."""
    return {"otlp": {"protocols": {"grpc": _GRPC | {"tls": serving()}}}}


def listening(port: int) -> Document:
    """Every address of the pod, which policies guard."""
    return {"endpoint": f"0.0.0.0:{port}"}
