"""Is PostgreSQL there, and does it take connections?"""

from alerts.condition import above, equals, holds
from alerts.expression import Op
from alerts.library.recordings import POSTGRESQL_CONNECTIONS
from alerts.model import Alert, Severity
from alerts.promql import max_by, missing, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import DATABASES
from catalogue.exported.postgresql import (
    COLLECTOR_SUCCESS,
    CONNECTIONS,
    MAX_CONNECTIONS,
    POSTGRESQL_UP,
    RESERVED_CONNECTIONS,
)
from catalogue.exporters import POSTGRES_EXPORTER, UP
from catalogue.model.time import minutes
from catalogue.services import POSTGRESQL
from catalogue.teams import DATABASE

_INSTANCE = {"instance": "10.0.0.5:9187"}


def _collector(name: str, values: str) -> Samples:
    return samples(POSTGRES_EXPORTER, COLLECTOR_SUCCESS, values, collector=name, **_INSTANCE)


def _connections(active: str, idle: str) -> tuple[Samples, ...]:
    """Of a server that takes 100 beside the 3 that it keeps for its administrators."""
    ours = {"datname": "openpolicy", "usename": "api", "application_name": "api-gateway"}
    return (
        samples(POSTGRES_EXPORTER, MAX_CONNECTIONS, "103x60", **_INSTANCE),
        samples(POSTGRES_EXPORTER, RESERVED_CONNECTIONS, "3x60", **_INSTANCE),
        samples(POSTGRES_EXPORTER, CONNECTIONS, active, state="active", **ours, **_INSTANCE),
        samples(POSTGRES_EXPORTER, CONNECTIONS, idle, state="idle", **ours, **_INSTANCE),
    )


ALERTS = (
    Alert(
        name="PostgreSQLDown",
        severity=Severity.CRITICAL,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.OUTAGE,
        watches="whether the exporter can log in to PostgreSQL",
        when=equals(max_by(select(POSTGRES_EXPORTER, POSTGRESQL_UP).now, "instance"), 0),
        lasting=minutes(2),
        summary="PostgreSQL is down",
        description=(
            "The exporter {instance} cannot log in to PostgreSQL, so the application most likely cannot either: "
            "almost every request fails, and scrapers store nothing."
        ),
        board=DATABASES,
        fires=Firing(
            given=(samples(POSTGRES_EXPORTER, POSTGRESQL_UP, "1x10 0x30", **_INSTANCE),),
            at=minutes(9),
            labels=_INSTANCE,
        ),
        # A restart of a minute and a half.
        silent=Scenario(
            given=(samples(POSTGRES_EXPORTER, POSTGRESQL_UP, "1x10 0 0 0 1x30", **_INSTANCE),), at=minutes(7)
        ),
    ),
    Alert(
        name="PostgreSQLExporterDown",
        severity=Severity.WARNING,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.BLIND,
        watches="no exporter of PostgreSQL answers Prometheus",
        when=holds(missing(select(POSTGRES_EXPORTER, UP).now.compare(Op.EQUALS, 1))),
        # A node that dies takes it along; elsewhere it is back within seven minutes.
        lasting=minutes(10),
        summary="No exporter of PostgreSQL answers",
        description="Nothing is known about PostgreSQL: whether it is down, full or lagging would not be told.",
        board=DATABASES,
        fires=Firing(
            given=(samples(POSTGRES_EXPORTER, UP, "1x10 0x50", **_INSTANCE),),
            at=minutes(16),
        ),
        # Moved to another node.
        silent=Scenario(
            given=(
                samples(POSTGRES_EXPORTER, UP, "1x10 _x60", **_INSTANCE),
                samples(POSTGRES_EXPORTER, UP, "_x30 1x40", instance="10.0.0.6:9187"),
            ),
            at=minutes(17),
        ),
    ),
    Alert(
        name="PostgreSQLExporterErrors",
        severity=Severity.WARNING,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.BLIND,
        watches="whether a part of the exporter gets its answers",
        when=equals(
            max_by(select(POSTGRES_EXPORTER, COLLECTOR_SUCCESS).max_over(minutes(5)), "instance", "collector"), 0
        ),
        lasting=minutes(30),
        summary="Part {collector} of the PostgreSQL exporter fails",
        description=(
            "The exporter {instance} reaches PostgreSQL, but its part {collector} gets no answer: alerts and panels "
            "that read it are blind."
        ),
        board=DATABASES,
        fires=Firing(
            given=(_collector("stat_archiver", "0x90"), _collector("settings", "1x90")),
            at=minutes(36),
            labels=_INSTANCE | {"collector": "stat_archiver"},
        ),
        # Now and then a time limit passes; and PostgreSQL being down is another alert's matter.
        silent=Scenario(
            given=(
                _collector("wal", "0 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 0 1 0x6 1 0x6 1 0x6 1 0x6 1 0x6 1 0x6 1 0x6 1 0"),
            ),
            at=minutes(36),
        ),
    ),
    Alert(
        name="PostgreSQLConnectionsHigh",
        severity=Severity.WARNING,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.FULL,
        watches="share of PostgreSQL's connections in use",
        when=above(
            POSTGRESQL_CONNECTIONS.now,
            "0.8",
            because="Pools open what they need at once; a fifth left is what two more pods of the API may take.",
        ),
        lasting=minutes(10),
        summary="PostgreSQL has few connections left",
        description=(
            "{value:percentage} of the connections that PostgreSQL grants are taken. When all are, new pods and "
            "scrapers are refused."
        ),
        board=DATABASES,
        fires=Firing(given=_connections("20x60", "67x60"), at=minutes(15), labels=_INSTANCE, value="87%"),
        silent=Scenario(given=_connections("19x60", "60x60"), at=minutes(25)),
    ),
    Alert(
        name="PostgreSQLConnectionsExhausted",
        severity=Severity.CRITICAL,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.ERRORS,
        watches="share of PostgreSQL's connections in use",
        when=above(
            POSTGRESQL_CONNECTIONS.now,
            "0.95",
            because="The last twentieth is gone with the next pod that starts; then requests fail.",
        ),
        lasting=minutes(2),
        summary="PostgreSQL is about to refuse connections",
        description=(
            "{value:percentage} of the connections that PostgreSQL grants are taken. Requests fail as soon as a pod "
            "asks for one more; the administrator's reserved ones still work."
        ),
        board=DATABASES,
        fires=Firing(given=_connections("30x60", "68x60"), at=minutes(8), labels=_INSTANCE, value="98%"),
        # A peak of a minute.
        silent=Scenario(given=_connections("31x18 39 39 31x30", "60x60"), at=minutes(10)),
    ),
)
