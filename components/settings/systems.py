"""Sections of the systems beside Prometheus, Alertmanager and PagerDuty."""

from typing import Annotated, Literal

from pydantic import Field

from catalogue.model.cost import SyntheticPrices
from catalogue.model.scaling import Targets
from components.render.grafana import Database as Kept
from components.render.grafana import GrafanaSize
from components.settings.fields import (
    Group,
    Header,
    Host,
    HostPort,
    Lasting,
    Memory,
    Month,
    Name,
    Networks,
    Percent,
    Port,
    Price,
    Principal,
    Replicas,
    Retention,
    Section,
    Share,
    Text,
    Url,
    Word,
)


class GrafanaDatabase(Section):
    """A PostgreSQL that Grafana's replicas share."""

    host: HostPort
    name: Word
    user: Word


class Grafana(Section):
    """Grafana. With a url its content goes through the API, else through ConfigMaps."""

    url: Url | None
    replicas: Replicas
    volume: Memory
    memory: Memory
    database: GrafanaDatabase | None

    def size(self, storage_class: str | None) -> GrafanaSize:
        """What the component needs of it."""
        shared = self.database
        return GrafanaSize(
            replicas=self.replicas,
            memory=self.memory,
            volume=self.volume,
            storage_class=storage_class,
            database=Kept(host=shared.host, name=shared.name, user=shared.user) if shared else None,
        )


class Tracing(Section):
    """Jaeger and the OpenTelemetry collectors."""

    storage: Literal["memory", "elasticsearch"]
    retention: Retention
    collector_replicas: Replicas
    query_replicas: Replicas
    gateway_replicas: Replicas
    gateway_volume: Memory
    sampled_share: Share
    keep_slower_than: Lasting


class Prices(Section):
    """What Datadog bills, in dollars."""

    checked: Month
    call: Price
    browser_run: Price

    @property
    def known(self) -> SyntheticPrices:
        """For what is derived from it."""
        return SyntheticPrices(checked=self.checked, call=self.call, browser_run=self.browser_run)


class SyntheticsAccess(Section):
    """Whom Datadog lets change and see the tests. Where both are empty, whomever the account lets."""

    editor: list[Principal]
    viewer: list[Principal]

    @property
    def known(self) -> dict[str, list[str]]:
        """By relation, as Datadog names it."""
        return {"editor": self.editor, "viewer": self.viewer}


class Synthetics(Section):
    """Datadog's tests from outside."""

    enabled: bool
    site: Literal["datadoghq.com", "datadoghq.eu", "us3.datadoghq.com", "us5.datadoghq.com", "ap1.datadoghq.com"]
    skipped: dict[str, Text]
    access: SyntheticsAccess
    pass_header: Header | None
    prices: Prices
    monthly_limit: Annotated[int, Field(ge=1, le=1_000_000)]


class Autoscaling(Section):
    """How the API gateway grows and shrinks."""

    engine: Literal["hpa", "keda"]
    keda_namespace: Name
    min_replicas: Replicas
    max_replicas: Annotated[int, Field(ge=1, le=500)]
    cpu_percent: Percent
    memory_percent: Percent
    requests_per_second: Annotated[int, Field(ge=1, le=1_000_000)] | None

    @property
    def targets(self) -> Targets:
        """What the component needs of it."""
        return Targets(
            least=self.min_replicas,
            most=self.max_replicas,
            cpu_percent=self.cpu_percent,
            memory_percent=self.memory_percent,
            load=self.requests_per_second,
        )


class Watched(Section):
    """A system that an exporter asks, and what it shows it. Without a host there is no exporter."""

    host: Host | None
    port: Port
    credentials: Name | None
    authority: Name | None


class Store(Watched):
    """One that may be outside the cluster."""

    networks: Networks


class Database(Store):
    """PostgreSQL."""

    database: Text


class Exporters(Section):
    """What exporters look at."""

    postgresql: Database
    redis: Store
    elasticsearch: Watched
    logstash: Watched


class Network(Section):
    """What policies cannot know of the cluster."""

    nodes: Annotated[Networks, Field(min_length=1)]
    api_servers: Annotated[Networks, Field(min_length=1)]
    ingress_namespace: Name
    local_dns: Networks
    annotated_namespaces: list[Name]


class Groups(Section):
    """The group of the sign-on whose members have each role."""

    viewer: Group
    editor: Group
    on_call: Group


class Access(Section):
    """How people get in. Without an issuer there is no way in from outside."""

    issuer: Url | None
    keys: Url | None
    networks: Networks
    client: Name
    credentials: Name
    groups: Groups
    ingress_class: Name
    certificate_issuer: Name | None
