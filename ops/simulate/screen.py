"""Simulations on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.simulate.report import HEADINGS, Run, rows


def show(stack: str, made: Sequence[Run], console: Console) -> None:
    """Prints a line for each run."""
    grid = Table(title=f"openpolicy-api in {stack}", title_justify="left", title_style="bold", box=None, pad_edge=False)
    for heading in HEADINGS:
        grid.add_column(heading, justify="left" if heading in HEADINGS[:2] else "right")
    for row in rows(made):
        grid.add_row(*row)
    console.print(grid)
    for traffic in dict.fromkeys(run.traffic for run in made):
        console.print(Text(f"  {traffic.name}: {traffic.says}", style="dim"))
