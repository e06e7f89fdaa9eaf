"""Is Redis there, and does it take what it is given?"""

from alerts.condition import above, equals, holds
from alerts.expression import Op
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, missing, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import DATABASES
from catalogue.exported.redis import (
    CLIENTS,
    CLIENTS_MAX,
    CONNECTIONS_REJECTED,
    ERRORS,
    MEMORY_MAX,
    MEMORY_USED,
    REDIS_UP,
)
from catalogue.exporters import REDIS_EXPORTER, UP
from catalogue.model.metric import Metric
from catalogue.model.time import hours, minutes
from catalogue.services import REDIS
from catalogue.teams import DATABASE

_INSTANCE = {"instance": "10.0.0.8:9121"}


def _series(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(REDIS_EXPORTER, metric, values, **(_INSTANCE | labels))


_WINDOW = minutes(5)
# Longer than the window: one burst, as after a failover, is not enough.
_GOES_ON = minutes(6)
_MEMORY_MAX = max_by(select(REDIS_EXPORTER, MEMORY_MAX).now, "instance")

ALERTS = (
    Alert(
        name="RedisDown",
        severity=Severity.CRITICAL,
        team=DATABASE,
        service=REDIS,
        symptom=Symptom.OUTAGE,
        watches="whether the exporter can log in to Redis",
        when=equals(max_by(select(REDIS_EXPORTER, REDIS_UP).now, "instance"), 0),
        lasting=minutes(2),
        summary="Redis is down",
        description=(
            "The exporter {instance} cannot log in to Redis: people are signed out, queues stand still, and every "
            "look-up that the cache answered goes to PostgreSQL."
        ),
        board=DATABASES,
        fires=Firing(given=(_series(REDIS_UP, "1x10 0x30"),), at=minutes(9), labels=_INSTANCE),
        # A restart of a minute and a half.
        silent=Scenario(given=(_series(REDIS_UP, "1x10 0 0 0 1x30"),), at=minutes(7)),
    ),
    Alert(
        name="RedisExporterDown",
        severity=Severity.WARNING,
        team=DATABASE,
        service=REDIS,
        symptom=Symptom.BLIND,
        watches="no exporter of Redis answers Prometheus",
        when=holds(missing(select(REDIS_EXPORTER, UP).now.compare(Op.EQUALS, 1))),
        lasting=minutes(10),
        summary="No exporter of Redis answers",
        description="Nothing is known about Redis: whether it is down, full or refuses writes would not be told.",
        board=DATABASES,
        fires=Firing(given=(_series(UP, "1x10 0x50"),), at=minutes(16)),
        # Moved to another node.
        silent=Scenario(
            given=(_series(UP, "1x10 _x60"), _series(UP, "_x30 1x40", instance="10.0.0.9:9121")), at=minutes(17)
        ),
    ),
    Alert(
        name="RedisRefusesWrites",
        severity=Severity.CRITICAL,
        team=DATABASE,
        service=REDIS,
        symptom=Symptom.ERRORS,
        watches="writes refused in 5 minutes",
        when=above(
            sum_by(
                # Memory is full; the last save failed; too few replicas follow; it is a replica itself.
                select(REDIS_EXPORTER, ERRORS, err=like("OOM|MISCONF|NOREPLICAS|READONLY")).increase(_WINDOW),
                "instance",
                "err",
            ),
            0,
        ),
        lasting=_GOES_ON,
        keep_firing=minutes(5),
        summary="Redis refuses writes: {err}",
        description=(
            "Redis answered about {value:count} commands in 5 minutes with the error {err}. Reads work; nobody can "
            "sign in, and nothing is queued or cached."
        ),
        board=DATABASES,
        fires=Firing(
            given=(_series(ERRORS, "40x10 40+30x30", err="OOM"),),
            at=minutes(14),
            labels=_INSTANCE | {"err": "OOM"},
            value="300",
        ),
        silent=Scenario(
            given=(
                # A failover sends a few writes to the old primary; misspelt commands are the client's fault.
                _series(ERRORS, "40x10 55 60x30", err="READONLY"),
                _series(ERRORS, "0+30x40", err="ERR"),
            ),
            at=minutes(10),
        ),
    ),
    Alert(
        name="RedisRejectedConnections",
        severity=Severity.CRITICAL,
        team=DATABASE,
        service=REDIS,
        symptom=Symptom.ERRORS,
        watches="connections rejected in 5 minutes",
        when=above(
            sum_by(select(REDIS_EXPORTER, CONNECTIONS_REJECTED).increase(_WINDOW), "instance"),
            0,
        ),
        lasting=_GOES_ON,
        keep_firing=minutes(5),
        summary="Redis rejects connections",
        description=(
            "About {value:count} connections in 5 minutes were turned away, for Redis has as many as it may have. "
            "Requests that need a session or the cache fail."
        ),
        board=DATABASES,
        fires=Firing(
            given=(_series(CONNECTIONS_REJECTED, "0x10 0+5x30"),), at=minutes(14), labels=_INSTANCE, value="50"
        ),
        # One moment, when every pod reconnects at once.
        silent=Scenario(given=(_series(CONNECTIONS_REJECTED, "0x10 50x30"),), at=minutes(10)),
    ),
    Alert(
        name="RedisConnectionsHigh",
        severity=Severity.WARNING,
        team=DATABASE,
        service=REDIS,
        symptom=Symptom.FULL,
        watches="share of Redis' connections in use",
        when=above(
            max_by(select(REDIS_EXPORTER, CLIENTS).now, "instance").of(
                max_by(select(REDIS_EXPORTER, CLIENTS_MAX).now, "instance")
            ),
            "0.8",
            because="The limit is thousands above what our pods open, so this is a leak and not traffic.",
        ),
        lasting=minutes(10),
        summary="Redis has few connections left",
        description="{value:percentage} of the connections that Redis grants are taken. Then it rejects new ones.",
        board=DATABASES,
        fires=Firing(
            given=(_series(CLIENTS, "9000x60"), _series(CLIENTS_MAX, "10000x60")),
            at=minutes(15),
            labels=_INSTANCE,
            value="90%",
        ),
        silent=Scenario(given=(_series(CLIENTS, "7900x60"), _series(CLIENTS_MAX, "10000x60")), at=minutes(25)),
    ),
    Alert(
        name="RedisMemoryHigh",
        severity=Severity.WARNING,
        team=DATABASE,
        service=REDIS,
        symptom=Symptom.FULL,
        watches="share of the memory that Redis may use",
        when=above(
            max_by(select(REDIS_EXPORTER, MEMORY_USED).now, "instance").of(_MEMORY_MAX),
            "0.9",
            because="A tenth is what queues may grow by while somebody looks.",
        ),
        lasting=minutes(10),
        summary="Redis is almost full",
        description=(
            "{value:percentage} of the memory that Redis may use is in use. When it is full, Redis throws keys away, "
            "or refuses writes if its policy is noeviction."
        ),
        board=DATABASES,
        fires=Firing(
            given=(_series(MEMORY_USED, "1900000000x60"), _series(MEMORY_MAX, "2000000000x60")),
            at=minutes(15),
            labels=_INSTANCE,
            value="95%",
        ),
        # Without a limit there is no share of it.
        silent=Scenario(given=(_series(MEMORY_USED, "1900000000x60"), _series(MEMORY_MAX, "0x60")), at=minutes(25)),
    ),
    Alert(
        name="RedisMaxMemoryUnset",
        severity=Severity.INFO,
        team=DATABASE,
        service=REDIS,
        symptom=Symptom.FULL,
        watches="the memory that Redis may use",
        when=equals(_MEMORY_MAX, 0),
        lasting=hours(1),
        summary="Redis has no limit of memory",
        description="Redis grows until the kernel kills it, and RedisMemoryHigh cannot warn of that.",
        board=DATABASES,
        fires=Firing(given=(_series(MEMORY_MAX, "0x160"),), at=minutes(70), labels=_INSTANCE),
        silent=Scenario(given=(_series(MEMORY_MAX, "2000000000x160"),), at=minutes(80)),
    ),
)
