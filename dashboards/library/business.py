"""OpenPolicy Business Metrics: do people find what they look for, and is it fresh?"""

from decimal import Decimal

from alerts.promql import buckets, max_by, quantile, select, sum_by
from catalogue.boards import BUSINESS
from catalogue.exporters import APPLICATION
from catalogue.metrics import (
    ACTIVE_USERS,
    BILL_VIEWS,
    BILLS_CREATED,
    RECORDS_SCRAPED,
    SCRAPER_DURATION,
    SCRAPER_ERRORS,
    SCRAPER_LAST_SUCCESS,
    SCRAPER_RUNS,
    SEARCH_QUERIES,
    USER_ACTIONS,
)
from catalogue.model.time import days, hours
from dashboards.library.annotations import ANNOTATIONS
from dashboards.library.variables import NAMESPACE
from dashboards.library.watched import alert
from dashboards.limits import sinking
from dashboards.model import Dashboard, Row
from dashboards.panels import line, stat, table, timeseries
from dashboards.promql import RANGE, RATE_INTERVAL, falling, rounded, top

_BY = (NAMESPACE,)
_EACH = ("namespace", "scraper")
_CREATED = select(APPLICATION, BILLS_CREATED)
_RUNS = select(APPLICATION, SCRAPER_RUNS)
_FAILED = select(APPLICATION, SCRAPER_RUNS, status="failure")
_SUCCEEDED = select(APPLICATION, SCRAPER_RUNS, status="success")

_PEOPLE = Row(
    title="Bills and people",
    panels=(
        stat(
            "Bills Created Today",
            "Bills added since midnight. Extrapolated and rounded: the database knows the exact number.",
            rounded(sum_by(_CREATED.increase(RANGE))),
            by=_BY,
            since="now/d",
            height=8,
        ),
        timeseries(
            "Bills created",
            "Bills added in an hour, by jurisdiction.",
            line(sum_by(_CREATED.increase(hours(1)), "jurisdiction"), "{jurisdiction}"),
            by=_BY,
            width=10,
        ),
        timeseries(
            "Search Queries",
            "Searches a second, by what came of them.",
            line(sum_by(select(APPLICATION, SEARCH_QUERIES).rate(RATE_INTERVAL), "result"), "{result}"),
            by=_BY,
            width=10,
        ),
        table(
            "Most Viewed Bills",
            "The ten bills with the most views in the selected time; the application counts 200 by name.",
            falling(top(10, sum_by(select(APPLICATION, BILL_VIEWS).increase(RANGE), "bill_id"))),
            by=_BY,
        ),
        timeseries(
            "User Engagement",
            "What users do, in actions a second.",
            line(sum_by(select(APPLICATION, USER_ACTIONS).rate(RATE_INTERVAL), "action_type"), "{action_type}"),
            by=_BY,
            width=12,
        ),
        timeseries(
            "Active users",
            "Users active at a time. Every replica reports the same number for all of them.",
            line(max_by(select(APPLICATION, ACTIVE_USERS).now), "users"),
            by=_BY,
            width=24,
        ),
    ),
)

_PIPELINE = Row(
    title="Data pipeline",
    panels=(
        table(
            "Scraper success (24 h)",
            "Share of the runs of each scraper that succeeded within a day.",
            sum_by(_SUCCEEDED.increase(days(1)), "scraper").of(sum_by(_RUNS.increase(days(1)), "scraper")),
            by=_BY,
            limits=sinking(warn="0.99", bad="0.9", because="One run in ten is what ScraperFailures warns of."),
        ),
        timeseries(
            "Scraper failures (6 h)",
            "Share of the runs of each scraper that failed within six hours.",
            line(sum_by(_FAILED.increase(hours(6)), *_EACH).of(sum_by(_RUNS.increase(hours(6)), *_EACH)), "{scraper}"),
            by=_BY,
            alerts=alert("ScraperFailures"),
            width=12,
        ),
        timeseries(
            "Scraper duration (P95)",
            "95th percentile of the time of a run, over six hours.",
            line(
                quantile(
                    Decimal("0.95"),
                    sum_by(buckets(APPLICATION, SCRAPER_DURATION).rate(hours(6)), "scraper", "le"),
                ),
                "{scraper}",
            ),
            by=_BY,
            width=12,
        ),
        timeseries(
            "Records scraped",
            "Records that came in within an hour, by kind.",
            line(sum_by(select(APPLICATION, RECORDS_SCRAPED).increase(hours(1)), "entity_type"), "{entity_type}"),
            by=_BY,
            width=12,
        ),
        timeseries(
            "Scraper errors",
            "Errors of each scraper within an hour. A run may have many and succeed.",
            line(sum_by(select(APPLICATION, SCRAPER_ERRORS).increase(hours(1)), *_EACH), "{scraper}"),
            by=_BY,
            alerts=alert("ScraperErrorRate"),
            width=12,
        ),
        table(
            "Last success",
            "When each scraper last succeeded.",
            max_by(select(APPLICATION, SCRAPER_LAST_SUCCESS).now.times(1000), "scraper"),
            by=_BY,
        ),
    ),
)

PAGE = Dashboard(
    board=BUSINESS,
    description="Bills, searches and people, and the scrapers that keep what they read fresh.",
    variables=(NAMESPACE,),
    annotations=ANNOTATIONS,
    shows=days(1),
    rows=(_PEOPLE, _PIPELINE),
)
