"""Do PostgreSQL's replicas keep up?"""

from alerts.condition import above, equals
from alerts.expression import Op
from alerts.model import Alert, Severity
from alerts.promql import max_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import DATABASES
from catalogue.exported.postgresql import (
    IS_REPLICA,
    REPLICA_BEHIND,
    REPLICATION_LAG,
    SLOT_ACTIVE,
)
from catalogue.exporters import POSTGRES_EXPORTER
from catalogue.model.metric import Metric
from catalogue.model.quantity import Bytes
from catalogue.model.time import minutes
from catalogue.services import POSTGRESQL
from catalogue.teams import DATABASE

_INSTANCE = {"instance": "10.0.0.5:9187"}


def _series(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(POSTGRES_EXPORTER, metric, values, **(_INSTANCE | labels))


_REPLICA = max_by(select(POSTGRES_EXPORTER, IS_REPLICA).now, "instance").compare(Op.EQUALS, 1)
_PRIMARY = max_by(select(POSTGRES_EXPORTER, IS_REPLICA).now, "instance").compare(Op.EQUALS, 0)

ALERTS = (
    Alert(
        name="PostgreSQLReplicationLag",
        severity=Severity.WARNING,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.STALE,
        watches="how long ago what the replica shows was true",
        when=above(
            max_by(select(POSTGRES_EXPORTER, REPLICATION_LAG).now, "instance"),
            30,
            because="A replica is a second behind; after half a minute people miss what they have just saved.",
            guard=_REPLICA,
        ),
        lasting=minutes(5),
        summary="A PostgreSQL replica lags",
        description=(
            "The replica behind the exporter {instance} is {value:duration} behind. Whoever reads from it sees old "
            "data, and a failover to it would lose that much."
        ),
        board=DATABASES,
        fires=Firing(
            given=(_series(REPLICATION_LAG, "90x30"), _series(IS_REPLICA, "1x30")),
            at=minutes(8),
            labels=_INSTANCE,
            value="1m 30s",
        ),
        silent=Scenario(given=(_series(REPLICATION_LAG, "25x30"), _series(IS_REPLICA, "1x30")), at=minutes(12)),
    ),
    Alert(
        name="PostgreSQLReplicaBehind",
        severity=Severity.WARNING,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.LOSS,
        watches="what a connected replica has yet to replay",
        when=above(
            max_by(select(POSTGRES_EXPORTER, REPLICA_BEHIND).now, "instance", "application_name", "client_addr"),
            Bytes.parse("1Gi").count,
            because="A burst of a scraper is a few hundred megabytes and soon replayed.",
        ),
        lasting=minutes(15),
        summary="PostgreSQL replica {application_name} does not keep up",
        description=(
            "{application_name} at {client_addr} has {value:bytes} yet to replay. It shows old data, and a failover "
            "to it would lose that much."
        ),
        board=DATABASES,
        fires=Firing(
            given=(
                _series(
                    REPLICA_BEHIND,
                    "4294967296x60",
                    application_name="replica-1",
                    client_addr="10.0.0.7",
                    state="catchup",
                ),
            ),
            at=minutes(20),
            labels=_INSTANCE | {"application_name": "replica-1", "client_addr": "10.0.0.7"},
            value="4GiB",
        ),
        # A bulk load that is replayed within ten minutes.
        silent=Scenario(
            given=(
                _series(
                    REPLICA_BEHIND,
                    "0x10 4294967296x20 0x30",
                    application_name="replica-1",
                    client_addr="10.0.0.7",
                    state="streaming",
                ),
            ),
            at=minutes(15),
        ),
    ),
    Alert(
        name="PostgreSQLReplicationSlotInactive",
        severity=Severity.WARNING,
        team=DATABASE,
        service=POSTGRESQL,
        symptom=Symptom.LOSS,
        watches="whether anybody reads from a replication slot",
        # A replica's own copies of slots are never read.
        when=equals(
            max_by(select(POSTGRES_EXPORTER, SLOT_ACTIVE).now, "instance", "slot_name").both(
                _PRIMARY, on=("instance",)
            ),
            0,
        ),
        lasting=minutes(30),
        summary="Nobody reads from replication slot {slot_name}",
        description=(
            "The replica or subscriber of slot {slot_name} is not connected. It falls behind, and PostgreSQL keeps "
            "all that it missed until the disk is full."
        ),
        board=DATABASES,
        fires=Firing(
            given=(_series(SLOT_ACTIVE, "0x90", slot_name="replica_1"), _series(IS_REPLICA, "0x90")),
            at=minutes(35),
            labels=_INSTANCE | {"slot_name": "replica_1"},
        ),
        silent=Scenario(
            given=(
                # Rebuilt within 25 minutes.
                _series(SLOT_ACTIVE, "0x50 1x40", slot_name="replica_1"),
                _series(IS_REPLICA, "0x90"),
                _series(SLOT_ACTIVE, "0x90", slot_name="replica_1", instance="10.0.0.6:9187"),
                _series(IS_REPLICA, "1x90", instance="10.0.0.6:9187"),
            ),
            at=minutes(35),
        ),
    ),
)
