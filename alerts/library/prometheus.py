"""Does Prometheus see, record and judge what it should?"""

from alerts.condition import above, at_most, below, equals
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import count_by, like, min_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import MONITORING
from catalogue.exported.kubernetes import STATEFULSET_REPLICAS
from catalogue.exported.monitoring import (
    ALERTMANAGERS,
    NOTIFICATION_ERRORS,
    NOTIFICATIONS_SENT,
    PROMETHEUS_RELOADED,
    RULE_FAILURES,
    RULES_MISSED,
    SAMPLES_APPENDED,
)
from catalogue.exporters import KUBE_STATE_METRICS, PROMETHEUS_SERVER, UP
from catalogue.model.metric import Metric
from catalogue.model.time import Duration, minutes
from catalogue.services import PROMETHEUS
from catalogue.teams import PLATFORM

_ONE = {"namespace": "observability", "instance": "10.0.0.1:9090", "pod": "prometheus-openpolicy-0"}
_LABELS = _ONE | {"job": PROMETHEUS_SERVER.job}
_FIVE = minutes(5)


def _own(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(PROMETHEUS_SERVER, metric, values, **(_ONE | labels))


def _replicas(up: str) -> tuple[Samples, ...]:
    """Two are wanted; one is there all the time."""
    sets = {"namespace": "observability", "statefulset": "prometheus-openpolicy"}
    return (
        _own(UP, "1x60"),
        _own(UP, up, instance="10.0.0.2:9090", pod="prometheus-openpolicy-1"),
        samples(KUBE_STATE_METRICS, STATEFULSET_REPLICAS, "2x60", **sets),
    )


def _sending(failed_of_one: int, failed_of_other: int) -> tuple[Samples, ...]:
    """A hundred notifications a step to each of two Alertmanagers."""
    to_one, to_other = {"alertmanager": "http://a:9093"}, {"alertmanager": "http://b:9093"}
    return (
        _own(NOTIFICATIONS_SENT, "0+100x120", **to_one),
        _own(NOTIFICATIONS_SENT, "0+100x120", **to_other),
        _own(NOTIFICATION_ERRORS, f"0+{failed_of_one}x120", **to_one),
        _own(NOTIFICATION_ERRORS, f"0+{failed_of_other}x120", **to_other),
    )


def _increase(metric: Metric, window: Duration) -> Expr:
    return select(PROMETHEUS_SERVER, metric).increase(window)


ALERTS = (
    Alert(
        name="PrometheusReplicaMissing",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.DEGRADED,
        watches="replicas of Prometheus that do not answer",
        when=above(
            sum_by(select(KUBE_STATE_METRICS, STATEFULSET_REPLICAS, statefulset=like("prometheus-openpolicy.*")).now)
            - count_by(select(PROMETHEUS_SERVER, UP).now.compare(Op.EQUALS, 1)),
            0,
        ),
        lasting=minutes(10),
        summary="Prometheus is not redundant",
        description="Replicas that do not answer: {value:count}. If another one goes, nobody is paged about anything.",
        board=MONITORING,
        fires=Firing(given=_replicas(up="1x5 0x54"), at=minutes(20), value="1"),
        silent=Scenario(given=_replicas(up="1x5 0x15 1x40"), at=minutes(20)),
    ),
    Alert(
        name="PrometheusBadConfig",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.BLIND,
        watches="whether the last configuration was accepted",
        when=equals(select(PROMETHEUS_SERVER, PROMETHEUS_RELOADED).max_over(_FIVE), 0),
        lasting=minutes(10),
        summary="{instance} cannot load its configuration",
        description="It goes on with the previous one: new rules and targets are missing, and a restart would fail.",
        board=MONITORING,
        fires=Firing(given=(_own(PROMETHEUS_RELOADED, "0x60"),), at=minutes(20), labels=_LABELS),
        # One reload of a half-written file, then a good one.
        silent=Scenario(given=(_own(PROMETHEUS_RELOADED, "1x10 0x4 1x45"),), at=minutes(20)),
    ),
    Alert(
        name="PrometheusRuleFailures",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.BLIND,
        watches="failed evaluations of a rule group in 5 minutes",
        when=above(_increase(RULE_FAILURES, _FIVE), 0),
        lasting=minutes(15),
        summary="Rules of {rule_group} fail",
        description="{value:number} evaluations failed in 5 minutes: alerts of this group cannot fire.",
        board=MONITORING,
        fires=Firing(
            given=(_own(RULE_FAILURES, "0+1x60", rule_group="openpolicy-api-alerts"),),
            at=minutes(25),
            labels=_LABELS | {"rule_group": "openpolicy-api-alerts"},
            value="10",
        ),
        silent=Scenario(given=(_own(RULE_FAILURES, "0x9 1x50", rule_group="openpolicy-api-alerts"),), at=minutes(20)),
    ),
    Alert(
        name="PrometheusMissingRuleEvaluations",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.BLIND,
        watches="evaluations of a rule group that were skipped in 5 minutes",
        when=above(_increase(RULES_MISSED, _FIVE), 0),
        lasting=minutes(15),
        summary="Evaluations of {rule_group} are skipped",
        description="{value:number} skipped in 5 minutes: the group is slower than its interval, so alerts come late.",
        board=MONITORING,
        fires=Firing(
            given=(_own(RULES_MISSED, "0+1x60", rule_group="openpolicy-slo-sli"),),
            at=minutes(25),
            labels=_LABELS | {"rule_group": "openpolicy-slo-sli"},
            value="10",
        ),
        silent=Scenario(given=(_own(RULES_MISSED, "0x9 3x50", rule_group="openpolicy-slo-sli"),), at=minutes(20)),
    ),
    Alert(
        name="PrometheusNotConnectedToAlertmanagers",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.BLIND,
        watches="Alertmanagers that Prometheus knows",
        when=below(select(PROMETHEUS_SERVER, ALERTMANAGERS).max_over(_FIVE), 1),
        lasting=minutes(10),
        summary="{instance} knows no Alertmanager",
        description="Its alerts reach nobody. If the other replica is the same, the dead man's switch calls.",
        board=MONITORING,
        fires=Firing(given=(_own(ALERTMANAGERS, "3x5 0x55"),), at=minutes(25), labels=_LABELS),
        silent=Scenario(given=(_own(ALERTMANAGERS, "3x5 0x8 1x45"),), at=minutes(20)),
    ),
    Alert(
        name="PrometheusErrorSendingAlerts",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.BLIND,
        watches="share of notifications that even the best Alertmanager did not take",
        when=above(
            min_by(
                select(PROMETHEUS_SERVER, NOTIFICATION_ERRORS)
                .rate(_FIVE)
                .of(select(PROMETHEUS_SERVER, NOTIFICATIONS_SENT).rate(_FIVE)),
                "namespace",
                "instance",
            ),
            "0.03",
            because="Single failures are retried; three in a hundred at every Alertmanager are no accident.",
        ),
        lasting=minutes(15),
        summary="{instance} cannot deliver its alerts",
        description="{value:percentage} of its notifications fail at every Alertmanager: pages are lost or late.",
        board=MONITORING,
        fires=Firing(
            given=_sending(40, 10),
            at=minutes(30),
            labels={"namespace": "observability", "instance": _ONE["instance"]},
            value="10%",
        ),
        # One of two takes everything.
        silent=Scenario(given=_sending(100, 2), at=minutes(30)),
    ),
    Alert(
        name="PrometheusNotIngestingSamples",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.BLIND,
        watches="samples that it stores a second",
        when=at_most(sum_by(select(PROMETHEUS_SERVER, SAMPLES_APPENDED).rate(_FIVE), "namespace", "instance"), 0),
        lasting=minutes(10),
        summary="{instance} stores no samples",
        description="Every alert of this replica is blind. Its disk may be full.",
        board=MONITORING,
        fires=Firing(
            given=(_own(SAMPLES_APPENDED, "0+1000x10 11000x90", type="float"),),
            at=minutes(30),
            labels={"namespace": "observability", "instance": _ONE["instance"]},
        ),
        silent=Scenario(given=(_own(SAMPLES_APPENDED, "0+1x100", type="float"),), at=minutes(30)),
    ),
)
