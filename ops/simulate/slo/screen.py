"""Outages on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from alerts.model import Severity
from ops.simulate.slo.outage import STEP
from ops.simulate.slo.report import HEADINGS, SUMMARY, Told, row, shown_share, spoken, summary
from ops.simulate.slo.shapes import SHAPES

_COLORS = {Severity.CRITICAL: "red", Severity.WARNING: "yellow"}


def show_one(told: Sequence[Told], console: Console) -> None:
    """Every alert of one outage under each policy, and what it cost."""
    outage, slo = told[0].outage, told[0].slo
    console.print(
        Text(f"{shown_share(outage.share)} of requests fail for {spoken(outage.lasts)}, traffic {outage.shape.name}:"),
        Text(f"{told[0].spent():.1%} of the {slo.period} budget of {slo.name}", style="bold"),
    )
    grid = _grid("Policy", "Alert", "Severity", "Fires after", "Spent by then", "Fires for", numbers=3)
    for each in told:
        for alarm in each.alarms:
            grid.add_row(
                each.policy.name,
                alarm.alert,
                Text(alarm.severity.value, style=_COLORS.get(alarm.severity, "")),
                spoken((alarm.since - each.seen.begins) * STEP),
                f"{each.spent(alarm.since):.1%}",
                spoken((alarm.until - alarm.since) * STEP),
            )
        if not each.alarms:
            grid.add_row(each.policy.name, "none", "", "", "", "")
    console.print(grid)


def show_many(told: Sequence[Sequence[Told]], console: Console) -> None:
    """A line for each outage, and one for each policy."""
    grid = _grid(*HEADINGS, numbers=len(HEADINGS) - 1)
    for each in told:
        grid.add_row(*row(each))
    console.print(grid)
    short = _grid(*SUMMARY, numbers=len(SUMMARY) - 1)
    for line in summary(told):
        short.add_row(*line)
    console.print(short)
    for shape in SHAPES:
        console.print(Text(f"  {shape.name}: {shape.says}", style="dim"))


def _grid(*headings: str, numbers: int) -> Table:
    grid = Table(box=None, pad_edge=False)
    for index, heading in enumerate(headings):
        grid.add_column(heading, justify="right" if index >= len(headings) - numbers else "left")
    return grid
