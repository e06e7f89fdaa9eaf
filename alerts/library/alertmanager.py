"""Does Alertmanager decide, and does what it sends arrive?"""

from alerts.condition import above, at_least, equals
from alerts.expression import Op
from alerts.model import Alert, Severity
from alerts.promql import count_by, max_by, min_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import MONITORING
from catalogue.exported.monitoring import (
    ALERTMANAGER_CONFIG,
    ALERTMANAGER_MEMBERS,
    ALERTMANAGER_RELOADED,
    NOTIFICATIONS,
    NOTIFICATIONS_FAILED,
)
from catalogue.exporters import ALERTMANAGER_SERVER, UP
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import ALERTMANAGER
from catalogue.teams import PLATFORM

_FIVE = minutes(5)
_PODS = [
    {"namespace": "observability", "instance": f"10.0.1.{number}:9093", "pod": f"alertmanager-openpolicy-{number}"}
    for number in range(3)
]


def _of(number: int, metric: Metric, values: str, **labels: str) -> Samples:
    """A series of one of the replicas."""
    return samples(ALERTMANAGER_SERVER, metric, values, **(_PODS[number] | labels))


def _all(metric: Metric, *values: str) -> tuple[Samples, ...]:
    return tuple(_of(number, metric, each) for number, each in enumerate(values))


def _labels(number: int) -> dict[str, str]:
    return {"job": ALERTMANAGER_SERVER.job} | _PODS[number]


def _notifications(failed: str) -> tuple[Samples, ...]:
    return (
        _of(0, NOTIFICATIONS, "0+10x120", integration="pagerduty"),
        _of(0, NOTIFICATIONS_FAILED, failed, integration="pagerduty", reason="serverError"),
    )


_REPLICAS = count_by(select(ALERTMANAGER_SERVER, UP).now, "namespace")
_DOWN = select(ALERTMANAGER_SERVER, UP).average_over(_FIVE).compare(Op.BELOW, 0.5)

ALERTS = (
    Alert(
        name="AlertmanagerBadConfig",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=ALERTMANAGER,
        symptom=Symptom.BLIND,
        watches="whether the last configuration was accepted",
        when=equals(select(ALERTMANAGER_SERVER, ALERTMANAGER_RELOADED).max_over(_FIVE), 0),
        lasting=minutes(10),
        summary="{instance} cannot load its configuration",
        description="It goes on with the previous one: routes and keys are old, and after a restart nobody is paged.",
        board=MONITORING,
        fires=Firing(given=_all(ALERTMANAGER_RELOADED, "0x60", "1x60"), at=minutes(20), labels=_labels(0)),
        silent=Scenario(given=_all(ALERTMANAGER_RELOADED, "1x10 0x4 1x45", "1x60"), at=minutes(20)),
    ),
    Alert(
        name="AlertmanagerMembersInconsistent",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=ALERTMANAGER,
        symptom=Symptom.DEGRADED,
        watches="other replicas that one of Alertmanager does not see",
        when=above(
            _REPLICAS - min_by(select(ALERTMANAGER_SERVER, ALERTMANAGER_MEMBERS).max_over(_FIVE), "namespace"), 0
        ),
        lasting=minutes(15),
        summary="The replicas of Alertmanager do not see each other",
        description="At least one misses {value:count} of the others. Pages come twice, and a silence may not hold.",
        board=MONITORING,
        fires=Firing(
            given=(*_all(UP, "1x90", "1x90", "1x90"), *_all(ALERTMANAGER_MEMBERS, "3x90", "3x90", "1x90")),
            at=minutes(25),
            labels={"namespace": "observability"},
            value="2",
        ),
        silent=Scenario(
            given=(*_all(UP, "1x90", "1x90", "1x90"), *_all(ALERTMANAGER_MEMBERS, "3x90", "3x10 2x8 3x70", "3x90")),
            at=minutes(25),
        ),
    ),
    Alert(
        name="AlertmanagerNotificationsFailing",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=ALERTMANAGER,
        symptom=Symptom.BLIND,
        watches="share of notifications that fail",
        when=above(
            sum_by(select(ALERTMANAGER_SERVER, NOTIFICATIONS_FAILED).rate(minutes(15)), "integration").of(
                sum_by(select(ALERTMANAGER_SERVER, NOTIFICATIONS).rate(minutes(15)), "integration")
            ),
            "0.01",
            because="Each is retried before it counts as failed, so hardly any should.",
        ),
        lasting=minutes(5),
        summary="Notifications through {integration} fail",
        description="{value:percentage} fail. If it is PagerDuty, nobody is paged: only the dead man's switch watches.",
        board=MONITORING,
        fires=Firing(given=_notifications("0+1x120"), at=minutes(25), labels={"integration": "pagerduty"}, value="10%"),
        silent=Scenario(given=_notifications("0x120"), at=minutes(25)),
    ),
    Alert(
        name="AlertmanagerClusterDown",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=ALERTMANAGER,
        symptom=Symptom.BLIND,
        watches="share of the replicas of Alertmanager that are down",
        when=at_least(
            count_by(_DOWN, "namespace").of(_REPLICAS),
            "0.5",
            because="With one more gone there may be none.",
        ),
        lasting=minutes(5),
        summary="Half of Alertmanager is down",
        description="{value:percentage} of its replicas do not answer. If the rest goes, nobody is paged.",
        board=MONITORING,
        fires=Firing(
            given=_all(UP, "0x60", "0x60", "1x60"),
            at=minutes(15),
            labels={"namespace": "observability"},
            value="66.67%",
        ),
        silent=Scenario(given=_all(UP, "0x60", "1x60", "1x60"), at=minutes(15)),
    ),
    Alert(
        name="AlertmanagerConfigInconsistent",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ALERTMANAGER,
        symptom=Symptom.DEGRADED,
        watches="whether the configurations of two replicas differ",
        when=above(
            max_by(select(ALERTMANAGER_SERVER, ALERTMANAGER_CONFIG).now, "namespace")
            - min_by(select(ALERTMANAGER_SERVER, ALERTMANAGER_CONFIG).now, "namespace"),
            0,
        ),
        lasting=minutes(20),
        summary="The replicas of Alertmanager run different configurations",
        description="Which one decides about an alert is chance: it may be routed by the old one.",
        board=MONITORING,
        fires=Firing(
            given=_all(ALERTMANAGER_CONFIG, "81x90", "97x90"), at=minutes(30), labels={"namespace": "observability"}
        ),
        # A roll-out, one replica after the other.
        silent=Scenario(given=_all(ALERTMANAGER_CONFIG, "81x10 97x80", "81x30 97x60"), at=minutes(30)),
    ),
)
