"""Are traces whole, stored, and to be found?"""

from alerts.condition import above, equals
from alerts.expression import Expr
from alerts.library.recordings import REQUESTS
from alerts.model import Alert, Severity
from alerts.promql import select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import TRACES
from catalogue.exported.tracing import (
    DROPPED_TOO_EARLY,
    SPANS_ACCEPTED,
    SPANS_WRITTEN,
    STORAGE_REQUESTS,
    TRACES_SEEN,
    WRITES_FAILED,
)
from catalogue.exporters import APPLICATION, JAEGER_COLLECTOR, OTEL_COLLECTOR, UP
from catalogue.metrics import HTTP_REQUESTS
from catalogue.model.exporter import Exporter
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import API_GATEWAY, JAEGER, OPENTELEMETRY
from catalogue.teams import PLATFORM

_HERE = {"namespace": "observability"}
_WINDOW = minutes(10)


def _within(exporter: Exporter, metric: Metric, *by: str, **matchers: str) -> Expr:
    return sum_by(select(exporter, metric, **matchers).increase(_WINDOW), "namespace", *by)


def _says(exporter: Exporter, metric: Metric, values: str, **labels: str) -> Samples:
    return samples(exporter, metric, values, pod="collector-0", **_HERE, **labels)


def _decided(seen: str, dropped: str) -> tuple[Samples, ...]:
    return (_says(OTEL_COLLECTOR, TRACES_SEEN, seen), _says(OTEL_COLLECTOR, DROPPED_TOO_EARLY, dropped))


def _searches(found: str, failed: str) -> tuple[Samples, ...]:
    return (
        _says(JAEGER_COLLECTOR, STORAGE_REQUESTS, found, operation="find_traces", result="ok"),
        _says(JAEGER_COLLECTOR, STORAGE_REQUESTS, failed, operation="find_traces", result="err"),
    )


def _writes(written: str, failed: str) -> tuple[Samples, ...]:
    return (_says(JAEGER_COLLECTOR, SPANS_WRITTEN, written), _says(JAEGER_COLLECTOR, WRITES_FAILED, failed))


def _traffic(requests: str, up: str, *received: Samples) -> tuple[Samples, ...]:
    route = {"service": API_GATEWAY.name, "method": "GET", "endpoint": "/api/v1/bills", "status": "200", "pod": "a"}
    return (samples(APPLICATION, HTTP_REQUESTS, requests, **route), _says(JAEGER_COLLECTOR, UP, up), *received)


_EARLY = _within(OTEL_COLLECTOR, DROPPED_TOO_EARLY)
_READS_FAILED = _within(JAEGER_COLLECTOR, STORAGE_REQUESTS, "operation", result="err")
_WRITES_FAILED = _within(JAEGER_COLLECTOR, WRITES_FAILED)

ALERTS = (
    Alert(
        name="TracesDroppedTooEarly",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=OPENTELEMETRY,
        symptom=Symptom.LOSS,
        watches="share of the traces thrown away before it was decided whether to keep them",
        when=above(
            _EARLY.of(_within(OTEL_COLLECTOR, TRACES_SEEN)),
            "0.01",
            because="Errors and slow requests are kept whole otherwise; one in a hundred lost is no accident.",
            guard=_EARLY.at_least(10),
        ),
        lasting=minutes(10),
        summary="Collectors throw traces away undecided",
        description="{value:percentage} of the traces were thrown away to make room, failed and slow requests among"
        " them: more come than the collectors can hold until they decide.",
        board=TRACES,
        fires=Firing(given=_decided("0+1000x60", "0+50x60"), at=minutes(25), labels=_HERE, value="5%"),
        # A larger share, of a handful.
        silent=Scenario(given=_decided("0+1x60", "0+0.2x60"), at=minutes(25)),
    ),
    Alert(
        name="JaegerStorageErrors",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=JAEGER,
        symptom=Symptom.ERRORS,
        watches="share of a kind of search that fails",
        when=above(
            _READS_FAILED.of(_within(JAEGER_COLLECTOR, STORAGE_REQUESTS, "operation")),
            "0.05",
            because="A search over too long a time fails now and then; one in twenty is more than that.",
            guard=_READS_FAILED.at_least(5),
        ),
        lasting=minutes(10),
        summary="Jaeger cannot search: {operation} fails",
        description="{value:percentage} of the requests {operation} to Elasticsearch fail: people find traces late,"
        " incompletely or not at all.",
        board=TRACES,
        fires=Firing(
            given=_searches("0+9x60", "0+1x60"),
            at=minutes(25),
            labels=_HERE | {"operation": "find_traces"},
            value="10%",
        ),
        # Two searches of the only person who looks.
        silent=Scenario(given=_searches("0+0.2x60", "0+0.1x60"), at=minutes(25)),
    ),
    Alert(
        name="JaegerSpansNotStored",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=JAEGER,
        symptom=Symptom.LOSS,
        watches="share of the spans that Elasticsearch does not take",
        when=above(
            # Jaeger has said that it took these: nothing else shows that they are lost.
            _WRITES_FAILED.of(_within(JAEGER_COLLECTOR, SPANS_WRITTEN)),
            "0.01",
            because="Lost without another attempt; one in a hundred makes holes that people meet.",
            guard=_WRITES_FAILED.at_least(10),
        ),
        lasting=minutes(10),
        summary="Elasticsearch does not take Jaeger's spans",
        description="{value:percentage} of the spans are not stored and are lost without another attempt.",
        board=TRACES,
        fires=Firing(given=_writes("0+1000x60", "0+250x60"), at=minutes(25), labels=_HERE, value="25%"),
        silent=Scenario(given=_writes("0+1000x60", "0+8x60"), at=minutes(25)),
    ),
    Alert(
        name="TracesNotReceived",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=JAEGER,
        symptom=Symptom.BLIND,
        watches="spans that reach Jaeger a second, while requests are answered",
        when=equals(
            # A counter that has not counted yet is absent; while Jaeger is up, that is none.
            sum_by(select(JAEGER_COLLECTOR, SPANS_ACCEPTED).rate(minutes(15))).or_zero_like(
                sum_by(select(JAEGER_COLLECTOR, UP).now.above(0))
            ),
            0,
            # One in ten healthy requests is kept, so a quarter of an hour brings ninety at least.
            guard=sum_by(REQUESTS.now).above(1),
        ),
        lasting=minutes(15),
        summary="Requests are answered and no span arrives",
        description="The application serves requests, and for a quarter of an hour no span of them has reached Jaeger:"
        " slow and failed requests of this time can never be looked into.",
        board=TRACES,
        fires=Firing(given=_traffic("0+100x90", "1x90"), at=minutes(40)),
        # Jaeger itself is down: that is another alert.
        silent=Scenario(given=_traffic("0+100x90", "0x90"), at=minutes(40)),
    ),
)
