"""Could what is stored be restored, and is the audit trail in its archive?"""

from alerts.condition import above
from alerts.expression import Expr
from alerts.model import Alert, Severity
from alerts.promql import age, max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import LOGS
from catalogue.exported.elasticsearch import SNAPSHOT_TIME, SNAPSHOTS_FAILED
from catalogue.exported.kubernetes import CRONJOB_CREATED, CRONJOB_LAST_SUCCESS
from catalogue.exporters import ELASTICSEARCH_EXPORTER, KUBE_STATE_METRICS
from catalogue.model.metric import Metric
from catalogue.model.retention import AUDIT_ARCHIVE, EVIDENCE_REPOSITORY, RECOVERY_REPOSITORY
from catalogue.model.time import days, hours, minutes
from catalogue.services import SNAPSHOTS
from catalogue.teams import PLATFORM

_STEP = minutes(2)
_HERE = {"namespace": "observability"}
_ARCHIVE = _HERE | {"cronjob": AUDIT_ARCHIVE}
_DAILY = "openpolicy-daily"


def _newest_in(repository: str) -> Expr:
    newest = select(ELASTICSEARCH_EXPORTER, SNAPSHOT_TIME, repository=repository).max_over(minutes(5))
    return max_by(newest, "namespace", "repository")


def _snapshot(values: str, repository: str) -> Samples:
    return samples(ELASTICSEARCH_EXPORTER, SNAPSHOT_TIME, values, repository=repository, **_HERE)


def _failures(values: str) -> Samples:
    return samples(ELASTICSEARCH_EXPORTER, SNAPSHOTS_FAILED, values, policy=_DAILY, **_HERE)


def _archived(metric: Metric, values: str) -> Samples:
    return samples(KUBE_STATE_METRICS, metric, values, **_ARCHIVE)


def _of_archive(metric: Metric) -> Expr:
    return max_by(select(KUBE_STATE_METRICS, metric, cronjob=AUDIT_ARCHIVE).now, "namespace", "cronjob")


ALERTS = (
    Alert(
        name="ElasticsearchSnapshotStale",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=SNAPSHOTS,
        symptom=Symptom.LOSS,
        watches="time since the newest snapshot of everything began",
        when=above(
            age(_newest_in(RECOVERY_REPOSITORY)),
            hours(26).seconds,
            because="One is taken each night; two hours are for a slow one.",
        ),
        lasting=hours(1),
        summary="No snapshot of Elasticsearch for more than a day",
        description="The newest snapshot in {repository} is {value:duration} old. If Elasticsearch is lost now, all"
        " logs and traces since then are lost too. An age of many years: there has never been one.",
        board=LOGS,
        fires=Firing(
            given=(_snapshot("3600x960", RECOVERY_REPOSITORY),),
            at=hours(30),
            step=_STEP,
            labels=_HERE | {"repository": RECOVERY_REPOSITORY},
            value="1d 5h 0m 0s",
        ),
        # Last night's, a little early; and the other repository has another rhythm.
        silent=Scenario(
            given=(
                _snapshot("18000x960", RECOVERY_REPOSITORY),
                _snapshot("3600x960", EVIDENCE_REPOSITORY),
            ),
            at=hours(30),
            step=_STEP,
        ),
    ),
    Alert(
        name="EvidenceSnapshotStale",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=SNAPSHOTS,
        symptom=Symptom.LOSS,
        watches="time since the newest snapshot of the evidence began",
        when=above(
            age(_newest_in(EVIDENCE_REPOSITORY)),
            days(8).seconds,
            because="One is taken each week, on Sunday; a day is for mending it.",
        ),
        lasting=hours(1),
        summary="No snapshot of audit and security logs for more than a week",
        description="The newest snapshot in {repository} is {value:duration} old. Audit and security logs are not"
        " deleted without one, so disks fill; and if Elasticsearch is lost, a week of evidence is.",
        board=LOGS,
        fires=Firing(
            given=(_snapshot("0x240", EVIDENCE_REPOSITORY),),
            at=days(9),
            step=hours(1),
            labels=_HERE | {"repository": EVIDENCE_REPOSITORY},
            value="9d 0h 0m 0s",
        ),
        # Last Sunday's.
        silent=Scenario(given=(_snapshot("172800x240", EVIDENCE_REPOSITORY),), at=days(9), step=hours(1)),
    ),
    Alert(
        name="ElasticsearchSnapshotFailed",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=SNAPSHOTS,
        symptom=Symptom.LOSS,
        watches="snapshots that failed in an hour",
        when=above(
            sum_by(select(ELASTICSEARCH_EXPORTER, SNAPSHOTS_FAILED).increase(hours(1)), "namespace", "policy"), 0
        ),
        lasting=minutes(5),
        # Until office hours, for it is taken at night.
        keep_firing=hours(6),
        summary="A snapshot of the policy {policy} failed",
        description="The policy {policy} wanted to take a snapshot and could not: until the next one succeeds, what is"
        " new is in Elasticsearch alone.",
        board=LOGS,
        fires=Firing(given=(_failures("2x30 3x60"),), at=minutes(80), step=_STEP, labels=_HERE | {"policy": _DAILY}),
        # It failed long ago, and the count was begun anew.
        silent=Scenario(given=(_failures("3x30 0x60"),), at=minutes(80), step=_STEP),
    ),
    Alert(
        name="AuditArchiveStale",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=SNAPSHOTS,
        symptom=Symptom.LOSS,
        watches="time since audit lines were last archived",
        when=above(
            # Before its first success, since it exists.
            age(_of_archive(CRONJOB_LAST_SUCCESS).either(_of_archive(CRONJOB_CREATED))),
            hours(2).seconds,
            because="It runs every hour, and one run may fail.",
        ),
        lasting=minutes(15),
        summary="Audit logs have not been archived for hours",
        description="{cronjob} last succeeded {value:duration} ago. Audit lines since then exist in Elasticsearch"
        " alone, where they can still be changed or lost; the law wants them kept for years.",
        board=LOGS,
        fires=Firing(
            given=(
                _archived(CRONJOB_CREATED, "0x180"),
                _archived(CRONJOB_LAST_SUCCESS, "3600x180"),
            ),
            at=hours(4),
            step=_STEP,
            labels=_ARCHIVE,
            value="3h 0m 0s",
        ),
        # Created long ago, and it works.
        silent=Scenario(
            given=(
                _archived(CRONJOB_CREATED, "0x180"),
                _archived(CRONJOB_LAST_SUCCESS, "3600x60 9000x120"),
            ),
            at=hours(4),
            step=_STEP,
        ),
    ),
)
