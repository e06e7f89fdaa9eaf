"""What a part of the stack costs in a month: an amount, a unit, and the unit's price on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalogue.model.journey import Browser, Journey


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One line of a bill."""

    what: str
    how: str
    """How the amount comes about, such as `every 5m × 1 location × 2 devices`."""

    amount: Decimal
    """Units in a month, rounded as they are shown: amount times price is what is paid."""

    unit: str
    price: Decimal
    """Of one unit, in dollars."""

    @property
    def monthly(self) -> Decimal:
        """Dollars in a month."""
        return self.amount * self.price


def total(costs: Iterable[Cost]) -> Decimal:
    """Dollars in a month, of all of them."""
    return sum((cost.monthly for cost in costs), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticPrices:
    """What synthetic tests cost, in dollars."""

    checked: date
    """The month in which they were right, by its first day."""

    call: Decimal
    """Of one call from one location."""

    browser_run: Decimal
    """Of one run from one location on one device."""


def synthetic_costs(journeys: Iterable[Journey], prices: SyntheticPrices) -> tuple[Cost, ...]:
    """What each journey costs. Retries are left out: they happen when something is wrong."""
    return tuple(_cost(journey, prices) for journey in journeys)


def _cost(journey: Journey, prices: SyntheticPrices) -> Cost:
    browser = isinstance(journey.script, Browser)
    return Cost(
        what=journey.name,
        how=" × ".join([f"every {journey.every}", *map(_counted, journey.factors.items())]),
        amount=Decimal(journey.runs_a_month),
        unit="browser run" if browser else "call",
        price=prices.browser_run if browser else prices.call,
    )


def _counted(factor: tuple[str, int]) -> str:
    thing, count = factor
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
