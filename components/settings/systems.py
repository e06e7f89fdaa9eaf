"""Sections of the systems beside Prometheus, Alertmanager and PagerDuty."""

from typing import Annotated, Literal

from pydantic import Field

from components.settings.fields import (
    Bucket,
    Lasting,
    Memory,
    Percent,
    Replicas,
    Retention,
    Section,
    Share,
    Url,
)


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
    archive_bucket: Bucket | None
    snapshot_bucket: Bucket | None


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
    requests_per_second: Annotated[int, Field(ge=1, le=1_000_000)] | None
