"""Do Jobs succeed, and CronJobs when they should?"""

from alerts.condition import above, holds
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import age, like, max_by, renamed, select, unlike
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.selector import Selector
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.kubernetes import (
    CRONJOB_CREATED,
    CRONJOB_LAST_RUN,
    CRONJOB_LAST_SUCCESS,
    CRONJOB_NEXT_RUN,
    JOB_FAILED,
    JOB_OWNER,
    JOB_STARTED,
)
from catalogue.exporters import KUBE_STATE_METRICS
from catalogue.model.metric import Metric
from catalogue.model.time import hours, minutes
from catalogue.services import BACKUP_CRON_JOBS, KUBERNETES, WATCHED_NAMESPACES
from catalogue.teams import PLATFORM

_OURS = like(WATCHED_NAMESPACES)
_JOB = ("namespace", "job_name")
_CRONJOB = ("namespace", "cronjob")
_RUN = {"job_name": "scraper-federal-bills-29"}
_STEP = minutes(10)


def _of_jobs(series: Selector, *labels: str) -> Expr:
    return max_by(series.now, *_JOB, *labels)


def _of_cronjobs(metric: Metric) -> Expr:
    # PostgresBackupStale watches those, for the team that owns them.
    series = select(KUBE_STATE_METRICS, metric, namespace=_OURS, cronjob=unlike(BACKUP_CRON_JOBS))
    return max_by(series.now, *_CRONJOB)


_SUCCESS = max_by(select(KUBE_STATE_METRICS, CRONJOB_LAST_SUCCESS, namespace=_OURS).now, *_CRONJOB)
_OWNER = _of_jobs(select(KUBE_STATE_METRICS, JOB_OWNER, namespace=_OURS, owner_kind="CronJob"), "owner_name")
_OWNERS_SUCCESS = max_by(renamed(_SUCCESS, "cronjob", to="owner_name"), "namespace", "owner_name")
_STARTED = _of_jobs(select(KUBE_STATE_METRICS, JOB_STARTED, namespace=_OURS))
# Runs whose CronJob has succeeded since they began.
_OVERCOME = (max_by(_OWNER.joined(_OWNERS_SUCCESS, on=("namespace", "owner_name")), *_JOB) - _STARTED).above(0)
_PERIOD = _of_cronjobs(CRONJOB_NEXT_RUN) - _of_cronjobs(CRONJOB_LAST_RUN)


def _failed(started: str, *, last_success: str) -> tuple[Samples, ...]:
    return (
        samples(KUBE_STATE_METRICS, JOB_FAILED, "1x90", condition="true", **_RUN),
        samples(KUBE_STATE_METRICS, JOB_STARTED, started, **_RUN),
        samples(KUBE_STATE_METRICS, JOB_OWNER, "1x90", owner_kind="CronJob", owner_name="scraper-bills", **_RUN),
        samples(KUBE_STATE_METRICS, CRONJOB_LAST_SUCCESS, last_success, cronjob="scraper-bills"),
    )


def _daily(last_run: str, next_run: str, *success: Samples) -> tuple[Samples, ...]:
    return (
        samples(KUBE_STATE_METRICS, CRONJOB_CREATED, "0x300", cronjob="scraper-bills"),
        samples(KUBE_STATE_METRICS, CRONJOB_LAST_RUN, last_run, cronjob="scraper-bills"),
        samples(KUBE_STATE_METRICS, CRONJOB_NEXT_RUN, next_run, cronjob="scraper-bills"),
        *success,
    )


ALERTS = (
    Alert(
        name="KubeJobFailed",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.ERRORS,
        watches="a Job has failed, and its CronJob has not succeeded since",
        when=holds(
            _of_jobs(select(KUBE_STATE_METRICS, JOB_FAILED, namespace=_OURS, condition="true"))
            .compare(Op.EQUALS, 1)
            .unless(_OVERCOME)
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="Job {namespace}/{job_name} has failed",
        description="It has given up after all its retries, and its work is not done. No later run has done it.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_failed("600x90", last_success="300x90"),
            at=minutes(16),
            labels={"namespace": "openpolicy"} | _RUN,
        ),
        # The next run succeeded; the failed one is kept for its logs.
        silent=Scenario(given=_failed("600x90", last_success="900x90"), at=minutes(40)),
    ),
    Alert(
        name="KubeCronJobStale",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.STALE,
        watches="time for which a CronJob's next success is overdue, by its own schedule",
        when=above(
            # Before its first success, since it was made.
            age(_of_cronjobs(CRONJOB_LAST_SUCCESS).either(_of_cronjobs(CRONJOB_CREATED))) - _PERIOD,
            hours(2).seconds,
            because="A run may be slow, or be repeated after a failure; two hours are more than that.",
        ),
        # After a longer pause than usual, as over a weekend, the first run gets this much time.
        lasting=hours(1),
        keep_firing=minutes(5),
        summary="CronJob {namespace}/{cronjob} has not succeeded when it should have",
        description="Its success is overdue by {value:duration}: what it keeps up to date or tidy is not.",
        board=INFRASTRUCTURE,
        fires=Firing(
            # Daily at the full day; the run after the first day fails.
            given=_daily(
                "0x143 86400x156",
                "86400x143 172800x156",
                samples(KUBE_STATE_METRICS, CRONJOB_LAST_SUCCESS, "600x300", cronjob="scraper-bills"),
            ),
            at=hours(28),
            step=_STEP,
            labels={"namespace": "openpolicy", "cronjob": "scraper-bills"},
            value="3h 50m 0s",
        ),
        # A weekly one is not late after three days; a suspended one has no next run.
        silent=Scenario(
            given=(
                *_daily(
                    "0x300",
                    "604800x300",
                    samples(KUBE_STATE_METRICS, CRONJOB_LAST_SUCCESS, "600x300", cronjob="scraper-bills"),
                ),
                samples(KUBE_STATE_METRICS, CRONJOB_CREATED, "0x500", cronjob="suspended"),
                samples(KUBE_STATE_METRICS, CRONJOB_LAST_RUN, "0x500", cronjob="suspended"),
            ),
            at=hours(49),
            step=_STEP,
        ),
    ),
)
