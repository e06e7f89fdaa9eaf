"""What samples cost that are kept for years: raw and coarser ones, side by side in a bucket."""

from collections.abc import Iterator
from decimal import Decimal

from catalogue.model.cost import Cost
from catalogue.model.price import Price
from catalogue.model.time import Duration, minutes
from components.settings.sections import Metrics
from ops.cost.bill import gibibytes, line

# Of each window Thanos keeps the count, the sum, the least, the most, and the counter without its resets.
_AGGREGATES = 5


def samples(section: Metrics, rate: Decimal, price: Price) -> Iterator[Cost]:
    """A line for each resolution, once its oldest samples are as old as they get.

    `rate` is the bytes that all replicas write in a second: each sends its own blocks.
    """
    if (kept := section.long_term) is None:
        return
    for resolution, lasting, window in (
        ("raw samples", kept.raw, None),
        ("samples of 5 minutes", kept.five_minutes, minutes(5)),
        ("samples of an hour", kept.one_hour, minutes(60)),
    ):
        size = gibibytes(rate * _share(section.scrape_interval, window) * lasting.seconds)
        yield from line(f"{resolution} in a bucket", f"{lasting} of all {section.replicas} replicas", size, price)


def _share(scraped: Duration, window: Duration | None) -> Decimal:
    return Decimal(1) if window is None else _AGGREGATES * Decimal(scraped.seconds) / window.seconds
