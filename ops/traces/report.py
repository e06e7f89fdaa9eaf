"""What is said about traces: as values, for a screen, a page or a script."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from ops.sources.times import stamp
from ops.traces.breakdown import Operation, breakdown
from ops.traces.critical import Step, critical_path
from ops.traces.model import Span, Trace

_LEAST_SHARE = 0.01
"""Of the request: a shorter step is not shown by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Some traces, the slowest first, and one of them in detail."""

    title: str
    found: Sequence[Trace]
    notes: Sequence[str] = ()
    """What the reader has to know about how they were found."""

    @property
    def operations(self) -> Sequence[Operation]:
        """Where the time of all of them goes."""
        return breakdown(self.found)

    @property
    def closer(self) -> Trace | None:
        """The slowest that is whole, or the slowest."""
        return next((each for each in self.found if each.whole), next(iter(self.found), None))


def began(trace: Trace) -> datetime:
    """When its request began."""
    return datetime.fromtimestamp(trace.root.start / 1e9, UTC)


def steps(trace: Trace) -> Sequence[tuple[float, Step]]:
    """Its critical path, each step with its share of the request. Steps that nobody would see are left out."""
    whole = max(trace.root.seconds, 1e-9)
    return [(step.seconds / whole, step) for step in critical_path(trace) if step.seconds / whole >= _LEAST_SHARE]


def detail(span: Span) -> str:
    """What it was about, on one line: the query, or the address, or why it failed."""
    named = ("exception.message", "db.query.text", "http.route", "url.full")
    text = next((span.attributes[name] for name in named if span.attributes.get(name)), "")
    return " ".join(text.split())


def as_json(report: Report) -> Mapping[str, object]:
    """The whole of it: times in seconds, in UTC."""
    return {
        "title": report.title,
        "notes": [*report.notes],
        "traces": [_trace(each) for each in report.found],
        "operations": [asdict(each) for each in report.operations],
    }


def _trace(trace: Trace) -> Mapping[str, object]:
    return {
        "trace_id": trace.number,
        "began": stamp(began(trace)),
        "seconds": trace.seconds,
        "service": trace.root.service,
        "operation": trace.root.operation,
        "spans": len(trace.spans),
        "failed": len(trace.failed),
        "whole": trace.whole,
        "critical_path": [
            {
                "from": (step.start - trace.root.start) / 1e9,
                "seconds": step.seconds,
                "service": step.span.service,
                "operation": step.span.operation,
            }
            for step in critical_path(trace)
        ],
    }
