"""The whole bill of a stack, from its settings, its planned objects, and the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.model.price import Price, Prices
from components.settings import Stack
from components.wiring import core
from ops.cost import compute, logs, metrics
from ops.cost.bill import Bill, cents
from ops.cost.workloads import workloads


def bill(name: str, stack: Stack, manifests: Sequence[Mapping[str, Any]]) -> Bill:
    """What a month of the stack costs. `manifests` are its Kubernetes objects. No number depends on the day."""
    prices = core.prices(stack)
    found = workloads(manifests, stack.settings.cost.nodes)
    return Bill(
        stack=name,
        tables=(
            metrics.table(stack, prices, found),
            *logs.tables(stack, prices, found),
            compute.compute(stack, prices, found),
            compute.volumes(prices, found),
            compute.seats(stack, prices),
            compute.synthetics(stack),
        ),
        prices=_named(stack, prices),
    )


def _named(stack: Stack, prices: Prices) -> Mapping[str, Price]:
    """Every unit price, by the setting that changes it."""
    section = stack.settings.synthetics.prices
    return {f"cost.prices.{name}": price for name, price in prices.named().items()} | {
        f"synthetics.prices.{name}": Price(
            unit=unit, dollars=dollars, checked=section.checked, source="the stack's settings"
        )
        for name, unit, dollars in (
            ("call", "call", section.call),
            ("browserRun", "browser run", section.browser_run),
        )
    }


def monthly(made: Bill) -> dict[str, Mapping[str, str]]:
    """Dollars of each line of each part, and of the part, for whoever compares two plans."""
    return {
        table.title: {"a month": str(cents(table.monthly))}
        | {cost.what: str(cents(cost.monthly)) for cost in table.costs}
        for table in made.tables
    }
