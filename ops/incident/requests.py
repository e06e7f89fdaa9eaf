"""Requests of a time that failed or were slow, and one request from within."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from catalogue.slos import WITHIN
from ops.incident.model import Moment, Part, Source, Weight
from ops.shown.words import count
from ops.sources import jaeger
from ops.sources.server import Server
from ops.sources.times import Window, took
from ops.traces.model import Span, Trace
from ops.traces.report import began, detail, steps

_MOST = 300
_SLOW = timedelta(seconds=float(WITHIN))
_NOTABLE_SHARE = 0.1


def troubled(source: Server, window: Window) -> Part:
    """Requests that failed or were slow, by what they asked for. Raises UnreadError."""
    found = dict[str, Trace]()
    for service in jaeger.services(source):
        # The slow ones by themselves: they would be lost among as many that merely failed.
        for over in (None, _SLOW):
            searched = jaeger.search(source, service, window, most=_MOST, over=over)
            found |= {each.number: each for each in searched if each.whole}
    failed, slow = (
        _grouped([each for each in found.values() if each.failed]),
        _grouped([each for each in found.values() if not each.failed and each.seconds >= _SLOW.total_seconds()]),
    )
    worst = max(found.values(), key=lambda each: (bool(each.failed), each.seconds), default=None)
    return Part(
        moments=[
            *(_group(each, "failed") for each in failed.values()),
            *(_group(each, f"took {took(_SLOW.total_seconds())} or more") for each in slow.values()),
        ],
        trace=worst if worst and (worst.failed or worst.seconds >= _SLOW.total_seconds()) else None,
    )


def one(trace: Trace) -> Part:
    """What happened in one request."""
    return Part(moments=[*_within(trace)], trace=trace)


def bounds(trace: Trace) -> tuple[datetime, datetime]:
    """When its first span began, and its last one ended."""
    return _at(trace.start), _at(trace.end)


def _grouped(traces: Sequence[Trace]) -> Mapping[tuple[str, str], Sequence[Trace]]:
    groups = defaultdict[tuple[str, str], list[Trace]](list)
    for each in sorted(traces, key=lambda each: each.start):
        groups[each.root.service, each.root.operation].append(each)
    return groups


def _group(traces: Sequence[Trace], how: str) -> Moment:
    worst = max(traces, key=lambda each: each.seconds)
    many = f", {count(len(traces), 'trace')} kept until {began(traces[-1]):%H:%M:%S}" if len(traces) > 1 else ""
    return Moment(
        at=began(traces[0]),
        source=Source.TRACE,
        weight=Weight.NOTABLE,
        service=worst.root.service,
        what=f"{worst.root.operation} {how}{many}; the longest took {took(worst.seconds)}",
        trace=worst.number,
    )


def _within(trace: Trace) -> Iterator[Moment]:
    root, slow = trace.root, {step.span.number for share, step in steps(trace) if share >= _NOTABLE_SHARE}
    yield _span(root, f"{root.operation} begins", Weight.CALM)
    for each in trace.spans:
        if each is root:
            continue
        if each.failed:
            yield _span(each, f"{each.operation} fails after {took(each.seconds)}: {detail(each)}", Weight.NOTABLE)
        elif each.number in slow:
            yield _span(each, f"{each.operation} takes {took(each.seconds)}: {detail(each)}", Weight.CALM)
    said = "fails" if root.failed else "ends"
    weight = Weight.NOTABLE if root.failed or root.seconds >= _SLOW.total_seconds() else Weight.CALM
    yield _span(root, f"{root.operation} {said} after {took(root.seconds)}", weight, at=root.end)


def _span(span: Span, what: str, weight: Weight, *, at: int | None = None) -> Moment:
    return Moment(
        at=_at(span.start if at is None else at),
        source=Source.TRACE,
        weight=weight,
        service=span.service,
        what=what,
        trace=span.trace,
    )


def _at(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC)
