"""Could PostgreSQL be restored to what it is now?"""

from alerts.condition import above
from alerts.expression import Op
from alerts.model import Alert, Severity
from alerts.promql import max_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import DATABASES
from catalogue.exported.postgresql import (
    ARCHIVE_AGE,
    ARCHIVE_FAILURES,
    ARCHIVE_TIMEOUT,
    IS_REPLICA,
    SEGMENTS_ARCHIVED,
)
from catalogue.exporters import POSTGRES_EXPORTER
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import BACKUP
from catalogue.teams import DATABASE

_INSTANCE = {"instance": "10.0.0.5:9187"}
_QUARTER = minutes(15)


def _series(metric: Metric, values: str) -> Samples:
    return samples(POSTGRES_EXPORTER, metric, values, **_INSTANCE)


def _archive(age: str, timeout: int, *, replica: int = 0) -> tuple[Samples, ...]:
    return (
        _series(ARCHIVE_AGE, age),
        _series(ARCHIVE_TIMEOUT, f"{timeout}x90"),
        _series(IS_REPLICA, f"{replica}x90"),
    )


_PRIMARY = max_by(select(POSTGRES_EXPORTER, IS_REPLICA).now, "instance").compare(Op.EQUALS, 0)
_TIMEOUT = max_by(select(POSTGRES_EXPORTER, ARCHIVE_TIMEOUT).now, "instance")

ALERTS = (
    Alert(
        name="PostgreSQLWALArchiveFailing",
        severity=Severity.CRITICAL,
        team=DATABASE,
        service=BACKUP,
        symptom=Symptom.LOSS,
        watches="attempts to archive the write-ahead log that failed while none succeeded",
        when=above(
            max_by(select(POSTGRES_EXPORTER, ARCHIVE_FAILURES).increase(_QUARTER), "instance").unless(
                max_by(select(POSTGRES_EXPORTER, SEGMENTS_ARCHIVED).increase(_QUARTER), "instance").above(0)
            ),
            0,
        ),
        lasting=minutes(10),
        summary="PostgreSQL's write-ahead log is not archived",
        description=(
            "About {value:count} attempts failed in 15 minutes, and none succeeded. What is written now cannot be "
            "restored if the disk fails, and the log piles up until the disk is full."
        ),
        board=DATABASES,
        fires=Firing(
            given=(_series(ARCHIVE_FAILURES, "0+1x80"), _series(SEGMENTS_ARCHIVED, "7x80")),
            at=minutes(30),
            labels=_INSTANCE,
            value="30",
        ),
        # The storage refuses now and then, and the log still gets there.
        silent=Scenario(
            given=(_series(ARCHIVE_FAILURES, "0+1x80"), _series(SEGMENTS_ARCHIVED, "7x20 8x20 9x20 10x20")),
            at=minutes(35),
        ),
    ),
    Alert(
        name="PostgreSQLWALArchiveStale",
        severity=Severity.CRITICAL,
        team=DATABASE,
        service=BACKUP,
        symptom=Symptom.LOSS,
        watches="how long the next piece of the write-ahead log has been due in the archive",
        when=above(
            max_by(select(POSTGRES_EXPORTER, ARCHIVE_AGE).now, "instance") - _TIMEOUT,
            3600,
            because="An hour of bills and votes is what may be lost with the disk.",
            # Without archive_timeout an idle server may archive nothing for days; a replica archives nothing ever.
            guard=_TIMEOUT.above(0).both(_PRIMARY),
        ),
        lasting=_QUARTER,
        summary="PostgreSQL's write-ahead log has not been archived for long",
        description=(
            "The next piece of the write-ahead log has been due for {value:duration}. If the disk fails, all that was "
            "written since the last one is lost."
        ),
        board=DATABASES,
        fires=Firing(
            given=_archive("7500x90", 300),
            at=minutes(20),
            labels=_INSTANCE,
            value="2h 0m 0s",
        ),
        # Promoted from a replica, it would remember the archive of its former life; here it still is one.
        silent=Scenario(given=_archive("90000x90", 300, replica=1), at=minutes(30)),
    ),
)
