"""Where infrastructure metrics come from, and the `job` that they arrive under."""

from dataclasses import dataclass
from enum import StrEnum

from catalogue.model.metric import Metric
from catalogue.model.names import check_slug
from catalogue.model.ownership import Service
from catalogue.model.time import Duration


class Discovery(StrEnum):
    """How Prometheus finds the targets of a job."""

    APPLICATION = "application pods, by their labels"
    SERVICE = "a Service of ours, by app.kubernetes.io/name"
    API_SERVER = "the Kubernetes API server's endpoints"
    KUBELET = "every node's kubelet"
    CADVISOR = "every node's cAdvisor"
    ANNOTATED_PODS = "pods that ask for it by annotation"
    ANNOTATED_SERVICES = "Services that ask for it by annotation"
    PROBE = "addresses that a prober visits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One scrape job. `job` is a contract: rules and dashboards select by it."""

    job: str
    service: Service | None
    """What is down when it is down. None: each target names its own."""

    discovery: Discovery
    port: str = "metrics"
    """Name of the Service's port."""

    path: str = "/metrics"
    interval: Duration | None = None
    """Where it differs from the stack's scrape interval."""

    honor_labels: bool = False
    """Whether the exporter's own `namespace` and `pod` labels win over the target's."""

    per_node: bool = False
    """Whether it runs once on each node; `instance` is then the node's name."""

    sample_limit: int = 50_000
    """Samples in one scrape beyond which the whole scrape is rejected."""

    metrics: tuple[Metric, ...] = ()
    """What our rules and dashboards read from it, at the version that we run."""

    def __post_init__(self) -> None:
        check_slug("job", self.job)
