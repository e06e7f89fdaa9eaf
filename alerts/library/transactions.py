"""Do PostgreSQL's transactions go through?"""

from alerts.condition import above, below
from alerts.library.recordings import POSTGRESQL_ROLLBACKS
from alerts.model import Alert, Severity
from alerts.promql import max_by, select, sum_by, unlike
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import DATABASES
from catalogue.exported.postgresql import (
    BLOCKS_HIT,
    BLOCKS_READ,
    COMMITS,
    DEADLOCKS,
    LONGEST_TRANSACTION,
    ROLLBACKS,
    SYSTEM_DATABASES,
    XID_AGE,
)
from catalogue.exporters import POSTGRES_EXPORTER
from catalogue.model.metric import Metric
from catalogue.model.time import days, hours, minutes
from catalogue.services import POSTGRESQL
from catalogue.teams import DATABASE

_EACH = ("instance", "datname")
_OURS = unlike(SYSTEM_DATABASES)
_LABELS = {"instance": "10.0.0.5:9187", "datname": "openpolicy"}
_DAY_STEP = minutes(2)

# Numbers are 32 bits wide and compared in a circle, so half of them can be told from the other half.
_XIDS = 2**31


def _series(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(POSTGRES_EXPORTER, metric, values, **_LABELS, **labels)


def _transaction(values: str, program: str, kind: str = "client backend") -> Samples:
    return _series(LONGEST_TRANSACTION, values, state="active", application_name=program, backend_type=kind)


def _blocks(hit: int, read: int) -> tuple[Samples, ...]:
    """For two hours, by step of 30 s."""
    return _series(BLOCKS_HIT, f"0+{hit}x240"), _series(BLOCKS_READ, f"0+{read}x240")


def _rollbacks(yesterday: int, today: int) -> tuple[Samples, ...]:
    """Of 1000 transactions in two minutes, yesterday and from the twenty-fifth hour on."""
    return (
        _series(ROLLBACKS, f"0+{yesterday}x750 {750 * yesterday}+{today}x60"),
        _series(COMMITS, f"0+{1000 - yesterday}x750 {750 * (1000 - yesterday)}+{1000 - today}x60"),
    )


def _wraparound(severity: Severity, share: str, because: str, fires: int, silent: int, value: str) -> Alert:
    return Alert(
        name="PostgreSQLXIDWraparound",
        severity=severity,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.OUTAGE,
        watches="share of the transaction numbers used since the oldest row was frozen",
        when=above(max_by(select(POSTGRES_EXPORTER, XID_AGE).now, *_EACH).of_limit(_XIDS), share, because=because),
        lasting=hours(1),
        summary="PostgreSQL runs out of transaction numbers in {datname}",
        description=(
            "{value:percentage} of the transaction numbers are used up in {datname}, and vacuum does not give them "
            "back. At the end PostgreSQL takes no more writes until it has been vacuumed, which takes hours."
        ),
        board=DATABASES,
        fires=Firing(given=(_series(XID_AGE, f"{fires}x200"),), at=minutes(70), labels=_LABELS, value=value),
        silent=Scenario(given=(_series(XID_AGE, f"{silent}x200"),), at=minutes(90)),
    )


_ALL_BLOCKS = sum_by(select(POSTGRES_EXPORTER, BLOCKS_HIT, datname=_OURS).rate(minutes(30)), *_EACH) + sum_by(
    select(POSTGRES_EXPORTER, BLOCKS_READ, datname=_OURS).rate(minutes(30)), *_EACH
)

ALERTS = (
    Alert(
        name="PostgreSQLLongTransaction",
        severity=Severity.WARNING,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.SLOW,
        watches="age of the oldest transaction of a client",
        when=above(
            max_by(
                # Vacuum holds nothing back, and a dump takes as long as it takes.
                select(
                    POSTGRES_EXPORTER,
                    LONGEST_TRANSACTION,
                    datname=_OURS,
                    backend_type="client backend",
                    application_name=unlike("pg_dump.*"),
                ).now,
                *_EACH,
            ),
            900,
            because="No request and no run of a scraper works in one transaction for a quarter of an hour.",
        ),
        lasting=minutes(5),
        summary="A transaction on {datname} stays open",
        description=(
            "The oldest transaction on {datname} began {value:duration} ago. What it has locked waits for it, and "
            "vacuum cannot clean up anything newer."
        ),
        board=DATABASES,
        fires=Firing(given=(_transaction("1200x40", "api-gateway"),), at=minutes(8), labels=_LABELS, value="20m 0s"),
        silent=Scenario(
            given=(
                _transaction("840x40", "api-gateway"),
                _transaction("7200x40", "pg_dump"),
                _transaction("7200x40", "", "autovacuum worker"),
            ),
            at=minutes(15),
        ),
    ),
    Alert(
        name="PostgreSQLDeadlocks",
        severity=Severity.WARNING,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.ERRORS,
        watches="deadlocks in 10 minutes",
        when=above(
            sum_by(select(POSTGRES_EXPORTER, DEADLOCKS, datname=_OURS).increase(minutes(10)), *_EACH),
            5,
            because="One now and then is solved by trying again; several are two programs in each other's way.",
        ),
        lasting=minutes(1),
        keep_firing=minutes(15),
        summary="Deadlocks on {datname}",
        description=(
            "About {value:count} times in 10 minutes PostgreSQL broke off a transaction on {datname} because two "
            "waited for each other. Each was a request or a scraper's write that failed."
        ),
        board=DATABASES,
        fires=Firing(given=(_series(DEADLOCKS, "0x10 1+1x30"),), at=minutes(15), labels=_LABELS, value="20"),
        silent=Scenario(given=(_series(DEADLOCKS, "0x10 1x10 2x10 3x30"),), at=minutes(17)),
    ),
    Alert(
        name="PostgreSQLRollbacksHigh",
        severity=Severity.WARNING,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.ERRORS,
        watches="share of the transactions rolled back, less that of the same time yesterday",
        # Drivers also roll back what has only read, so there is a share that is normal, and it differs.
        when=above(
            POSTGRESQL_ROLLBACKS.where(datname=_OURS).now - POSTGRESQL_ROLLBACKS.where(datname=_OURS).before(days(1)),
            "0.1",
            because="A share drifts by a few points from day to day; ten more are one operation that always fails.",
            guard=sum_by(select(POSTGRES_EXPORTER, ROLLBACKS, datname=_OURS).rate(minutes(10)), "datname").above(1),
        ),
        lasting=minutes(10),
        summary="More transactions on {datname} roll back than yesterday",
        description=(
            "Of all transactions on {datname}, {value:percentage} more roll back than at this time yesterday: "
            "writes of requests or scrapers fail."
        ),
        board=DATABASES,
        fires=Firing(
            given=_rollbacks(yesterday=100, today=400),
            at=hours(26),
            step=_DAY_STEP,
            labels={"datname": "openpolicy"},
            value="30%",
        ),
        # A driver that rolls back every read does so every day.
        silent=Scenario(given=_rollbacks(yesterday=600, today=650), at=hours(26), step=_DAY_STEP),
    ),
    Alert(
        name="PostgreSQLCacheHitLow",
        severity=Severity.INFO,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.SLOW,
        watches="share of the blocks that PostgreSQL finds in its memory",
        when=below(
            sum_by(select(POSTGRES_EXPORTER, BLOCKS_HIT, datname=_OURS).rate(minutes(30)), *_EACH).of(_ALL_BLOCKS),
            "0.95",
            because="The site's data fits into memory; one block in twenty from disk means that it no longer does.",
            guard=_ALL_BLOCKS.above(100),
        ),
        lasting=minutes(30),
        summary="PostgreSQL reads much of {datname} from disk",
        description="{value:percentage} of the blocks of {datname} were in memory. Queries get slower as it falls.",
        board=DATABASES,
        fires=Firing(given=_blocks(9000, 1000), at=minutes(90), labels=_LABELS, value="90%"),
        # Mostly from disk, but hardly anything: a nightly report on an idle server.
        silent=Scenario(given=_blocks(900, 1000), at=minutes(90)),
    ),
    _wraparound(
        Severity.WARNING,
        "0.5",
        "Vacuum starts by itself at a tenth. At half it is plainly held up, and weeks are left.",
        fires=1_288_490_189,
        silent=900_000_000,
        value="60%",
    ),
    _wraparound(
        Severity.CRITICAL,
        "0.85",
        "PostgreSQL has dropped all other care at three quarters, and stops at the last 3 million.",
        fires=1_932_735_283,
        silent=1_717_986_918,
        value="90%",
    ),
)
