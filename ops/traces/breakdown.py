"""Where the time of many traces goes, by operation."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ops.traces.critical import critical_path, own_seconds
from ops.traces.model import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What one kind of work cost, over all traces."""

    service: str
    name: str
    calls: int
    failed: int
    median: float
    """Seconds."""

    longest: float
    own: float
    """Seconds in which nothing within it ran."""

    critical: float
    """Seconds in which the request waited for it and for nothing within it."""

    share: float
    """Of the time of all requests that was critical here, 0 to 1."""


def breakdown(traces: Sequence[Trace]) -> Sequence[Operation]:
    """Operations, those first that were waited for the longest."""
    times, failed = defaultdict[tuple[str, str], list[float]](list), defaultdict[tuple[str, str], int](int)
    own, critical = defaultdict[tuple[str, str], float](float), defaultdict[tuple[str, str], float](float)
    for trace in traces:
        for span in trace.spans:
            key = (span.service, span.operation)
            times[key].append(span.seconds)
            own[key] += own_seconds(trace, span)
            failed[key] += span.failed
        for step in critical_path(trace):
            critical[step.span.service, step.span.operation] += step.seconds
    whole = sum(critical.values())
    made = [
        Operation(
            service=key[0],
            name=key[1],
            calls=len(each),
            failed=failed[key],
            median=median(each),
            longest=max(each),
            own=own[key],
            critical=critical[key],
            share=critical[key] / whole if whole else 0.0,
        )
        for key, each in times.items()
    ]
    return sorted(made, key=lambda each: (-each.critical, -each.own, each.service, each.name))
