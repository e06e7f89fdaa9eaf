"""Is the API there, does it answer, and fast enough?"""

from alerts.condition import above, below, equals, holds
from alerts.library.recordings import ERROR_RATIO, LATENCY_P95, REQUESTS
from alerts.model import Alert, Severity
from alerts.promql import PER_SERVICE, max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE, OVERVIEW
from catalogue.exported.kubernetes import DEPLOYMENT_REPLICAS_AVAILABLE
from catalogue.exporters import (
    APPLICATION,
    KUBE_STATE_METRICS,
    SCRAPE_SAMPLES,
    UP,
)
from catalogue.metrics import HTTP_REQUEST_DURATION, HTTP_REQUESTS
from catalogue.model.ownership import Service
from catalogue.model.time import minutes
from catalogue.services import API_GATEWAY, SERVICES
from catalogue.teams import PLATFORM

_API = {"namespace": "openpolicy", "service": API_GATEWAY.name}


def _up(pod: str, values: str) -> Samples:
    return samples(APPLICATION, UP, values, service=API_GATEWAY.name, instance=pod)


def _requests(ok: int, failed: int) -> tuple[Samples, ...]:
    """Forty minutes of traffic, in requests per step of 30 s, beside probes that must not count."""
    route = {"service": API_GATEWAY.name, "method": "GET", "endpoint": "/api/v1/bills", "pod": "a"}
    probe = route | {"endpoint": "/health"}
    return (
        samples(APPLICATION, HTTP_REQUESTS, f"0+{ok}x80", status="200", **route),
        samples(APPLICATION, HTTP_REQUESTS, f"0+{failed}x80", status="503", **route),
        samples(APPLICATION, HTTP_REQUESTS, "0+90000x80", status="200", **probe),
    )


def _answers(within_one: int, within_two: int, later: int) -> tuple[Samples, ...]:
    """Forty minutes of answers per step of 30 s, by how long they took."""
    route = {"service": API_GATEWAY.name, "method": "GET", "endpoint": "/api/v1/bills", "pod": "a"}

    def bucket(bound: str, count: int) -> Samples:
        values = f"0+{count}x80"
        return samples(APPLICATION, HTTP_REQUEST_DURATION, values, suffix="_bucket", le=bound, **route)

    total = within_one + within_two + later
    return (
        bucket("1.0", within_one),
        bucket("2.0", within_one + within_two),
        bucket("2.5", total),
        bucket("+Inf", total),
        samples(APPLICATION, HTTP_REQUEST_DURATION, f"0+{total}x80", suffix="_count", **route),
        samples(APPLICATION, HTTP_REQUESTS, f"0+{total}x80", status="200", **route),
    )


def _absent(service: Service) -> Alert:
    return Alert(
        name="ServiceAbsent",
        severity=Severity.CRITICAL,
        team=service.team,
        service=service,
        symptom=Symptom.OUTAGE,
        watches="no target of the service is discovered",
        when=holds(select(APPLICATION, UP, service=service.name).absent),
        lasting=minutes(5),
        summary="{service} has disappeared from service discovery",
        description="Prometheus knows no target of {service} at all, so ServiceDown cannot fire for it.",
        board=OVERVIEW,
        fires=Firing(given=(), at=minutes(6), labels={"job": APPLICATION.job}),
        silent=Scenario(given=(samples(APPLICATION, UP, "0x40", service=service.name, instance="a"),), at=minutes(15)),
    )


ALERTS = (
    Alert(
        name="ServiceDown",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=None,
        symptom=Symptom.OUTAGE,
        watches="instances of the service that answer Prometheus",
        when=equals(sum_by(select(APPLICATION, UP).now, *PER_SERVICE), 0),
        lasting=minutes(2),
        summary="Service {service} is down",
        description="No instance of {service} in {namespace} answers Prometheus any more.",
        board=OVERVIEW,
        fires=Firing(given=(_up("a", "1x20 0x40"), _up("b", "1x20 0x40")), at=minutes(14), labels=_API),
        # One of two down is no outage.
        silent=Scenario(given=(_up("a", "1x20 0x40"), _up("b", "1x60")), at=minutes(25)),
    ),
    *(_absent(service) for service in SERVICES if service.critical),
    Alert(
        name="ApiGatewayNoReplicas",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=API_GATEWAY,
        symptom=Symptom.OUTAGE,
        watches="available replicas of the gateway",
        when=below(
            select(KUBE_STATE_METRICS, DEPLOYMENT_REPLICAS_AVAILABLE, deployment=API_GATEWAY.name).now,
            1,
        ),
        lasting=minutes(1),
        summary="{service} has no available replica",
        description="Deployment {namespace}/{deployment} has {value:count} available replicas.",
        board=OVERVIEW,
        fires=Firing(
            given=(
                samples(KUBE_STATE_METRICS, DEPLOYMENT_REPLICAS_AVAILABLE, "3x10 0x20", deployment=API_GATEWAY.name),
            ),
            at=minutes(8),
            labels={"namespace": "openpolicy", "deployment": API_GATEWAY.name, "job": KUBE_STATE_METRICS.job},
            value="0",
        ),
        silent=Scenario(
            given=(
                samples(KUBE_STATE_METRICS, DEPLOYMENT_REPLICAS_AVAILABLE, "3x10 1x20", deployment=API_GATEWAY.name),
                samples(KUBE_STATE_METRICS, DEPLOYMENT_REPLICAS_AVAILABLE, "0x30", deployment="another"),
            ),
            at=minutes(15),
        ),
    ),
    Alert(
        name="ServiceInstanceDown",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=None,
        symptom=Symptom.DEGRADED,
        watches="whether one instance answers Prometheus",
        when=equals(select(APPLICATION, UP).now, 0),
        lasting=minutes(5),
        summary="{instance} of {service} does not answer",
        description="This instance does not answer Prometheus; others of {service} may.",
        board=OVERVIEW,
        fires=Firing(
            given=(_up("a", "1x20 0x40"), _up("b", "1x60")),
            at=minutes(17),
            labels=_API | {"instance": "a", "job": APPLICATION.job},
        ),
        # Two minutes of a rolling update.
        silent=Scenario(given=(_up("a", "1x20 0x4 1x36"), _up("b", "1x60")), at=minutes(17)),
    ),
    Alert(
        name="HighErrorRate",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=None,
        symptom=Symptom.ERRORS,
        watches="share of requests answered with a server error",
        when=above(
            ERROR_RATIO.now,
            "0.1",
            because="One request in ten fails: people notice, and it is no single bad route.",
            guard=REQUESTS.now.above(0.5),
        ),
        lasting=minutes(5),
        summary="High error rate on {service}",
        description="{value:percentage} of requests to {service} were answered with a server error in 5 minutes.",
        board=OVERVIEW,
        fires=Firing(given=_requests(ok=2400, failed=600), at=minutes(20), labels=_API, value="20%"),
        silent=Scenario(given=_requests(ok=2760, failed=240), at=minutes(40)),
    ),
    Alert(
        name="SlowAPIResponse",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=None,
        symptom=Symptom.SLOW,
        watches="95th percentile of the time to answer",
        when=above(
            LATENCY_P95.now,
            2,
            because="Twice what the objective allows, for one request in twenty.",
            guard=REQUESTS.now.above(0.5),
        ),
        lasting=minutes(10),
        summary="{service} answers slowly",
        description="The slowest twentieth of requests to {service} take {value:duration} or longer.",
        board=OVERVIEW,
        # Half of all answers lie between 2 and 2.5 s, so the 95th percentile is 2.45 s.
        fires=Firing(given=_answers(0, 300, 300), at=minutes(20), labels=_API, value="2.45s"),
        silent=Scenario(given=_answers(500, 90, 10), at=minutes(30)),
    ),
    Alert(
        name="AppCardinalityHigh",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=None,
        symptom=Symptom.BLIND,
        watches="series that one pod exposes",
        when=above(
            max_by(select(APPLICATION, SCRAPE_SAMPLES).now, *PER_SERVICE),
            5000,
            because="A pod shows 2000 to 3000 series; a label without bounds shows many more.",
        ),
        lasting=minutes(30),
        summary="A pod of {service} exposes too many series",
        description="{value:count} series in one scrape. A label without bounds is likely: a path, a bill, a user.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(samples(APPLICATION, SCRAPE_SAMPLES, "6200x90", service=API_GATEWAY.name, pod="a"),),
            at=minutes(40),
            labels=_API,
            value="6200",
        ),
        silent=Scenario(
            given=(samples(APPLICATION, SCRAPE_SAMPLES, "4900x90", service=API_GATEWAY.name, pod="a"),),
            at=minutes(40),
        ),
    ),
)
