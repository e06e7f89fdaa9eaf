"""Bills as a page."""

from collections.abc import Iterator, Sequence
from datetime import date

from ops.cost.bill import Bill, Table, cents
from ops.cost.words import amount, compared, notes, total
from ops.shown.table import last, lines


def markdown(bill: Bill, today: date) -> str:
    """Every table, its notes, and the unit prices."""
    parts = [
        f"**{total(bill)}**",
        *("\n".join(_table(table)) for table in bill.tables),
        "\n".join(["### Unit prices", "", *(f"- {note}" for note in notes(bill, today))]),
    ]
    return "\n\n".join(parts) + "\n"


def _table(table: Table) -> Iterator[str]:
    yield f"### {table.title}: ${cents(table.monthly):,}"
    yield ""
    if table.costs:
        headings = ["What", "How", "A month", "× each", "= dollars"]
        rows = (
            [cost.what, cost.how, amount(cost), f"{cost.price.normalize():f}", f"{cents(cost.monthly):,}"]
            for cost in table.costs
        )
        yield from lines(headings, rows, right=last(3, headings))
        yield ""
    yield from (f"- {note}" for note in table.notes)


def beside(bills: Sequence[Bill]) -> str:
    """Stacks beside each other."""
    headings, *rows = compared(bills)
    return "\n".join(lines(headings, rows, right=last(len(headings) - 1, headings))) + "\n"
