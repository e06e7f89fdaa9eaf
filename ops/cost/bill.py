"""A bill: tables of lines, each a quantity times a unit price."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from catalogue.model.cost import Cost, total
from catalogue.model.price import Price

_FRESH = timedelta(days=366)
_CENT = Decimal("0.01")
_GIBIBYTE = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The costs of one part, and what a reader has to know of them."""

    title: str
    costs: Sequence[Cost]
    notes: Sequence[str] = ()

    @property
    def monthly(self) -> Decimal:
        """Dollars in a month."""
        return total(self.costs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What the whole stack costs in a month."""

    stack: str
    tables: Sequence[Table]
    prices: Mapping[str, Price]
    """Of one unit, by the name of the setting."""

    @property
    def monthly(self) -> Decimal:
        """Dollars in a month."""
        return sum((table.monthly for table in self.tables), Decimal(0))

    def old(self, today: date) -> list[str]:
        """Names of the prices that nobody has looked up for a year."""
        return [name for name, price in self.prices.items() if today - price.checked > _FRESH]

    def document(self) -> dict[str, object]:
        """For machines. Numbers are texts, as exact as they are known."""
        return {
            "stack": self.stack,
            "currency": "USD",
            "monthly": str(cents(self.monthly)),
            "tables": [
                {
                    "title": table.title,
                    "monthly": str(cents(table.monthly)),
                    "lines": [
                        {
                            "what": cost.what,
                            "how": cost.how,
                            "amount": f"{cost.amount:f}",
                            "unit": cost.unit,
                            "price": f"{cost.price:f}",
                            "monthly": str(cents(cost.monthly)),
                        }
                        for cost in table.costs
                    ],
                    "notes": list(table.notes),
                }
                for table in self.tables
            ],
            "prices": {
                name: {
                    "dollars": f"{price.dollars:f}",
                    "unit": price.unit,
                    "checked": f"{price.checked:%Y-%m}",
                    "source": price.source,
                }
                for name, price in self.prices.items()
            },
        }


def cents(dollars: Decimal) -> Decimal:
    """As they are shown."""
    return dollars.quantize(_CENT, ROUND_HALF_UP)


def gibibytes(count: Decimal | int) -> Decimal:
    """Bytes as they are billed, to a hundredth: what people then multiply is what they read."""
    return (Decimal(count) / _GIBIBYTE).quantize(_CENT, ROUND_HALF_UP)


def line(what: str, how: str, amount: Decimal, price: Price) -> Iterator[Cost]:
    """A line of the bill; none where there is nothing to pay for."""
    if amount > 0:
        yield Cost(what=what, how=how, amount=amount, unit=price.unit, price=price.dollars)
