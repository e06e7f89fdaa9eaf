"""Is there a fresh backup of the database?"""

from alerts.condition import above, holds
from alerts.expression import Expr
from alerts.model import Alert, Severity
from alerts.promql import age, like, max_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.selector import Selector
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.kubernetes import CRONJOB_CREATED, CRONJOB_LAST_SUCCESS
from catalogue.exporters import KUBE_STATE_METRICS
from catalogue.model.metric import Metric
from catalogue.model.time import Duration, days, hours, minutes
from catalogue.services import BACKUP, BACKUP_CRON_JOBS, WATCHED_NAMESPACES
from catalogue.teams import DATABASE

_NAME = {"cronjob": "postgresql-backup"}
_STEP = minutes(10)


def _backups(metric: Metric) -> Selector:
    # Somebody else's in the same cluster must not pass for ours.
    names, ours = like(BACKUP_CRON_JOBS), like(WATCHED_NAMESPACES)
    return select(KUBE_STATE_METRICS, metric, namespace=ours, cronjob=names)


def _cronjob(metric: Metric) -> Expr:
    return max_by(_backups(metric).now, "namespace", "cronjob")


def _succeeded(values: str) -> tuple[Samples, ...]:
    return (
        samples(KUBE_STATE_METRICS, CRONJOB_CREATED, "0x400", **_NAME),
        samples(KUBE_STATE_METRICS, CRONJOB_LAST_SUCCESS, values, **_NAME),
    )


def _stale(severity: Severity, *, after: Duration, fires: Firing, silent: Scenario) -> Alert:
    return Alert(
        name="PostgresBackupStale",
        severity=severity,
        team=DATABASE,
        service=BACKUP,
        symptom=Symptom.LOSS,
        watches="time since the last backup of PostgreSQL that succeeded",
        # Before its first success, since the CronJob was made. A suspended one grows old like any other.
        # Two thresholds of one alert, so no setting can make them one.
        when=above(
            age(_cronjob(CRONJOB_LAST_SUCCESS).either(_cronjob(CRONJOB_CREATED))),
            after.seconds,
        ),
        lasting=minutes(30),
        keep_firing=minutes(5),
        summary="PostgreSQL's last backup is {value:duration} old",
        description="{namespace}/{cronjob} has not succeeded since. If the database is lost, so may be later changes.",
        board=INFRASTRUCTURE,
        fires=fires,
        silent=silent,
    )


ALERTS = (
    _stale(
        Severity.CRITICAL,
        # Two nightly runs, and two hours for a slow one.
        after=hours(50),
        fires=Firing(
            given=_succeeded("3600x400"),
            at=hours(52),
            step=_STEP,
            labels={"namespace": "openpolicy"} | _NAME,
            value="2d 3h 0m 0s",
        ),
        # The run of the second night succeeded.
        silent=Scenario(given=_succeeded("3600x150 90000x250"), at=hours(52), step=_STEP),
    ),
    _stale(
        Severity.WARNING,
        # One nightly run, likewise.
        after=hours(26),
        fires=Firing(
            given=(samples(KUBE_STATE_METRICS, CRONJOB_CREATED, "0x400", **_NAME),),
            at=hours(27),
            step=_STEP,
            labels={"namespace": "openpolicy"} | _NAME,
            value="1d 3h 0m 0s",
        ),
        silent=Scenario(given=_succeeded("3600x400"), at=hours(27), step=_STEP),
    ),
    Alert(
        name="PostgresBackupUnmonitored",
        severity=Severity.WARNING,
        team=DATABASE,
        service=BACKUP,
        symptom=Symptom.LOSS,
        watches="no CronJob that backs up PostgreSQL exists",
        when=holds(_backups(CRONJOB_CREATED).absent),
        # Long enough for it to be deleted and made anew.
        lasting=days(1),
        keep_firing=minutes(5),
        summary="No CronJob backs up PostgreSQL",
        description="Kubernetes knows none with such a name, so nothing tells of backups that are not made.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(
                samples(KUBE_STATE_METRICS, CRONJOB_CREATED, "0x400", cronjob="redis-backup"),
                samples(KUBE_STATE_METRICS, CRONJOB_CREATED, "0x400", namespace="another", **_NAME),
            ),
            at=hours(25),
            step=_STEP,
            labels={"job": KUBE_STATE_METRICS.job},
        ),
        silent=Scenario(given=_succeeded("3600x400")[:1], at=hours(40), step=_STEP),
    ),
)
