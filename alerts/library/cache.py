"""Does Redis keep what it was given?"""

from alerts.condition import above, below, equals, holds
from alerts.expression import Op
from alerts.library.recordings import CACHE_HIT_RATIO, CACHE_LOOKUPS
from alerts.model import Alert, Severity
from alerts.promql import max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import DATABASES
from catalogue.exported.redis import HITS, KEYS_EVICTED, LAST_APPEND, LAST_SAVE, MASTER_LINK, MISSES
from catalogue.exporters import REDIS_EXPORTER
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import REDIS
from catalogue.teams import DATABASE, PLATFORM

_INSTANCE = {"instance": "10.0.0.8:9121"}


def _series(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(REDIS_EXPORTER, metric, values, **_INSTANCE, **labels)


def _lookups(hits: int, misses: int) -> tuple[Samples, ...]:
    """For an hour, by step of 30 s."""
    return _series(HITS, f"0+{hits}x120"), _series(MISSES, f"0+{misses}x120")


ALERTS = (
    Alert(
        name="RedisEvictions",
        severity=Severity.WARNING,
        team=DATABASE,
        service=REDIS,
        symptom=Symptom.SLOW,
        watches="keys that Redis throws away a second for want of memory",
        when=above(
            sum_by(select(REDIS_EXPORTER, KEYS_EVICTED).rate(minutes(10)), "instance"),
            10,
            because="A full cache drops a few old keys all the time; more means that it drops what is in use.",
        ),
        lasting=minutes(30),
        summary="Redis throws keys away",
        description=(
            "{value:number} keys a second are thrown away for want of memory, perhaps sessions among them: people are "
            "signed out, and PostgreSQL gets the look-ups."
        ),
        board=DATABASES,
        fires=Firing(given=(_series(KEYS_EVICTED, "0+900x120"),), at=minutes(45), labels=_INSTANCE, value="30"),
        silent=Scenario(given=(_series(KEYS_EVICTED, "0+240x120"),), at=minutes(50)),
    ),
    Alert(
        name="CacheHitRateLow",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=REDIS,
        symptom=Symptom.SLOW,
        watches="share of the look-ups that the cache answers",
        when=below(
            CACHE_HIT_RATIO.now,
            "0.8",
            because="Every fifth look-up that misses is more load than PostgreSQL is sized for at a peak.",
            guard=CACHE_LOOKUPS.now.above(10),
        ),
        lasting=minutes(30),
        summary="The cache rarely helps",
        description=(
            "The cache answers {value:percentage} of the look-ups. The others go to PostgreSQL: pages are slower, and "
            "its connections run short at the next peak."
        ),
        board=DATABASES,
        fires=Firing(given=_lookups(600, 400), at=minutes(40), labels=_INSTANCE, value="60%"),
        # At night: two look-ups a second, half of them missing.
        silent=Scenario(given=_lookups(30, 30), at=minutes(50)),
    ),
    Alert(
        name="RedisPersistenceFailing",
        severity=Severity.WARNING,
        team=DATABASE,
        service=REDIS,
        symptom=Symptom.LOSS,
        watches="the last snapshot or the last write to the append-only file failed",
        when=holds(
            max_by(select(REDIS_EXPORTER, LAST_SAVE).now, "instance")
            .compare(Op.EQUALS, 0)
            .either(max_by(select(REDIS_EXPORTER, LAST_APPEND).now, "instance").compare(Op.EQUALS, 0))
        ),
        lasting=minutes(15),
        summary="Redis cannot write to its disk",
        description=(
            "Redis' last snapshot or append failed. A restart would lose sessions and queues since the one before, "
            "and by default Redis refuses writes after a failed snapshot."
        ),
        board=DATABASES,
        fires=Firing(
            given=(_series(LAST_SAVE, "1x80"), _series(LAST_APPEND, "1x10 0x70")), at=minutes(25), labels=_INSTANCE
        ),
        # The next snapshot succeeded.
        silent=Scenario(given=(_series(LAST_SAVE, "1x10 0x20 1x50"), _series(LAST_APPEND, "1x80")), at=minutes(25)),
    ),
    Alert(
        name="RedisReplicationBroken",
        severity=Severity.WARNING,
        team=DATABASE,
        service=REDIS,
        symptom=Symptom.DEGRADED,
        watches="whether the replica is connected to its primary",
        when=equals(max_by(select(REDIS_EXPORTER, MASTER_LINK).now, "instance", "master_host"), 0),
        lasting=minutes(5),
        summary="A Redis replica has lost its primary",
        description=(
            "The replica behind the exporter {instance} does not reach {master_host}. It shows old data, and a "
            "failover to it would lose what came since."
        ),
        board=DATABASES,
        fires=Firing(
            given=(_series(MASTER_LINK, "1x10 0x30", master_host="redis-0", master_port="6379"),),
            at=minutes(12),
            labels=_INSTANCE | {"master_host": "redis-0"},
        ),
        # Two minutes of a full copy.
        silent=Scenario(
            given=(_series(MASTER_LINK, "1x10 0x4 1x30", master_host="redis-0", master_port="6379"),), at=minutes(12)
        ),
    ),
)
