"""Alertmanager, the stores behind logs and traces, and the operators of all: rows of a board."""

from decimal import Decimal

from alerts.promql import buckets, max_by, quantile, select, sum_by
from catalogue.exported import monitoring
from catalogue.exporters import (
    ALERTMANAGER_SERVER,
    ELASTIC_OPERATOR,
    PROMETHEUS_OPERATOR,
    PROMETHEUS_SERVER,
)
from dashboards.library.stores import ELASTICSEARCH_DISK, ELASTICSEARCH_HEALTH, LOGSTASH_EVENTS, SPANS
from dashboards.library.watched import watched
from dashboards.model import Row, Shown
from dashboards.panels import line, timeseries
from dashboards.promql import RATE_INTERVAL

_SENT = Row(
    title="Alertmanager",
    panels=(
        timeseries(
            "Alerts held",
            "Alerts that Alertmanager knows: told, and kept quiet by a silence or by another alert.",
            line(max_by(select(ALERTMANAGER_SERVER, monitoring.ALERTS_HELD).now, "state"), "{state}"),
            width=6,
        ),
        timeseries(
            "Silences",
            "Silences by state. An active one that nobody remembers hides the next outage.",
            line(max_by(select(ALERTMANAGER_SERVER, monitoring.SILENCES).now, "state"), "{state}"),
            width=6,
        ),
        timeseries(
            "Alerts handed over",
            "Alerts a second that Prometheus sent to Alertmanager, and that it gave up.",
            line(sum_by(select(PROMETHEUS_SERVER, monitoring.NOTIFICATIONS_SENT).rate(RATE_INTERVAL)), "sent"),
            line(sum_by(select(PROMETHEUS_SERVER, monitoring.NOTIFICATIONS_DROPPED).rate(RATE_INTERVAL)), "given up"),
            unit=Shown.PER_SECOND,
            width=6,
        ),
        timeseries(
            "Notifications",
            "Notifications a second, by where they go.",
            line(
                sum_by(select(ALERTMANAGER_SERVER, monitoring.NOTIFICATIONS).rate(RATE_INTERVAL), "integration"),
                "{integration}",
            ),
            width=6,
        ),
        watched(
            "Notifications that fail",
            "Share of the notifications that could not be delivered.",
            "{integration}",
            "AlertmanagerNotificationsFailing",
            width=12,
        ),
        timeseries(
            "Time to notify (P95)",
            "95th percentile of the time that a notification takes.",
            line(
                quantile(
                    Decimal("0.95"),
                    sum_by(
                        buckets(ALERTMANAGER_SERVER, monitoring.NOTIFICATION_DURATION).rate(RATE_INTERVAL),
                        "integration",
                        "le",
                    ),
                ),
                "{integration}",
            ),
            width=12,
        ),
    ),
)
_BEHIND = Row(
    title="Logs and traces",
    panels=(
        ELASTICSEARCH_HEALTH,
        ELASTICSEARCH_DISK,
        watched(
            "Shards without a place",
            "Shards that were without a place for five minutes.",
            "shards",
            "ElasticsearchUnassignedShards",
            width=6,
        ),
        watched(
            "Heap of Logstash",
            "Heap of each Logstash in use.",
            "{pod}",
            "LogstashHeapHigh",
            width=6,
        ),
        LOGSTASH_EVENTS,
        SPANS,
        watched(
            "Spans not stored",
            "Share of the spans that Elasticsearch did not take from Jaeger.",
            "spans",
            "JaegerSpansNotStored",
        ),
    ),
)
_OPERATORS = Row(
    title="Operators",
    panels=(
        timeseries(
            "Reconciliations",
            "How often a second Prometheus' operator compares what is with what should be.",
            line(
                sum_by(select(PROMETHEUS_OPERATOR, monitoring.RECONCILE_OPERATIONS).rate(RATE_INTERVAL), "controller"),
                "{controller}",
            ),
            width=6,
        ),
        watched(
            "Prometheus' operator fails",
            "Reconciliations within ten minutes that failed.",
            "{controller}",
            "PrometheusOperatorReconcileErrors",
            width=6,
        ),
        timeseries(
            "Elastic's reconciliations",
            "How often a second Elastic's operator compares what is with what should be, by how it went.",
            line(sum_by(select(ELASTIC_OPERATOR, monitoring.ECK_RECONCILES).rate(RATE_INTERVAL), "result"), "{result}"),
            width=6,
        ),
        watched(
            "Elastic's operator fails",
            "Reconciliations within ten minutes that failed.",
            "{controller}",
            "ElasticOperatorFailing",
            width=6,
        ),
    ),
)

TELLING = (_SENT, _BEHIND, _OPERATORS)
