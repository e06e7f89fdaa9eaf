"""Do we keep what we promise? One set of burn-rate alerts for each objective of the catalogue."""

from decimal import Decimal

from alerts.burnrate import Measured
from alerts.library.recordings import ERRORS, REQUESTS, TIMED_REQUESTS, slow_requests
from alerts.model import RuleGroup
from alerts.scenario import Samples, samples
from catalogue.boards import SLO
from catalogue.exporters import APPLICATION
from catalogue.metrics import HTTP_REQUEST_DURATION, HTTP_REQUESTS
from catalogue.model.slo import Availability, Slo
from catalogue.model.time import minutes, seconds
from catalogue.slos import SLOS

# Enough that every share we test is a whole number of requests.
_PER_STEP = 1_000_000
_STEPS = 180


def _route(slo: Slo) -> dict[str, str]:
    return {"service": slo.service.name, "method": "GET", "endpoint": "/api/v1/bills", "pod": "a"}


def _steady(count: Decimal | int) -> str:
    return f"0+{int(count)}x{_STEPS}"


def _availability(slo: Slo) -> Measured:
    def traffic(bad: Decimal) -> tuple[Samples, ...]:
        failed = bad * _PER_STEP
        return (
            samples(APPLICATION, HTTP_REQUESTS, _steady(_PER_STEP - failed), status="200", **_route(slo)),
            samples(APPLICATION, HTTP_REQUESTS, _steady(failed), status="503", **_route(slo)),
        )

    return Measured(slo=slo, bad=ERRORS, total=REQUESTS, traffic=traffic, board=SLO)


def _latency(slo: Slo, within: Decimal) -> Measured:
    def traffic(bad: Decimal) -> tuple[Samples, ...]:
        fast, route = _PER_STEP - bad * _PER_STEP, _route(slo)
        bound = str(float(within))
        return (
            samples(APPLICATION, HTTP_REQUEST_DURATION, _steady(fast), suffix="_bucket", le=bound, **route),
            samples(APPLICATION, HTTP_REQUEST_DURATION, _steady(_PER_STEP), suffix="_bucket", le="+Inf", **route),
            samples(APPLICATION, HTTP_REQUEST_DURATION, _steady(_PER_STEP), suffix="_count", **route),
        )

    return Measured(slo=slo, bad=slow_requests(within), total=TIMED_REQUESTS, traffic=traffic, board=SLO)


def _measured(slo: Slo) -> Measured:
    return _availability(slo) if isinstance(slo.sli, Availability) else _latency(slo, slo.sli.within)


OBJECTIVES = tuple(_measured(slo) for slo in SLOS)


def rule_groups(measured: tuple[Measured, ...]) -> tuple[RuleGroup, ...]:
    """The three groups of the objectives: what alerts read, what people read, and the alerts."""
    return (
        RuleGroup(
            name="openpolicy-slo-sli",
            interval=seconds(30),
            rules=tuple(rule for each in measured for rule in each.short_recordings),
        ),
        # Every 5 minutes would let the series flicker: Prometheus 3 looks back less than 5 minutes.
        RuleGroup(
            name="openpolicy-slo-period",
            interval=minutes(2),
            rules=tuple(rule for each in measured for rule in each.period_recordings),
        ),
        RuleGroup(
            name="openpolicy-slo-alerts",
            interval=seconds(30),
            rules=tuple(alert for each in measured for alert in each.alerts),
        ),
    )
