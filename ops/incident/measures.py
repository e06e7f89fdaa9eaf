"""The numbers that are looked at first, and how far each may go."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from alerts.library.recordings import ERROR_RATIO, LATENCY_P95, POOL_UTILISATION, QUERY_LATENCY_P95, REQUESTS
from alerts.promql import min_by, select, sum_by
from catalogue.exporters import APPLICATION, UP
from catalogue.metrics import SCRAPER_ERRORS
from catalogue.model.time import minutes
from catalogue.slos import AVAILABILITY, WITHIN


class Unit(StrEnum):
    """How a value is written."""

    SHARE = "share"
    SECONDS = "seconds"
    RATE = "rate"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number of each service, and more of what it is about."""

    what: str
    query: str
    unit: Unit
    line: Decimal | None
    """How far it may go. None: it tells how much was going on, and cannot be too much."""

    low: bool = False
    """Whether being below the line is what is bad, rather than being above."""

    def beyond(self, value: float) -> bool:
        """Whether that is too far."""
        if self.line is None:
            return False
        return value < float(self.line) if self.low else value > float(self.line)


MEASURES: Sequence[Measure] = (
    Measure(
        what="requests answered with a server error",
        query=ERROR_RATIO.now.text,
        unit=Unit.SHARE,
        line=1 - AVAILABILITY.objective,
    ),
    Measure(
        what="95th percentile of requests",
        query=LATENCY_P95.now.text,
        unit=Unit.SECONDS,
        line=WITHIN,
    ),
    Measure(what="requests", query=REQUESTS.now.text, unit=Unit.RATE, line=None),
    Measure(
        what="connections of the pool in use",
        query=POOL_UTILISATION.now.text,
        unit=Unit.SHARE,
        # The next request finds none.
        line=Decimal("0.99"),
    ),
    Measure(
        what="95th percentile of queries",
        query=QUERY_LATENCY_P95.now.text,
        unit=Unit.SECONDS,
        # A request asks several times, and has a second.
        line=Decimal("0.25"),
    ),
    Measure(
        what="errors of scrapers",
        query=sum_by(select(APPLICATION, SCRAPER_ERRORS).rate(minutes(5)), "service", "scraper").text,
        unit=Unit.RATE,
        # More than one page in a hundred seconds: ScraperFailures' own measure is a share of its runs.
        line=Decimal("0.01"),
    ),
    Measure(
        what="pods that answer Prometheus",
        query=min_by(select(APPLICATION, UP).now, "service").text,
        unit=Unit.COUNT,
        line=Decimal(1),
        low=True,
    ),
)
