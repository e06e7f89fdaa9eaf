"""Do the operators make of our objects what we asked for?"""

from alerts.condition import above, equals
from alerts.model import Alert, Severity
from alerts.promql import select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import MONITORING
from catalogue.exported.monitoring import ECK_RECONCILES, MANAGED_RESOURCES, RECONCILE_ERRORS, RELOADER_SUCCESS
from catalogue.exporters import CONFIG_RELOADER, ELASTIC_OPERATOR, PROMETHEUS_OPERATOR
from catalogue.model.time import minutes
from catalogue.services import ELASTICSEARCH, PROMETHEUS
from catalogue.teams import PLATFORM

_HERE = {"namespace": "observability"}
_POD = _HERE | {"pod": "prometheus-openpolicy-0"}
_RULES = {"resource": "PrometheusRule", "state": "rejected"}
_FIVE = minutes(5)


def _rejected(values: str) -> tuple[Samples, ...]:
    return (samples(PROMETHEUS_OPERATOR, MANAGED_RESOURCES, values, **_RULES, **_HERE),)


def _reconciled(result: str) -> tuple[Samples, ...]:
    own = _HERE | {"controller": "elasticsearch-controller", "result": result}
    return (samples(ELASTIC_OPERATOR, ECK_RECONCILES, "0+1x120", **own),)


ALERTS = (
    Alert(
        name="PrometheusOperatorRejectedResources",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.BLIND,
        watches="objects that the operator refuses",
        when=above(select(PROMETHEUS_OPERATOR, MANAGED_RESOURCES, state="rejected").min_over(_FIVE), 0),
        lasting=minutes(5),
        summary="The operator refuses objects of the kind {resource}",
        description="{value:count} in {namespace} are invalid: their rules or targets are missing, and silently.",
        board=MONITORING,
        fires=Firing(
            given=_rejected("0x5 2x60"),
            at=minutes(20),
            labels=_HERE | _RULES | {"job": PROMETHEUS_OPERATOR.job},
            value="2",
        ),
        # Refused for a moment, while what it refers to was being made.
        silent=Scenario(given=_rejected("0x5 2x6 0x60"), at=minutes(12)),
    ),
    Alert(
        name="PrometheusOperatorReconcileErrors",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.DEGRADED,
        watches="failed attempts of the operator in 10 minutes",
        when=above(
            sum_by(select(PROMETHEUS_OPERATOR, RECONCILE_ERRORS).increase(minutes(10)), "namespace", "controller"),
            3,
            because="Conflicts are retried and pass; a fault repeats with every attempt.",
        ),
        lasting=minutes(15),
        summary="The operator fails to apply changes to {controller}",
        description="{value:number} attempts failed in 10 minutes: what was deployed is not what runs.",
        board=MONITORING,
        fires=Firing(
            given=(samples(PROMETHEUS_OPERATOR, RECONCILE_ERRORS, "0+1x120", controller="prometheus", **_HERE),),
            at=minutes(30),
            labels=_HERE | {"controller": "prometheus"},
            value="20",
        ),
        silent=Scenario(
            given=(samples(PROMETHEUS_OPERATOR, RECONCILE_ERRORS, "0x20 2x100", controller="prometheus", **_HERE),),
            at=minutes(30),
        ),
    ),
    Alert(
        name="ElasticOperatorFailing",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.DEGRADED,
        watches="failed attempts of Elastic's operator in 10 minutes",
        when=above(
            sum_by(
                select(ELASTIC_OPERATOR, ECK_RECONCILES, result="error").increase(minutes(10)),
                "namespace",
                "controller",
            ),
            3,
            because="Conflicts are retried and pass; a fault repeats with every attempt.",
        ),
        lasting=minutes(15),
        summary="Elastic's operator fails to apply changes: {controller}",
        description="{value:number} attempts failed in 10 minutes: what runs is not what was deployed.",
        board=MONITORING,
        fires=Firing(
            given=_reconciled("error"),
            at=minutes(30),
            labels=_HERE | {"controller": "elasticsearch-controller"},
            value="20",
        ),
        silent=Scenario(given=_reconciled("success"), at=minutes(30)),
    ),
    Alert(
        name="ConfigReloaderErrors",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.BLIND,
        watches="whether the last reload succeeded",
        when=equals(select(CONFIG_RELOADER, RELOADER_SUCCESS).max_over(_FIVE), 0),
        lasting=minutes(10),
        summary="{pod} does not get its new configuration",
        description="New rules, routes or targets are written but not read by {pod}.",
        board=MONITORING,
        fires=Firing(
            given=(samples(CONFIG_RELOADER, RELOADER_SUCCESS, "0x60", **_POD),),
            at=minutes(20),
            labels=_POD | {"job": CONFIG_RELOADER.job},
        ),
        silent=Scenario(
            given=(
                samples(CONFIG_RELOADER, RELOADER_SUCCESS, "1x10 0x4 1x45", pod="prometheus-openpolicy-0", **_HERE),
            ),
            at=minutes(20),
        ),
    ),
)
