"""Bills on a terminal: each line of one, or several beside each other."""

from collections.abc import Sequence
from datetime import date

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from ops.cost.bill import Bill, Table, cents
from ops.cost.words import amount, compared, notes, total


def show(bill: Bill, today: date, console: Console) -> None:
    """Prints every table, and what they come to."""
    for table in bill.tables:
        console.print(_grid(table))
        for note in table.notes:
            console.print(Text(f"  {note}", style="dim"))
    for note in notes(bill, today):
        console.print(Text(note, style="dim"))
    console.print(Text(total(bill), style="bold green"))


def _grid(table: Table) -> Grid:
    grid = Grid(title=table.title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for heading in ("What", "How"):
        grid.add_column(heading, style="cyan" if heading == "What" else "")
    for heading in ("A month", "× each", "= dollars"):
        grid.add_column(heading, justify="right")
    for cost in table.costs:
        grid.add_row(cost.what, cost.how, amount(cost), f"{cost.price.normalize():f}", f"{cents(cost.monthly):,}")
    grid.add_section()
    grid.add_row("Together", "", "", "", f"{cents(table.monthly):,}", style="bold")
    return grid


def show_beside(bills: Sequence[Bill], console: Console) -> None:
    """Prints what each part costs in each stack, and by how much they differ from the first."""
    grid = Grid(box=None, pad_edge=False)
    headings, *rows, last = compared(bills)
    for number, heading in enumerate(headings):
        grid.add_column(heading, justify="right" if number else "left", style="" if number else "cyan")
    for row in rows:
        grid.add_row(*row)
    grid.add_section()
    grid.add_row(*last, style="bold")
    console.print(grid)
    console.print(Text("US dollars a month", style="dim"))
