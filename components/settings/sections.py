"""The settings of a stack, one model for each section. Pulumi.dev.yaml explains every one of them."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from components.render.alertmanager import AlertmanagerSize
from components.render.prometheus import PrometheusSize
from components.settings.costs import Costs
from components.settings.fields import (
    Cpu,
    Digest,
    Domain,
    Email,
    ImageName,
    Interval,
    Lasting,
    Members,
    Memory,
    Name,
    Registry,
    Replicas,
    Retained,
    Retention,
    Section,
    SeverityName,
    Text,
    Threshold,
    Url,
    Zone,
)
from components.settings.log_storage import Logs
from components.settings.long_term import LongTerm
from components.settings.readers import WrongValueError
from components.settings.systems import Access, Autoscaling, Exporters, Grafana, Network, Synthetics, Tracing


class Quota(Section):
    """What all pods of the namespace may ask for together."""

    cpu: Cpu
    memory: Memory
    storage: Memory
    pods: Annotated[int, Field(ge=1, le=10_000)]

    @property
    def hard(self) -> dict[str, str]:
        """In the keys of a ResourceQuota. Only memory is limited hard, so only its limits count."""
        return {
            "requests.cpu": self.cpu,
            "requests.memory": str(self.memory),
            "limits.memory": str(self.memory),
            "requests.storage": str(self.storage),
            "pods": str(self.pods),
        }


class Cluster(Section):
    """Which cluster, and what of it the stack takes."""

    kubeconfig: Text | None
    context: Text | None
    identifier: Name
    namespace: Name
    storage_class: Name | None
    quota: Quota


class Operators(Section):
    """Whether the stack brings the operators or the cluster has them."""

    install: bool


class Links(Section):
    """The public domain, and addresses that people open from an alert."""

    domain: Domain
    runbooks: Url
    dashboards: Url
    prometheus: Url
    alertmanager: Url
    kibana: Url
    traces: Url


class Metrics(Section):
    """Prometheus, and what is kept longer than it keeps."""

    replicas: Replicas
    scrape_interval: Interval
    evaluation_interval: Interval
    retention: Retention
    retention_size: Retained
    control_plane: bool
    volume: Memory
    cpu: Cpu
    memory: Memory
    long_term: LongTerm | None

    def size(self, storage_class: str | None) -> PrometheusSize:
        """What the component needs of it."""
        return PrometheusSize(
            replicas=self.replicas,
            retention=self.retention,
            retention_size=self.retention_size,
            volume=self.volume,
            storage_class=storage_class,
            cpu=self.cpu,
            memory=self.memory,
        )


class Alerting(Section):
    """Alertmanager."""

    replicas: Annotated[int, Field(ge=1, le=9)]
    volume: Memory
    memory: Memory
    dead_mans_switch: bool
    office_time_zone: Zone

    def size(self, storage_class: str | None) -> AlertmanagerSize:
        """What the component needs of it."""
        return AlertmanagerSize(
            replicas=self.replicas, volume=self.volume, storage_class=storage_class, memory=self.memory
        )


class AlertOverride(Section):
    """What this stack changes about one alert."""

    threshold: Threshold | None = None
    # `for` is a keyword.
    lasting: Annotated[Lasting | None, Field(alias="for")] = None
    severity: SeverityName | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _is_given(cls, value: object) -> object:
        if value is None:
            raise WrongValueError("is empty", "remove it or fill it in")
        return value

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise WrongValueError("it changes nothing", "give a threshold, for or severity, or remove it")
        return self


class Rota(Section):
    """Who of a team is on call, in the order of their weeks, and who is asked last."""

    time_zone: Zone
    members: Members
    manager: Email


class OnCall(Section):
    """PagerDuty."""

    enabled: bool
    schedule_api: Literal["v2", "legacy"]
    teams: dict[str, Rota]


class Images(Section):
    """Where images come from, and by which content they are known."""

    mirrors: dict[Registry, Registry]
    digests: dict[ImageName, Digest]


class Settings(Section):
    """Everything that a stack says about itself."""

    environment: Text
    cluster: Cluster
    operators: Operators
    images: Images
    links: Links
    metrics: Metrics
    alerting: Alerting
    alerts: dict[str, AlertOverride]
    on_call: OnCall
    grafana: Grafana
    logs: Logs
    tracing: Tracing
    synthetics: Synthetics
    autoscaling: Autoscaling
    exporters: Exporters
    network: Network
    access: Access
    cost: Costs
