"""The settings of a stack, one model for each section. Pulumi.dev.yaml explains every one of them."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from catalogue.model.time import Duration
from components.render.alertmanager import AlertmanagerSize
from components.render.prometheus import PrometheusSize
from components.settings.fields import (
    Cpu,
    Domain,
    Email,
    Interval,
    Lasting,
    Memory,
    Name,
    Percent,
    Replicas,
    Retained,
    Retention,
    SeverityName,
    Share,
    Text,
    Threshold,
    Url,
    Zone,
)

# Rates are taken over five minutes and need four samples.
_SLOWEST_SCRAPE = Duration.parse("75s")
# Prometheus needs room for the write-ahead log and for compaction beside what it retains.
_VOLUME_SHARE = 0.85


class Section(BaseModel):
    """Frozen, strict about types, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel)


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


class Metrics(Section):
    """Prometheus."""

    replicas: Replicas
    scrape_interval: Interval
    evaluation_interval: Interval
    retention: Retention
    retention_size: Retained
    volume: Memory
    cpu: Cpu
    memory: Memory

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

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.retention_size.count > self.volume.count * _VOLUME_SHARE:
            raise ValueError(
                f"retentionSize {self.retention_size} is over 85% of the volume's {self.volume}, and Prometheus needs "
                "the rest to compact; retain less or take a larger volume"
            )
        if self.scrape_interval > _SLOWEST_SCRAPE:
            raise ValueError(
                f"scrapeInterval {self.scrape_interval} gives a rate over 5m fewer than four samples; "
                f"scrape at least every {_SLOWEST_SCRAPE.seconds} seconds"
            )
        if self.evaluation_interval < self.scrape_interval:
            raise ValueError(
                f"evaluationInterval {self.evaluation_interval} is shorter than scrapeInterval {self.scrape_interval}: "
                "rules would see the same samples twice; make it as long at least"
            )
        return self


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

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("it changes nothing; give a threshold, for or severity, or remove it")
        return self


class Rota(Section):
    """Who of a team is on call, in the order of their weeks, and who is asked last."""

    time_zone: Zone
    members: Annotated[list[Email], Field(min_length=1)]
    manager: Email

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if twice := sorted({member for member in self.members if self.members.count(member) > 1}):
            raise ValueError(f"{', '.join(twice)} is in members twice; a rota lists each person once")
        return self


class OnCall(Section):
    """PagerDuty."""

    enabled: bool
    schedule_api: Literal["v2", "legacy"]
    teams: dict[str, Rota]


class Grafana(Section):
    """Grafana. With a url its content goes through the API, else through ConfigMaps."""

    url: Url | None
    replicas: Replicas
    volume: Memory
    memory: Memory


class Nodes(Section):
    """Elasticsearch nodes of one kind. A count of 0 leaves the tier out."""

    count: Annotated[int, Field(ge=0, le=50)]
    memory: Memory
    volume: Memory


class Logs(Section):
    """Elasticsearch, Kibana and Logstash. With a url their content goes through the API, else through a Job."""

    url: Url | None
    license: Literal["basic", "enterprise"]
    master: Nodes
    hot: Nodes
    warm: Nodes
    cold: Nodes
    frozen: Nodes
    kibana_replicas: Replicas
    logstash_replicas: Replicas
    archive_bucket: Text | None
    snapshot_bucket: Text | None

    @model_validator(mode="after")
    def _tiers(self) -> Self:
        if self.license == "basic" and self.frozen.count:
            raise ValueError("frozen.count: a frozen tier needs searchable snapshots, and those an enterprise license")
        if self.hot.count == 0:
            raise ValueError("hot.count: without a hot node nothing can be written; set it to 1 at least")
        if self.master.count in (0, 2):
            raise ValueError(f"master.count: {self.master.count} masters cannot outvote a lost one; take 1 or 3")
        return self


class Tracing(Section):
    """Jaeger and the OpenTelemetry collectors."""

    storage: Literal["memory", "elasticsearch"]
    retention: Retention
    collector_replicas: Replicas
    query_replicas: Replicas
    gateway_replicas: Replicas
    sampled_share: Share
    keep_slower_than: Lasting


class Synthetics(Section):
    """Datadog's tests from outside."""

    enabled: bool
    site: Literal["datadoghq.com", "datadoghq.eu", "us3.datadoghq.com", "us5.datadoghq.com", "ap1.datadoghq.com"]


class Autoscaling(Section):
    """How the API gateway grows and shrinks."""

    engine: Literal["hpa", "keda"]
    min_replicas: Replicas
    max_replicas: Annotated[int, Field(ge=1, le=500)]
    cpu_percent: Percent
    memory_percent: Percent
    requests_per_second: Annotated[int, Field(ge=1)] | None

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if self.min_replicas > self.max_replicas:
            raise ValueError(
                f"minReplicas {self.min_replicas} is more than maxReplicas {self.max_replicas}; swap or correct them"
            )
        return self


class Settings(Section):
    """Everything that a stack says about itself."""

    environment: Text
    cluster: Cluster
    operators: Operators
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
