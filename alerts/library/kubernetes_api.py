"""Does the Kubernetes API answer, and do we see what Kubernetes knows?"""

from alerts.condition import above, holds
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, missing, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.kubernetes import API_REQUESTS, API_UNAVAILABLE
from catalogue.exporters import API_SERVERS, KUBE_STATE_METRICS, UP
from catalogue.model.exporter import Exporter
from catalogue.model.time import minutes
from catalogue.services import KUBERNETES
from catalogue.teams import PLATFORM

_METRICS_API = "v1beta1.metrics.k8s.io"


def _none_answers(exporter: Exporter) -> Expr:
    return missing(select(exporter, UP).now.compare(Op.EQUALS, 1))


def _two(exporter: Exporter, first: str, second: str) -> tuple[Samples, ...]:
    return (
        samples(exporter, UP, first, instance="10.0.0.1:443"),
        samples(exporter, UP, second, instance="10.0.0.2:443"),
    )


def _requests(ok: int, failed: int) -> tuple[Samples, ...]:
    """Requests per step of 30 s."""
    bills = {"verb": "LIST", "resource": "pods", "instance": "10.0.0.1:443"}
    return (
        samples(API_SERVERS, API_REQUESTS, f"0+{ok}x90", code="200", **bills),
        samples(API_SERVERS, API_REQUESTS, f"0+{failed}x90", code="503", **bills),
    )


_FAILED = sum_by(select(API_SERVERS, API_REQUESTS, code=like("5..")).rate(minutes(10)))

ALERTS = (
    Alert(
        name="KubeAPIDown",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="no API server of Kubernetes answers Prometheus",
        when=holds(_none_answers(API_SERVERS)),
        lasting=minutes(5),
        summary="The Kubernetes API does not answer",
        description="What runs goes on running, but nothing that fails is replaced, scaled or deployed.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_two(API_SERVERS, "1x20 0x70", "1x20 0x70"), at=minutes(17)),
        silent=Scenario(given=_two(API_SERVERS, "0x90", "1x90"), at=minutes(40)),
    ),
    Alert(
        name="KubeAPIErrorsHigh",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.ERRORS,
        watches="share of the Kubernetes API's requests that fail with its own error",
        when=above(
            _FAILED.of(sum_by(select(API_SERVERS, API_REQUESTS).rate(minutes(10)))),
            "0.03",
            because="Controllers repeat what fails; beyond this they fall behind.",
            # In a quiet cluster a few errors are a large share.
            guard=_FAILED.above(0.1),
        ),
        lasting=minutes(10),
        keep_firing=minutes(5),
        summary="The Kubernetes API fails often",
        description="{value:percentage} of its requests fail: pods are deployed, scaled and replaced late or not.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_requests(ok=570, failed=30), at=minutes(25), value="5%"),
        silent=Scenario(given=_requests(ok=20, failed=2), at=minutes(40)),
    ),
    Alert(
        name="KubeAggregatedAPIDown",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="share of 10 minutes in which an API that Kubernetes hands on was unavailable",
        when=above(
            max_by(select(API_SERVERS, API_UNAVAILABLE).average_over(minutes(10)), "name"),
            "0.15",
            because="A restart of what serves it takes a minute; this is more.",
        ),
        lasting=minutes(5),
        keep_firing=minutes(5),
        summary="The API {name} is unavailable",
        description="It was so for {value:percentage} of 10 minutes. Without metrics APIs no HPA scales.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(samples(API_SERVERS, API_UNAVAILABLE, "0x20 1x70", name=_METRICS_API),),
            at=minutes(30),
            labels={"name": _METRICS_API},
            value="100%",
        ),
        silent=Scenario(
            given=(samples(API_SERVERS, API_UNAVAILABLE, "0x20 1x2 0x68", name=_METRICS_API),), at=minutes(17)
        ),
    ),
    Alert(
        name="KubeStateMetricsDown",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.BLIND,
        watches="no kube-state-metrics answers Prometheus",
        when=holds(_none_answers(KUBE_STATE_METRICS)),
        # Off a dead node it is started anew after six minutes.
        lasting=minutes(10),
        summary="kube-state-metrics is down",
        description="Nothing is known of pods, Deployments, nodes and CronJobs: pages about them cannot fire.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_two(KUBE_STATE_METRICS, "1x20 0x70", "1x20 stale"), at=minutes(21)),
        # It moves to another node.
        silent=Scenario(given=_two(KUBE_STATE_METRICS, "1x20 0x14 _x60", "_x34 1x60"), at=minutes(16)),
    ),
)
