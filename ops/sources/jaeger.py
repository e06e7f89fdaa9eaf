"""Jaeger's stable API, /api/v3, which answers in OpenTelemetry's own JSON.

Parameters have the names that releases of the last years know; newer ones take them as second names.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from pydantic import Field

from ops.sources.server import Answer, Server
from ops.sources.times import Window, stamp
from ops.traces.model import Span, Trace, traces

_ERROR = (2, "STATUS_CODE_ERROR")
_OWN = "@jaeger@"
"""How attributes begin that Jaeger adds."""


class _Services(Answer):
    services: Sequence[str] = ()


class _Attribute(Answer):
    key: str
    value: Mapping[str, object]


class _Status(Answer):
    code: int | str = 0


class _Event(Answer):
    attributes: Sequence[_Attribute] = ()


class _Span(Answer):
    number: str = Field(alias="spanId")
    trace: str = Field(alias="traceId")
    parent: str = Field("", alias="parentSpanId")
    name: str = ""
    start: int = Field(alias="startTimeUnixNano")
    end: int = Field(alias="endTimeUnixNano")
    attributes: Sequence[_Attribute] = ()
    events: Sequence[_Event] = ()
    status: _Status = _Status()


class _Scope(Answer):
    spans: Sequence[_Span] = ()


class _Resource(Answer):
    attributes: Sequence[_Attribute] = ()


class _ResourceSpans(Answer):
    resource: _Resource = _Resource()
    scopes: Sequence[_Scope] = Field((), alias="scopeSpans")


class _Result(Answer):
    resources: Sequence[_ResourceSpans] = Field((), alias="resourceSpans")


class _Traces(Answer):
    result: _Result


def services(jaeger: Server) -> Sequence[str]:
    """Names of the services that sent spans. Raises UnreadError."""
    return sorted(jaeger.get(_Services, "/api/v3/services").services)


def trace(jaeger: Server, number: str) -> Trace | None:
    """The trace of that number, if it was kept. Raises UnreadError."""
    found = traces([*_spans(jaeger.find(_Traces, f"/api/v3/traces/{number}"))])
    return found[0] if found else None


def search(
    jaeger: Server,
    service: str,
    window: Window,
    *,
    most: int,
    over: timedelta | None = None,
    operation: str | None = None,
) -> Sequence[Trace]:
    """Traces that the service took part in, the slowest first: those that took at least so long. Raises UnreadError."""
    asked = [
        ("query.service_name", service),
        ("query.start_time_min", stamp(window.start)),
        ("query.start_time_max", stamp(window.end)),
        ("query.num_traces", str(most)),
    ]
    if over is not None:
        asked.append(("query.duration_min", f"{over / timedelta(microseconds=1):.0f}us"))
    if operation is not None:
        asked.append(("query.operation_name", operation))
    # Jaeger looks at each span; what people ask about is the request.
    least = over.total_seconds() if over else 0
    return [each for each in traces([*_spans(jaeger.find(_Traces, "/api/v3/traces", asked))]) if each.seconds >= least]


def _spans(answer: _Traces | None) -> Iterator[Span]:
    for resource in answer.result.resources if answer else ():
        service = _values(resource.resource.attributes).get("service.name", "unknown")
        for each in (span for scope in resource.scopes for span in scope.spans):
            # What was raised is told by an event of the span.
            told = [attribute for event in each.events for attribute in event.attributes]
            yield Span(
                trace=each.trace,
                number=each.number,
                parent=each.parent,
                service=service,
                operation=each.name,
                start=each.start,
                end=max(each.start, each.end),
                failed=each.status.code in _ERROR,
                attributes=_values(told) | _values(each.attributes),
            )


def _values(attributes: Sequence[_Attribute]) -> dict[str, str]:
    return {
        each.key: str(next(iter(each.value.values())))
        for each in attributes
        if each.value and not each.key.startswith(_OWN)
    }
