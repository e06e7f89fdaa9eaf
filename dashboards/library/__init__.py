"""Every board of the stack, one page after another as people find them."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from alerts.model import RuleGroup
from catalogue.model.price import Prices
from catalogue.prices import PRICES
from dashboards.generated import complete
from dashboards.library import (
    business,
    capacity,
    databases,
    infrastructure,
    logs,
    monitoring,
    overview,
    slo,
    traces,
    weekly,
)
from dashboards.model import Dashboard

PAGES = (
    overview.PAGE,
    business.PAGE,
    infrastructure.PAGE,
    slo.PAGE,
    databases.PAGE,
    logs.PAGE,
    traces.PAGE,
    monitoring.PAGE,
    weekly.PAGE,
    capacity.page(PRICES),
)
"""What is written by hand."""


def dashboards(
    groups: Sequence[RuleGroup], prices: Prices = PRICES, unscraped: AbstractSet[str] = frozenset()
) -> tuple[Dashboard, ...]:
    """The pages for a stack with these alerts and prices: thresholds as it wants them, and a panel for every alert.

    Without the panels that read jobs which the stack does not scrape, and would stay empty.
    """
    *others, _ = PAGES
    return tuple(complete((page.without(unscraped) for page in (*others, capacity.page(prices))), groups))
