"""Do spans get through the collectors? OpenTelemetry's and Jaeger's are one code base, and are watched alike."""

from alerts.condition import above, holds
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import max_by, missing, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import TRACES
from catalogue.exported.tracing import (
    QUEUE_CAPACITY,
    QUEUE_SIZE,
    SPANS_ACCEPTED,
    SPANS_FAILED,
    SPANS_NOT_QUEUED,
    SPANS_REFUSED,
    SPANS_SENT,
)
from catalogue.exporters import JAEGER_COLLECTOR, OTEL_COLLECTOR, UP
from catalogue.model.exporter import Exporter
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.teams import PLATFORM

_WINDOW = minutes(5)
_POD = {"namespace": "observability", "pod": "collector-0"}
_IN = {"receiver": "otlp", "transport": "grpc"}
_OUT = {"exporter": "otlp_grpc/jaeger"}
_HERE = {"namespace": "observability"}


def _rate(exporter: Exporter, metric: Metric, by: str) -> Expr:
    return sum_by(select(exporter, metric).rate(_WINDOW), "namespace", by)


def _lost(exporter: Exporter, metric: Metric, by: str) -> Expr:
    """At least ten, for one failed batch of three spans is no share worth a person's time."""
    return sum_by(select(exporter, metric).increase(_WINDOW), "namespace", by).at_least(10)


def _says(exporter: Exporter, metric: Metric, values: str, /, **labels: str) -> Samples:
    return samples(exporter, metric, values, **_POD, **labels)


def _down(name: str, exporter: Exporter, description: str) -> Alert:
    return Alert(
        name=name,
        severity=Severity.WARNING,
        team=PLATFORM,
        service=exporter.service,
        symptom=Symptom.BLIND,
        watches="none of them answers Prometheus",
        when=holds(missing(select(exporter, UP).now.compare(Op.EQUALS, 1))),
        lasting=minutes(5),
        summary="{service} is down",
        description=description,
        board=TRACES,
        fires=Firing(given=(_says(exporter, UP, "1x10 0x40"),), at=minutes(12)),
        # One of two.
        silent=Scenario(
            given=(
                _says(exporter, UP, "1x10 0x40"),
                samples(exporter, UP, "1x50", **(_POD | {"pod": "collector-1"})),
            ),
            at=minutes(20),
        ),
    )


def _refusing(exporter: Exporter) -> Alert:
    def received(accepted: str, refused: str) -> tuple[Samples, ...]:
        return (
            _says(exporter, SPANS_ACCEPTED, accepted, **_IN),
            _says(exporter, SPANS_REFUSED, refused, **_IN),
        )

    refused = _rate(exporter, SPANS_REFUSED, "receiver")
    return Alert(
        name="OtelReceiverRefusingSpans",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=exporter.service,
        symptom=Symptom.LOSS,
        watches="share of the spans that a receiver refuses",
        when=above(
            refused.of(_rate(exporter, SPANS_ACCEPTED, "receiver") + refused),
            "0.01",
            because="Senders try again; more than one in a hundred, and their buffers overflow.",
            guard=_lost(exporter, SPANS_REFUSED, "receiver"),
        ),
        lasting=minutes(10),
        summary="The receiver {receiver} of {service} refuses spans",
        description="{value:percentage} of the spans are refused: it is short of memory, or what it sends to is slow."
        " Traces get holes.",
        board=TRACES,
        fires=Firing(
            given=received("0+900x60", "0+100x60"), at=minutes(20), labels=_HERE | {"receiver": "otlp"}, value="10%"
        ),
        # The same share, of next to nothing.
        silent=Scenario(given=received("0+2x60", "0+0.2x60"), at=minutes(25)),
    )


def _failing(exporter: Exporter) -> Alert:
    def sent(well: str, failed: str) -> tuple[Samples, ...]:
        return (_says(exporter, SPANS_SENT, well, **_OUT), _says(exporter, SPANS_FAILED, failed, **_OUT))

    failed = _rate(exporter, SPANS_FAILED, "exporter")
    return Alert(
        name="OtelExporterFailing",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=exporter.service,
        symptom=Symptom.LOSS,
        watches="share of the spans that an exporter gives up",
        when=above(
            failed.of(_rate(exporter, SPANS_SENT, "exporter") + failed),
            "0.01",
            because="These are lost after all attempts; one in a hundred makes holes that people meet.",
            guard=_lost(exporter, SPANS_FAILED, "exporter"),
        ),
        lasting=minutes(10),
        summary="The exporter {exporter} of {service} gives spans up",
        description="{value:percentage} of the spans could not be sent on and are lost. Traces get holes or are"
        " missing.",
        board=TRACES,
        fires=Firing(
            given=sent("0+800x60", "0+200x60"),
            at=minutes(20),
            labels=_HERE | {"exporter": _OUT["exporter"]},
            value="20%",
        ),
        # It failed for five minutes, and nothing fails since the restart.
        silent=Scenario(given=sent("0+800x10 0+800x50", "0+200x10 0x50"), at=minutes(9)),
    )


def _queue_full(exporter: Exporter) -> Alert:
    spans = _OUT | {"data_type": "traces"}
    by = ("namespace", "pod", "exporter")

    def queue(size: str) -> tuple[Samples, ...]:
        return (
            _says(exporter, QUEUE_SIZE, size, **spans),
            _says(exporter, QUEUE_CAPACITY, "5000x60", **spans),
        )

    return Alert(
        name="OtelQueueNearlyFull",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=exporter.service,
        symptom=Symptom.FULL,
        watches="share of a sending queue in use",
        when=above(
            max_by(select(exporter, QUEUE_SIZE).average_over(_WINDOW), *by).of(
                max_by(select(exporter, QUEUE_CAPACITY).max_over(_WINDOW), *by)
            ),
            "0.8",
            because="A queue is empty in good days; the last fifth lasts for minutes.",
        ),
        lasting=minutes(5),
        summary="The queue of {exporter} in {pod} is nearly full",
        description="{value:percentage} of the sending queue is in use: what it sends to is slow or away. When it is"
        " full, spans are lost.",
        board=TRACES,
        fires=Firing(given=queue("4500x60"), at=minutes(15), labels=_POD | {"exporter": _OUT["exporter"]}, value="90%"),
        silent=Scenario(given=queue("3800x60"), at=minutes(25)),
    )


def _not_queued(exporter: Exporter) -> Alert:
    return Alert(
        name="OtelEnqueueFailed",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=exporter.service,
        symptom=Symptom.LOSS,
        watches="spans a second for which a sending queue has no room",
        when=above(_rate(exporter, SPANS_NOT_QUEUED, "exporter"), 0),
        lasting=minutes(5),
        keep_firing=minutes(10),
        summary="The queue of {exporter} of {service} is full",
        description="{value:number} spans a second find no room in the queue and are lost.",
        board=TRACES,
        fires=Firing(
            given=(_says(exporter, SPANS_NOT_QUEUED, "0+60x60", **_OUT),),
            at=minutes(15),
            labels=_HERE | {"exporter": _OUT["exporter"]},
            value="2",
        ),
        # Some long ago, and a restart.
        silent=Scenario(given=(_says(exporter, SPANS_NOT_QUEUED, "900x10 0x50", **_OUT),), at=minutes(9)),
    )


ALERTS = (
    _down("JaegerDown", JAEGER_COLLECTOR, "No trace can be stored or looked up."),
    _down("OtelCollectorDown", OTEL_COLLECTOR, "The application gets its spans nowhere: no new trace is recorded."),
    *(
        alert(exporter)
        for alert in (_refusing, _failing, _queue_full, _not_queued)
        for exporter in (OTEL_COLLECTOR, JAEGER_COLLECTOR)
    ),
)
