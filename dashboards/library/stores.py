"""Are data stores and pipelines well? A row for the boards that ask."""

from alerts.promql import select, sum_by, unlike
from catalogue.exported import elasticsearch, logs, tracing
from catalogue.exporters import (
    ELASTICSEARCH_EXPORTER,
    LOGSTASH_EXPORTER,
    OTEL_COLLECTOR,
)
from dashboards.library.watched import watched
from dashboards.limits import rising
from dashboards.model import Row
from dashboards.panels import line, states, timeseries
from dashboards.promql import RATE_INTERVAL

POSTGRESQL_CONNECTIONS = watched(
    "PostgreSQL connections",
    "Share of the connections for the application that are taken.",
    "{instance}",
    "PostgreSQLConnectionsHigh",
    "PostgreSQLConnectionsExhausted",
    width=6,
)
REDIS_MEMORY = watched(
    "Redis memory",
    "Share of the memory at which Redis begins to evict.",
    "{instance}",
    "RedisMemoryHigh",
    width=6,
)
ELASTICSEARCH_HEALTH = states(
    "Elasticsearch health",
    "The colour of the cluster: yellow lacks a copy of something, red lacks something altogether.",
    line(
        select(ELASTICSEARCH_EXPORTER, elasticsearch.CLUSTER_HEALTH, color=unlike("green")).now,
        "{color}",
    ),
    limits=rising(bad="1", because="1 where the cluster has that colour."),
    width=6,
)
ELASTICSEARCH_DISK = watched(
    "Elasticsearch disk",
    "Share of each data node's disk in use. The upper lines are Elasticsearch's low and high watermark.",
    "{name}",
    "ElasticsearchDiskFilling",
    "ElasticsearchDiskLowWatermark",
    "ElasticsearchDiskHighWatermark",
    width=6,
)
LOGSTASH_EVENTS = timeseries(
    "Logstash events",
    "Events a second that come in and go out, by pipeline.",
    line(sum_by(select(LOGSTASH_EXPORTER, logs.EVENTS_IN).rate(RATE_INTERVAL), "pipeline"), "in {pipeline}"),
    line(sum_by(select(LOGSTASH_EXPORTER, logs.EVENTS_OUT).rate(RATE_INTERVAL), "pipeline"), "out {pipeline}"),
)
SPANS = timeseries(
    "Spans",
    "Spans a second that collectors accept, refuse, and fail to pass on.",
    line(sum_by(select(OTEL_COLLECTOR, tracing.SPANS_ACCEPTED).rate(RATE_INTERVAL), "job"), "accepted {job}"),
    line(sum_by(select(OTEL_COLLECTOR, tracing.SPANS_REFUSED).rate(RATE_INTERVAL), "job"), "refused {job}"),
    line(sum_by(select(OTEL_COLLECTOR, tracing.SPANS_FAILED).rate(RATE_INTERVAL), "job"), "lost {job}"),
)
PROMETHEUS_SERIES = watched(
    "Prometheus series",
    "Series that each replica holds in memory.",
    "{pod}",
    "PrometheusHeadSeriesHigh",
)

STORES = Row(
    title="Data stores and pipelines",
    panels=(
        POSTGRESQL_CONNECTIONS,
        REDIS_MEMORY,
        ELASTICSEARCH_HEALTH,
        ELASTICSEARCH_DISK,
        LOGSTASH_EVENTS,
        SPANS,
        PROMETHEUS_SERIES,
    ),
)
