"""What every form of a bill says in the same words."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from catalogue.model.cost import Cost
from ops.cost.bill import Bill, cents


def amount(cost: Cost) -> str:
    """`87,600 calls`, `116.57 GiB`."""
    units = cost.unit if cost.amount == 1 or cost.unit[0].isupper() else f"{cost.unit}s"
    return f"{cost.amount.normalize():,f} {units}"


def total(bill: Bill) -> str:
    """The last line."""
    return f"{bill.stack}: ${cents(bill.monthly):,} a month, ${cents(12 * bill.monthly):,} a year"


def notes(bill: Bill, today: date) -> Iterator[str]:
    """Where the unit prices are from."""
    for name, price in bill.prices.items():
        yield f"{name}: ${price.dollars.normalize():f} a {price.unit}, {price.checked:%Y-%m}, {price.source}"
    if old := bill.old(today):
        yield f"over a year old, look them up: {', '.join(old)}"


def compared(bills: Sequence[Bill]) -> Iterator[Sequence[str]]:
    """Headings, a row for each part, and the sum: dollars of each stack, and how much more than the first."""
    first, *others = bills
    yield ["Part", *(bill.stack for bill in bills), *(f"{bill.stack} − {first.stack}" for bill in others)]
    for title in dict.fromkeys(table.title for bill in bills for table in bill.tables):
        yield [
            title,
            *_row([sum((each.monthly for each in bill.tables if each.title == title), Decimal(0)) for bill in bills]),
        ]
    yield ["Together", *_row([bill.monthly for bill in bills])]


def _row(amounts: Sequence[Decimal]) -> Iterator[str]:
    rounded = [cents(each) for each in amounts]
    yield from (f"{each:,}" for each in rounded)
    yield from (f"{each - rounded[0]:+,}" for each in rounded[1:])
