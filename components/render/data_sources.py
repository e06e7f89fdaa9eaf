"""What Grafana reads, each leading to the others: a line to its trace, a trace to its lines, both to the metrics.

Grafana fills in `$__env{NAME}` when it reads the file, so no secret is in it; `$$` is a dollar that is left for later.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.model.board import DataSource
from catalogue.model.time import Duration
from components.render.kubernetes import Document
from components.render.tracing.collector import SERVICE_TAG


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Addresses of what Grafana reads."""

    prometheus: str
    history: str | None
    """What answers for all Prometheuses and for years. None: Prometheus alone is asked."""

    alertmanager: str
    logs: str
    traces: str
    scrape_interval: Duration
    per_service: Mapping[str, str]
    """Recorded series with a `service` label, by what they are called: what one looks at beside a trace or a line."""


def data_sources(sources: Sources) -> Document:
    """The provisioning file. A data source that is no longer in it goes."""
    return {
        "apiVersion": 1,
        "prune": True,
        "datasources": [
            *_prometheus(sources),
            _source("Alertmanager", DataSource.ALERTMANAGER, "alertmanager", sources.alertmanager)
            | {"jsonData": {"implementation": "prometheus", "handleGrafanaManagedAlerts": False}},
            _logs(sources),
            _traces(sources),
        ],
    }


def _source(name: str, uid: DataSource, kind: str, url: str) -> Document:
    return {"name": name, "uid": uid.value, "type": kind, "access": "proxy", "url": url, "editable": False}


def _prometheus(sources: Sources) -> list[Document]:
    details = {
        "httpMethod": "POST",
        "prometheusType": "Prometheus",
        # What $__rate_interval is made of.
        "timeInterval": str(sources.scrape_interval),
        "exemplarTraceIdDestinations": [{"name": "trace_id", "datasourceUid": DataSource.TRACES.value}],
    }
    if sources.history is None:
        own = _source("Prometheus", DataSource.PROMETHEUS, "prometheus", sources.prometheus)
        return [own | {"isDefault": True, "jsonData": details}]
    whole = _source("Metrics of years", DataSource.PROMETHEUS, "prometheus", sources.history)
    # Chosen above a board when the other fails: it has the last weeks, and waits for no bucket.
    spare = _source("Prometheus alone", DataSource.RECENT, "prometheus", sources.prometheus)
    return [
        whole | {"isDefault": True, "jsonData": details | {"prometheusType": "Thanos"}},
        spare | {"jsonData": details},
    ]


def _logs(sources: Sources) -> Document:
    return _source("Logs", DataSource.LOGS, "elasticsearch", sources.logs) | {
        "basicAuth": True,
        "basicAuthUser": "$__env{ELASTICSEARCH_USER}",
        "secureJsonData": {
            "basicAuthPassword": "$__env{ELASTICSEARCH_PASSWORD}",
            "tlsCACert": "$__env{ELASTICSEARCH_CA}",
        },
        "jsonData": {
            "index": "logs-openpolicy.*",
            "timeField": "@timestamp",
            "logMessageField": "message",
            "logLevelField": "log.level",
            "tlsAuthWithCACert": True,
            "dataLinks": [
                {
                    "field": "trace.id",
                    "datasourceUid": DataSource.TRACES.value,
                    "url": "$${__value.raw}",
                    "urlDisplayLabel": "Trace",
                }
            ],
        },
        "correlations": [
            {
                "targetUID": DataSource.PROMETHEUS.value,
                "label": f"{name} of this service",
                "type": "query",
                "config": {"field": "service.name", "target": {"expr": f'{series}{{service="$${{__value.raw}}"}}'}},
            }
            for name, series in sources.per_service.items()
        ],
    }


def _traces(sources: Sources) -> Document:
    # Clocks differ a little, and a line may be written after its span has ended.
    around = {"spanStartTimeShift": "-5m", "spanEndTimeShift": "5m"}
    return _source("Traces", DataSource.TRACES, "jaeger", sources.traces) | {
        "jsonData": {
            "tracesToLogsV2": around
            | {
                "datasourceUid": DataSource.LOGS.value,
                "customQuery": True,
                "query": 'trace.id:"$${__trace.traceId}"',
            },
            "tracesToMetrics": around
            | {
                "datasourceUid": DataSource.PROMETHEUS.value,
                "tags": [{"key": SERVICE_TAG, "value": "service"}],
                "queries": [
                    {"name": name, "query": f"{series}{{$$__tags}}"} for name, series in sources.per_service.items()
                ],
            },
            "nodeGraph": {"enabled": True},
            "traceIdTimeParams": {"enabled": True},
        }
    }
