"""OpenPolicy System Overview: is the platform well, and if not, where does it hurt?"""

from decimal import Decimal

from alerts.expression import Expr
from alerts.library.objectives import OBJECTIVES
from alerts.library.recordings import ERROR_RATIO, ERRORS, LATENCY_BUCKETS, LATENCY_P95, REQUESTS
from alerts.promql import buckets, count_by, like, max_by, quantile, select, sum_by, unlike
from catalogue.boards import OVERVIEW
from catalogue.exporters import APPLICATION
from catalogue.metrics import ACTIVE_USERS, HTTP_REQUEST_DURATION, HTTP_REQUESTS, PROBE_PATHS
from catalogue.model.time import hours, minutes
from catalogue.slos import AVAILABILITY, LATENCY
from dashboards.library.annotations import ANNOTATIONS
from dashboards.library.objectives import budget_left, compliance, slowest_allowed
from dashboards.library.saturation import SATURATION
from dashboards.library.variables import NAMESPACE, PER_SERVICE, SERVICE
from dashboards.library.watched import alert
from dashboards.limits import rising
from dashboards.model import Dashboard, Row, Shown
from dashboards.panels import heatmap, line, stat, table, timeseries
from dashboards.promql import RANGE, RATE_INTERVAL, classes, falling, firing, top

_REAL = unlike(PROBE_PATHS)
_REQUESTS = select(APPLICATION, HTTP_REQUESTS, endpoint=_REAL)
_FAILED = select(APPLICATION, HTTP_REQUESTS, endpoint=_REAL, status=like("5.."))
_TIMES = buckets(APPLICATION, HTTP_REQUEST_DURATION, endpoint=_REAL)
_AVAILABLE, _ = OBJECTIVES


def _slowest(share: str) -> Expr:
    return quantile(Decimal(share), sum_by(LATENCY_BUCKETS.now, "service", "le"))


_NOW = Row(
    title="Now",
    panels=(
        compliance("Availability (30 d)", _AVAILABLE),
        budget_left("Error budget left (30 d)", _AVAILABLE),
        stat(
            "P95 now",
            "95th percentile of the time to answer, in the slowest of the selected services.",
            max_by(LATENCY_P95.now),
            by=PER_SERVICE,
            limits=rising(warn=slowest_allowed(LATENCY), because="The latency objective's limit."),
        ),
        stat(
            "Requests now",
            "Requests a second to the selected services, without probes.",
            sum_by(REQUESTS.now),
            by=PER_SERVICE,
            unit=Shown.REQUESTS_PER_SECOND,
        ),
        stat(
            "Errors now",
            "Share of all requests to the selected services that are answered with a server error.",
            sum_by(ERRORS.now).of(sum_by(REQUESTS.now)),
            by=PER_SERVICE,
            limits=rising(warn=AVAILABILITY.budget, because="More than the availability objective allows for good."),
        ),
        stat(
            "Active Users",
            "Users active now. Every replica reports the same number for all of them.",
            max_by(select(APPLICATION, ACTIVE_USERS).now),
            by=(NAMESPACE,),
        ),
        table(
            "Firing alerts",
            "Everything that fires now. Watchdog always does, and is left out.",
            falling(count_by(firing(alertname=unlike("Watchdog")).now, "severity", "team", "service", "alertname")),
            width=24,
            height=6,
        ),
    ),
)

_RED = Row(
    title="Rate, errors, duration",
    panels=(
        timeseries(
            "Request Rate",
            "Requests a second, without probes.",
            line(sum_by(_REQUESTS.rate(RATE_INTERVAL), "service"), "{service}"),
            by=PER_SERVICE,
            unit=Shown.REQUESTS_PER_SECOND,
        ),
        timeseries(
            "Error Rate",
            "Share of requests that are answered with a server error. Lines: the availability objective and the page.",
            line(ERROR_RATIO.now, "{service}"),
            by=PER_SERVICE,
            alerts=alert("HighErrorRate"),
            limits=rising(warn=AVAILABILITY.budget, because="More than the availability objective allows for good."),
        ),
        timeseries(
            "Response Time (P95)",
            "95th percentile of the time to answer, over five minutes.",
            line(LATENCY_P95.now, "{service}"),
            by=PER_SERVICE,
            alerts=alert("SlowAPIResponse"),
        ),
        timeseries(
            "Response time, spread",
            "Half of all requests are faster than P50; one in a hundred is slower than P99.",
            line(_slowest("0.5"), "P50 {service}"),
            line(_slowest("0.99"), "P99 {service}"),
            # Of the scraped series, for their exemplars; those are ten thousand.
            line(
                quantile(Decimal("0.95"), sum_by(_TIMES.rate(RATE_INTERVAL), "service", "le")),
                "P95 {service}",
                closest=minutes(2),
            ),
            by=PER_SERVICE,
        ),
        timeseries(
            "Responses by class",
            "Responses a second by the first digit of their status.",
            line(sum_by(classes(_REQUESTS.rate(RATE_INTERVAL), "status", into="class"), "class"), "{class}"),
            by=PER_SERVICE,
            unit=Shown.REQUESTS_PER_SECOND,
            stacked=True,
        ),
        heatmap(
            "Response times",
            "How many requests a second took how long.",
            sum_by(LATENCY_BUCKETS.now, "le"),
            by=PER_SERVICE,
            unit=Shown.SECONDS,
        ),
        table(
            "Worst endpoints",
            "The ten routes with the most server errors in the selected time.",
            falling(top(10, sum_by(_FAILED.increase(RANGE), "service", "method", "endpoint").above(0))),
            by=PER_SERVICE,
            width=24,
        ),
    ),
)

PAGE = Dashboard(
    board=OVERVIEW,
    description="Whether the platform is well: traffic, errors, latency and what is about to run out.",
    variables=(NAMESPACE, SERVICE),
    annotations=ANNOTATIONS,
    shows=hours(6),
    rows=(_NOW, _RED, SATURATION),
)
