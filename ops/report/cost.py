"""What the stack costs by its plan, and what the cluster's pods ask for by Prometheus."""

from collections.abc import Iterator

from components.settings import Stack
from components.wiring.core import prices
from dashboards.library.costs import cores, memory, volumes
from ops.cost.bill import Bill, cents
from ops.report import plots
from ops.report.ask import Asked
from ops.report.model import Block, Section, Table


def section(asked: Asked, stack: Stack, bill: Bill) -> Section:
    """Both."""
    return Section(title="Cost", blocks=[*_blocks(asked, stack, bill)], summary=f"${cents(bill.monthly):,} a month")


def _blocks(asked: Asked, stack: Stack, bill: Bill) -> Iterator[Block]:
    yield f"By its plan the stack costs ${cents(bill.monthly):,} a month; `python -m ops cost {bill.stack}` says how."
    rows = [[table.title, f"{cents(table.monthly):,}"] for table in bill.tables]
    yield Table(headings=["Part", "Dollars a month"], rows=rows, numbers=1)
    yield plots.cost({table.title: float(table.monthly) for table in bill.tables if table.monthly})
    known = prices(stack)
    found = {
        what: {each.labels.get("namespace", "?"): each.value for each in asked.at_end(expr)}
        for what, expr in (("Cores", cores(known)), ("Memory", memory(known)), ("Volumes", volumes(known)))
    }
    spaces = sorted({space for values in found.values() for space in values})
    if not spaces:
        yield "No data: Prometheus has neither requests of containers nor volumes."
        return
    yield "By Prometheus, at the same prices, what each namespace asks for, used or not, in dollars a month:"
    yield Table(
        headings=["Namespace", *found],
        rows=[
            [space, *(f"{values[space]:,.2f}" if space in values else "no data" for values in found.values())]
            for space in spaces
        ],
        numbers=3,
    )
