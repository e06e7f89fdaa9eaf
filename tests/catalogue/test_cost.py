from datetime import date
from decimal import Decimal

import pytest

from catalogue.journeys import API_CERTIFICATE, FIND_MP, HEALTH, JOURNEYS, READ_A_BILL
from catalogue.model.cost import SyntheticPrices, synthetic_costs, total
from catalogue.model.journey import Journey

PRICES = SyntheticPrices(checked=date(2025, 6, 1), call=Decimal("0.0005"), browser_run=Decimal("0.012"))


@pytest.mark.parametrize(
    ("journey", "how", "amount", "dollars"),
    [
        (HEALTH, "every 1m × 2 locations", 87_600, "43.80"),
        (FIND_MP, "every 5m × 1 location × 2 devices", 17_520, "210.24"),
        (READ_A_BILL, "every 5m × 1 location × 2 calls", 17_520, "8.76"),
        (API_CERTIFICATE, "every 1h × 1 location", 730, "0.365"),
    ],
    ids=lambda value: value.name if isinstance(value, Journey) else "",
)
def test_a_test_costs_its_runs_times_their_price(journey: Journey, how: str, amount: int, dollars: str) -> None:
    (cost,) = synthetic_costs([journey], PRICES)
    assert (cost.how, cost.amount, cost.monthly) == (how, amount, Decimal(dollars))


def test_a_long_journey_counts_as_several_runs() -> None:
    from dataclasses import replace

    from tests.catalogue.test_nouns import BROWSER

    long = replace(FIND_MP, script=replace(BROWSER, steps=BROWSER.steps * 6 + BROWSER.steps[:1]))
    assert long.factors == {"location": 1, "device": 2, "run": 2}
    assert long.runs_a_month == 2 * FIND_MP.runs_a_month


def test_the_total_is_that_of_all_lines() -> None:
    costs = synthetic_costs(JOURNEYS, PRICES)
    assert total(costs) == Decimal("263.53")
    assert total([]) == 0
