"""Can what is archived be had back?"""

from alerts.condition import above, holds
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import age, max_by, renamed, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import LOGS
from catalogue.exported.kubernetes import CRONJOB_CREATED, CRONJOB_LAST_SUCCESS, JOB_FAILED, JOB_OWNER, JOB_STARTED
from catalogue.exporters import KUBE_STATE_METRICS
from catalogue.model.metric import Metric
from catalogue.model.retention import AUDIT_RESTORE
from catalogue.model.time import days, hours, minutes
from catalogue.services import SNAPSHOTS
from catalogue.teams import PLATFORM

_HERE = {"namespace": "observability"}
_CRONJOB = _HERE | {"cronjob": AUDIT_RESTORE}
_RUN = _HERE | {"job_name": f"{AUDIT_RESTORE}-29876680"}
_OWNER = {"owner_kind": "CronJob", "owner_name": AUDIT_RESTORE}


def _of_cronjob(metric: Metric, *labels: str) -> Expr:
    return max_by(select(KUBE_STATE_METRICS, metric, cronjob=AUDIT_RESTORE).now, "namespace", *labels)


_RUNS = max_by(select(KUBE_STATE_METRICS, JOB_OWNER, **_OWNER).now, "namespace", "job_name", "owner_name")
_FAILED = max_by(
    _RUNS.joined(
        max_by(select(KUBE_STATE_METRICS, JOB_FAILED, condition="true").now, "namespace", "job_name"),
        on=("namespace", "job_name"),
    ),
    "namespace",
    "job_name",
)
_SUCCESS = max_by(
    renamed(_of_cronjob(CRONJOB_LAST_SUCCESS, "cronjob"), "cronjob", to="owner_name"), "namespace", "owner_name"
)
_STARTED = max_by(select(KUBE_STATE_METRICS, JOB_STARTED).now, "namespace", "job_name")
# Runs after whose beginning one has succeeded.
_OVERCOME = (max_by(_RUNS.joined(_SUCCESS, on=("namespace", "owner_name")), "namespace", "job_name") - _STARTED).above(
    0
)


def _samples(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(KUBE_STATE_METRICS, metric, values, **labels)


def _failed(last_success: str) -> tuple[Samples, ...]:
    return (
        _samples(JOB_FAILED, "1x90", condition="true", **_RUN),
        _samples(JOB_STARTED, "600x90", **_RUN),
        _samples(JOB_OWNER, "1x90", **_RUN, **_OWNER),
        _samples(CRONJOB_LAST_SUCCESS, last_success, **_CRONJOB),
    )


ALERTS = (
    Alert(
        name="AuditRestoreFailed",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=SNAPSHOTS,
        symptom=Symptom.LOSS,
        watches="the archive's monthly check has failed, and no later one has succeeded",
        when=holds(_FAILED.compare(Op.EQUALS, 1).unless(_OVERCOME)),
        lasting=minutes(5),
        summary="The audit archive is not what was written, or could not be restored",
        description="{job_name} restores a sample of the archive and compares it, and has failed. Its log says whether"
        " something is missing, changed or no longer locked, or whether a server did not answer.",
        board=LOGS,
        fires=Firing(given=_failed("300x90"), at=minutes(10), labels=_RUN),
        # It was repeated by hand, and succeeded.
        silent=Scenario(given=_failed("300x10 1200x80"), at=minutes(40)),
    ),
    Alert(
        name="AuditRestoreStale",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=SNAPSHOTS,
        symptom=Symptom.LOSS,
        watches="time since a sample of the archive was last restored as it was written",
        when=above(
            # Before its first success, since it exists.
            age(_of_cronjob(CRONJOB_LAST_SUCCESS, "cronjob").either(_of_cronjob(CRONJOB_CREATED, "cronjob"))),
            days(33).seconds,
            because="It runs every month, which has 31 days; two are for mending and repeating it.",
        ),
        lasting=hours(1),
        summary="Nothing of the audit archive has been restored for more than a month",
        description="{cronjob} last succeeded {value:duration} ago. Whether seven years of audit lines can be had back"
        " is not known since then.",
        board=LOGS,
        fires=Firing(
            given=(
                _samples(CRONJOB_CREATED, "0x900", **_CRONJOB),
                _samples(CRONJOB_LAST_SUCCESS, "86400x900", **_CRONJOB),
            ),
            at=days(35),
            step=hours(1),
            labels=_CRONJOB,
            value="34d 0h 0m 0s",
        ),
        # In a long month the next run is 31 days after the last.
        silent=Scenario(
            given=(
                _samples(CRONJOB_CREATED, "0x900", **_CRONJOB),
                _samples(CRONJOB_LAST_SUCCESS, "86400x767 2764800x133", **_CRONJOB),
            ),
            at=days(36),
            step=hours(1),
        ),
    ),
)
