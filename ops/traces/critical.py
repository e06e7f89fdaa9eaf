"""The critical path: of every moment of a request, the span that it was waiting for.

Making any other span faster would not have made the request faster. It is followed from the end backwards: what ended
last was waited for, from its start on what had ended before it, and so on within each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ops.traces.model import Span, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A time in which one span was waited for. Nanoseconds since 1970."""

    span: Span
    start: int
    end: int

    @property
    def seconds(self) -> float:
        """How long."""
        return (self.end - self.start) / 1e9


def critical_path(trace: Trace) -> Sequence[Step]:
    """Steps from the request's start to its end, without a gap and without an overlap."""
    steps, seen = list[Step](), {trace.root.number}
    waiting = [(trace.root, trace.root.start, trace.root.end)]
    while waiting:
        span, start, end = waiting.pop()
        at = end
        for child in sorted(trace.children.get(span.number, ()), key=lambda each: each.end, reverse=True):
            # What outlives its parent was not waited for to its end; clocks of two machines differ as well.
            begins, ends = max(child.start, start), min(child.end, end)
            if ends > at or begins >= ends or child.number in seen:
                continue
            seen.add(child.number)
            _add(steps, span, ends, at)
            waiting.append((child, begins, ends))
            at = begins
        _add(steps, span, start, at)
    return sorted(steps, key=lambda each: each.start)


def own_seconds(trace: Trace, span: Span) -> float:
    """Time of the span in which none within it ran."""
    covered, at = 0, span.start
    for child in sorted(trace.children.get(span.number, ()), key=lambda each: each.start):
        begins, ends = max(child.start, at), min(child.end, span.end)
        if ends > begins:
            covered += ends - begins
            at = ends
    return (span.end - span.start - covered) / 1e9


def _add(steps: list[Step], span: Span, start: int, end: int) -> None:
    if end > start:
        steps.append(Step(span=span, start=start, end=end))
