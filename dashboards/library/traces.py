"""Traces: which operations are slow or fail, and does every span arrive?"""

from decimal import Decimal

from alerts.expression import Expr
from alerts.promql import buckets, quantile, select, sum_by
from catalogue.boards import TRACES
from catalogue.exported import tracing
from catalogue.exporters import JAEGER_COLLECTOR, OTEL_COLLECTOR, SPAN_METRICS
from catalogue.model.exporter import Exporter
from catalogue.model.time import Duration, hours
from catalogue.slos import LATENCY
from dashboards.library.annotations import ANNOTATIONS
from dashboards.library.objectives import slowest_allowed
from dashboards.library.stores import SPANS
from dashboards.library.watched import watched
from dashboards.limits import rising
from dashboards.model import Dashboard, Row, Shown
from dashboards.panels import line, table, timeseries
from dashboards.promql import RANGE, RATE_INTERVAL, falling, top
from dashboards.query import Variable

# The emitter of spans, where `service` is that of the collector.
_EMITTER = Variable(name="service_name", title="Service", series=select(SPAN_METRICS, tracing.SPAN_CALLS))
_BY = (_EMITTER,)
_OPERATION = ("service_name", "span_name")
_SERVER = {"span_kind": "SPAN_KIND_SERVER"}
_FAILURE = {"status_code": "STATUS_CODE_ERROR"}
_CALLS = select(SPAN_METRICS, tracing.SPAN_CALLS, **_SERVER)
_FAILED = select(SPAN_METRICS, tracing.SPAN_CALLS, **_SERVER, **_FAILURE)
_TIMES = buckets(SPAN_METRICS, tracing.SPAN_DURATION, **_SERVER)
_ALL_TIMES = buckets(SPAN_METRICS, tracing.SPAN_DURATION)
_SLOW = rising(warn=slowest_allowed(LATENCY), because="The latency objective's limit.")


def _slowest(share: str, window: Duration, *by: str) -> Expr:
    return quantile(Decimal(share), sum_by(_TIMES.rate(window), *by, "le"))


_RED = Row(
    title="Rate, errors, duration",
    panels=(
        timeseries(
            "Requests",
            "Requests a second that each service answers, by its spans.",
            line(sum_by(_CALLS.rate(RATE_INTERVAL), "service_name"), "{service_name}"),
            by=_BY,
            unit=Shown.REQUESTS_PER_SECOND,
        ),
        timeseries(
            "Failed requests",
            "Share of requests whose span is an error. Others than 5xx can be.",
            line(
                sum_by(_FAILED.rate(RATE_INTERVAL), "service_name").of(
                    sum_by(_CALLS.rate(RATE_INTERVAL), "service_name")
                ),
                "{service_name}",
            ),
            by=_BY,
        ),
        timeseries(
            "Response time",
            "Half of all requests are faster than P50; one in twenty is slower than P95.",
            line(_slowest("0.5", RATE_INTERVAL, "service_name"), "P50 {service_name}"),
            line(_slowest("0.95", RATE_INTERVAL, "service_name"), "P95 {service_name}"),
            by=_BY,
            limits=_SLOW,
        ),
    ),
)
_OPERATIONS = Row(
    title="Operations",
    panels=(
        table(
            "Slowest operations",
            "95th percentile of the time of each operation, those within a service too: the ten slowest.",
            falling(top(10, quantile(Decimal("0.95"), sum_by(_ALL_TIMES.increase(RANGE), *_OPERATION, "le")))),
            by=_BY,
            limits=_SLOW,
            width=8,
        ),
        table(
            "Operations that fail",
            "The ten operations with the most errors in the selected time.",
            falling(
                top(
                    10,
                    sum_by(select(SPAN_METRICS, tracing.SPAN_CALLS, **_FAILURE).increase(RANGE), *_OPERATION).above(0),
                )
            ),
            by=_BY,
            width=8,
        ),
        table(
            "Busiest operations",
            "The ten operations that happened most often in the selected time.",
            falling(top(10, sum_by(select(SPAN_METRICS, tracing.SPAN_CALLS).increase(RANGE), *_OPERATION))),
            by=_BY,
            width=8,
        ),
    ),
)


def _queue(exporter: Exporter) -> Expr:
    each = ("job", "pod", "exporter")
    used = sum_by(select(exporter, tracing.QUEUE_SIZE).now, *each)
    return used.of(sum_by(select(exporter, tracing.QUEUE_CAPACITY).now, *each))


_PATH = Row(
    title="The way of a span",
    panels=(
        SPANS,
        timeseries(
            "Queues",
            "Share of the queue before each exporter in use. A full one loses spans.",
            line(_queue(OTEL_COLLECTOR), "{job} {exporter} of {pod}"),
            line(_queue(JAEGER_COLLECTOR), "{job} {exporter} of {pod}, storing"),
        ),
        watched(
            "Decided too early",
            "Share of traces that were let go before it was known whether they are worth keeping.",
            "traces",
            "TracesDroppedTooEarly",
        ),
        timeseries(
            "Spans stored",
            "Spans a second that Jaeger writes to Elasticsearch.",
            line(sum_by(select(JAEGER_COLLECTOR, tracing.SPANS_WRITTEN).rate(RATE_INTERVAL)), "written"),
            line(sum_by(select(JAEGER_COLLECTOR, tracing.WRITES_FAILED).rate(RATE_INTERVAL)), "failed"),
            unit=Shown.PER_SECOND,
        ),
        watched(
            "Spans not stored",
            "Share of the spans that Elasticsearch did not take.",
            "spans",
            "JaegerSpansNotStored",
        ),
        watched(
            "Reads that fail",
            "Share of what people look up in Jaeger that its storage does not answer.",
            "{operation}",
            "JaegerStorageErrors",
        ),
    ),
)

PAGE = Dashboard(
    board=TRACES,
    description="Which operations are slow or fail, by the spans of all requests, and whether every span arrives.",
    variables=_BY,
    annotations=ANNOTATIONS,
    shows=hours(6),
    rows=(_RED, _OPERATIONS, _PATH),
)
