"""Weekly Review: what was promised, how fast it was, what it cost in sleep, and how long it took to mend."""

from decimal import Decimal

from alerts.expression import Expr
from alerts.library.objectives import OBJECTIVES
from alerts.library.recordings import ERRORS, LATENCY_BUCKETS, REQUESTS
from alerts.promql import count_by, quantile, rest, select, sum_by, unlike
from catalogue.boards import WEEKLY
from catalogue.exporters import APPLICATION, UP
from catalogue.metrics import BUILD_INFO
from catalogue.model.time import days, minutes
from catalogue.services import API_GATEWAY
from catalogue.slos import AVAILABILITY, LATENCY
from dashboards.library.annotations import ANNOTATIONS
from dashboards.library.objectives import budget_left, budget_over_time, slowest_allowed
from dashboards.limits import rising, sinking
from dashboards.model import Dashboard, Row, Shown
from dashboards.panels import line, stat, table, timeseries
from dashboards.promql import RANGE, every_minute, falling, firing, rounded
from dashboards.query import Query

_API = {"service": API_GATEWAY.name}
_SLOWEST = rising(warn=slowest_allowed(LATENCY), because="The latency objective's limit.")
# Watchdog fires for ever, and InfoInhibitor is about other alerts.
_REAL = {"alertname": unlike("Watchdog|InfoInhibitor")}
_EACH = ("severity", "team", "alertname")
_SHORT = minutes(10)


def _of_week(share: str) -> Expr:
    means = LATENCY_BUCKETS.where(**_API).average_over(RANGE)
    return quantile(Decimal(share), sum_by(means, "le"))


def _over_time(share: str) -> Query:
    return line(
        quantile(Decimal(share), sum_by(LATENCY_BUCKETS.where(**_API).now, "le")),
        f"P{(Decimal(share) * 100).normalize():f}",
    )


def _began(**matchers: str) -> Expr:
    """How many alerts began to fire in a minute."""
    alerts = firing(**_REAL, **matchers)
    return count_by(alerts.now.unless(alerts.before(minutes(1))), *_EACH)


def _short_lived() -> Expr:
    """How many began ten minutes ago and do not fire any more."""
    alerts = firing(**_REAL)
    before = alerts.before(_SHORT).unless(alerts.before(minutes(11)))
    return count_by(before.unless(alerts.now), *_EACH)


_FIRED = every_minute(_began(), RANGE)
_FIRING = every_minute(count_by(firing(**_REAL).now, *_EACH), RANGE).times(60)
_BAD = sum_by(ERRORS.where(**_API).average_over(RANGE))
_ALL = sum_by(REQUESTS.where(**_API).average_over(RANGE))

_PROMISES = Row(
    title="Promises",
    panels=(
        stat(
            "Availability",
            f"Share of the API's requests in the selected time that went well. Promise: {AVAILABILITY.promise}.",
            rest(_BAD.of(_ALL)),
            limits=sinking(bad=AVAILABILITY.objective, because="The availability objective."),
        ),
        stat("P50", "Half of the API's requests in the selected time were faster.", _of_week("0.5"), limits=_SLOWEST),
        stat(
            "P95",
            "One in twenty of the API's requests was slower.",
            _of_week("0.95"),
            limits=_SLOWEST,
        ),
        stat(
            "P99",
            "One in a hundred of the API's requests was slower.",
            _of_week("0.99"),
            limits=_SLOWEST,
        ),
        *(budget_left(f"{measured.slo.name.capitalize()}: budget left", measured) for measured in OBJECTIVES),
        *(budget_over_time(f"{measured.slo.name.capitalize()}: budget over time", measured) for measured in OBJECTIVES),
        timeseries(
            "Response time",
            "The API's percentiles over five minutes each.",
            *(_over_time(share) for share in ("0.5", "0.95", "0.99")),
            limits=_SLOWEST,
            width=12,
        ),
        timeseries(
            "Requests",
            "Requests a second to each service, without probes.",
            line(sum_by(REQUESTS.now, "service"), "{service}"),
            unit=Shown.REQUESTS_PER_SECOND,
            width=12,
        ),
    ),
)
_NOISE = Row(
    title="Alerts: noise, and time to resolve",
    panels=(
        stat(
            "Pages",
            "How often a page began to fire in the selected time.",
            sum_by(every_minute(_began(severity="critical"), RANGE)),
            limits=rising(warn="2", bad="14", because="Two a day is what on-call people bear; two a week is the aim."),
            height=8,
        ),
        stat(
            "Time to resolve pages",
            "How long a page fired until it was over, on average. From notice to all-clear, as Prometheus saw it.",
            sum_by(every_minute(count_by(firing(severity="critical", **_REAL).now, *_EACH), RANGE))
            .times(60)
            .per(sum_by(every_minute(_began(severity="critical"), RANGE))),
            unit=Shown.SECONDS,
            height=8,
        ),
        stat(
            "Over within ten minutes",
            "Share of all alerts that ended by themselves so soon that nobody can have mended them: the noise.",
            sum_by(every_minute(_short_lived(), RANGE)).of(sum_by(_FIRED)),
            limits=rising(warn="0.3", bad="0.5", because="Who is called for nothing every other time stops to come."),
            height=8,
        ),
        table(
            "How often each alert fired",
            "How often each alert began to fire in the selected time, the noisiest first.",
            falling(rounded(_FIRED)),
            width=12,
        ),
        table(
            "Time to resolve by alert",
            "How long each alert fired on average until it was over.",
            falling(_FIRING.per(_FIRED)),
            unit=Shown.SECONDS,
        ),
        table(
            "Time that each alert fired",
            "All of it in the selected time. What fires for days is no alert but a task.",
            falling(_FIRING),
            unit=Shown.SECONDS,
        ),
        table(
            "Over by themselves",
            "How often each alert was over within ten minutes.",
            falling(every_minute(_short_lived(), RANGE)),
            width=24,
        ),
    ),
)
_CHANGES = Row(
    title="What runs",
    panels=(
        timeseries(
            "Instances up",
            "Instances of each service that answered.",
            line(sum_by(select(APPLICATION, UP).now, "service"), "{service}"),
        ),
        table(
            "Versions",
            "The builds that run. Two of one service at a time are a rollout, or one that is stuck.",
            count_by(select(APPLICATION, BUILD_INFO).now, "service", "version", "commit"),
            width=16,
        ),
    ),
)

PAGE = Dashboard(
    board=WEEKLY,
    description="For the review of the week: promises, percentiles, error budget, alert noise and time to resolve.",
    variables=(),
    annotations=ANNOTATIONS,
    shows=days(7),
    rows=(_PROMISES, _NOISE, _CHANGES),
)
