"""Traces as tables: the same on a terminal and on a page."""

from collections.abc import Sequence

from ops.shown.table import Table
from ops.shown.words import cut
from ops.sources.times import took
from ops.traces.breakdown import Operation
from ops.traces.model import Trace
from ops.traces.report import began, detail, steps

_SHOWN = 10
_BAR = 20
_DETAIL = 60


def slowest(traces: Sequence[Trace]) -> Table:
    """The first of them."""
    rows = [
        (
            took(each.seconds),
            f"{began(each):%H:%M:%S}",
            str(len(each.spans)),
            str(len(each.failed) or ""),
            f"{each.root.service}: {each.root.operation}" + ("" if each.whole else " (incomplete)"),
            each.number,
        )
        for each in traces[:_SHOWN]
    ]
    rest = len(traces) - len(rows)
    return Table(
        title="Slowest",
        headings=("Took", "Began", "Spans", "Failed", "Request", "Trace"),
        right=4,
        rows=rows,
        note=f"and {rest} more" if rest else "",
    )


def by_operation(operations: Sequence[Operation]) -> Table:
    """Where the time goes."""
    rows = [
        (
            f"{each.share:.0%}",
            str(each.calls),
            str(each.failed or ""),
            took(each.median),
            took(each.longest),
            took(each.own),
            f"{each.service}: {each.name}",
        )
        for each in operations[:_SHOWN]
    ]
    rest = len(operations) - len(rows)
    return Table(
        title="Where the time goes",
        headings=("Waited for", "Calls", "Failed", "Median", "Longest", "Own time", "Operation"),
        right=6,
        rows=rows,
        note=f"and {rest} more" if rest else "",
    )


def path(trace: Trace) -> Table:
    """What the request waited for, in its order."""
    rows = [
        (
            f"+{took((step.start - trace.root.start) / 1e9)}",
            took(step.seconds),
            f"{share:.0%}",
            "█" * max(1, round(share * _BAR)),
            f"{step.span.service}: {step.span.operation}" + (" failed" if step.span.failed else ""),
            cut(detail(step.span), _DETAIL),
        )
        for share, step in steps(trace)
    ]
    return Table(
        title=f"Critical path of {trace.number}, which took {took(trace.root.seconds)}",
        headings=("From", "Took", "Share", "", "Waited for", "About"),
        right=3,
        rows=rows,
        note="" if trace.whole else "The trace is incomplete: spans are missing, or come later.",
    )
