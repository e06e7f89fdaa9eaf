"""Panels about an objective, the same on every page: kept or not, how much budget is left, how fast it burns."""

from decimal import Decimal

from alerts.burnrate import Measured
from alerts.promql import max_by, min_by, rest, sum_by
from alerts.windows import WINDOWS
from catalogue.model.slo import Latency, Slo
from catalogue.model.time import days
from dashboards.library.watched import alert
from dashboards.limits import rising, sinking
from dashboards.model import Panel, Shown
from dashboards.panels import line, stat, timeseries

_RELEASES_CAREFUL = sinking(warn="0.25", bad="0", because="At a quarter releases become careful; at nothing they stop.")
_SLOWEST_PAGE = min(window.factor for window in WINDOWS if window.severity == "critical")


def slowest_allowed(slo: Slo) -> Decimal:
    """Seconds within which a request is good. Raises ValueError for an objective that is not about time."""
    if not isinstance(slo.sli, Latency):
        raise ValueError(f"SLO {slo.name}: it says nothing about time")
    return slo.sli.within


def compliance(title: str, measured: Measured) -> Panel:
    """The share of good requests in the period."""
    slo = measured.slo
    careful = 1 - slo.budget * Decimal("0.75")
    return stat(
        title,
        f"Share of good requests to {slo.service.name} in {slo.period}. Promise: {slo.promise}.",
        rest(max_by(measured.error_ratio(slo.period).where(slo=slo.name).now)),
        limits=sinking(warn=careful, bad=slo.objective, because="A quarter of the budget is left, and nothing of it."),
    )


def budget_left(title: str, measured: Measured) -> Panel:
    """What may still go wrong in the period."""
    slo = measured.slo
    return stat(
        title,
        f"Share of the error budget of {slo.period} that is left. Negative: the promise is broken.",
        min_by(measured.budget_remaining.where(slo=slo.name).now),
        limits=_RELEASES_CAREFUL,
    )


def burn_rate(title: str, measured: Measured) -> Panel:
    """How many times too fast the budget goes."""
    slo = measured.slo
    return stat(
        title,
        "How many times faster than allowed the budget went in the last hour. At 1 it lasts exactly the period.",
        max_by(measured.burn_rate.where(slo=slo.name).now),
        unit=Shown.TIMES,
        limits=rising(warn="1", bad=_SLOWEST_PAGE, because="The period would end early; the slower page fires."),
    )


def bad_requests(title: str, measured: Measured) -> Panel:
    """How many requests were bad within a day."""
    return stat(
        title,
        "Requests that counted against the objective within a day.",
        sum_by(measured.bad_events(days(1)).where(slo=measured.slo.name).now),
        # It is recorded as a mean of a day times its seconds.
        unit=Shown.COUNT,
    )


def budget_over_time(title: str, measured: Measured) -> Panel:
    """The budget's way down."""
    slo = measured.slo
    return timeseries(
        title,
        f"What is left of the error budget of {slo.period}, over time.",
        line(measured.budget_remaining.where(slo=slo.name).now, "{service}"),
        alerts=alert("ErrorBudgetExhausted", slo=slo.name),
        width=12,
    )


def burn_by_window(title: str, measured: Measured) -> Panel:
    """How fast it burns over each window that an alert looks at."""
    slo = measured.slo
    spans = sorted({span for window in WINDOWS for span in (window.long, window.short)})
    return timeseries(
        title,
        "How many times too fast the budget goes, by window. An alert wants both windows of its pair above its factor.",
        *(
            line(measured.error_ratio(span).where(slo=slo.name).now.over(slo.budget), f"{span} {{service}}")
            for span in spans
        ),
        unit=Shown.TIMES,
        limits=rising(
            warn=_SLOWEST_PAGE, bad=WINDOWS[0].factor, because="The factors at which the slow and the fast page fire."
        ),
        width=12,
    )
