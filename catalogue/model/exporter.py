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
    CONTROL_PLANE = "a part of the control plane, by its component label in kube-system"
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
    """Name of the Service's port; of a part of the control plane, its number."""

    secure: bool = False
    """Whether a part of the control plane is asked over TLS, with the service account's token."""

    path: str = "/metrics"
    interval: Duration | None = None
    """Where it differs from the stack's scrape interval."""

    about_another: bool = False
    """Whether it is a program of its own that shows another system, and not that system itself."""

    honor_labels: bool = False
    """Whether the exporter's own `namespace` and `pod` labels win over the target's."""

    per_node: bool = False
    """Whether it runs once on each node; `instance` is then the node's name."""

    sample_limit: int = 50_000
    """Samples in one scrape beyond which the whole scrape is rejected."""

    version: str = ""
    """Of the software that exposes the metrics; empty where the cluster brings it."""

    flags: tuple[str, ...] = ()
    """With which it is started, as far as they decide what it exposes."""

    metrics: tuple[Metric, ...] = ()
    """What our rules and dashboards read from it, at that version and with those flags."""

    def __post_init__(self) -> None:
        check_slug("job", self.job)
        for metric in self.metrics:
            if self.version and metric.since and _ordered(self.version) < _ordered(metric.since):
                raise ValueError(f"job {self.job}: {metric.name} came with {metric.since}, and we run {self.version}")
            if metric.needs and metric.needs not in self.flags:
                raise ValueError(f"job {self.job}: {metric.name} is not exposed without {metric.needs}")

    @property
    def drops_the_rest(self) -> bool:
        """Whether what the catalogue does not name is dropped.

        So it is of a job whose series multiply with the cluster's objects, and of an exporter, which is there for what
        we read alone. A system that shows itself has a few hundred series more, and all of them are kept: for whoever
        searches in an incident for what nobody had thought of.
        """
        return self.about_another or self.discovery in (Discovery.API_SERVER, Discovery.KUBELET, Discovery.CADVISOR)


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
