"""Redis: does it find what it is asked for, and has it room? A row of a board."""

from alerts.promql import max_by, select, sum_by
from catalogue.exported import redis
from catalogue.exporters import APPLICATION, REDIS_EXPORTER
from catalogue.metrics import CACHE_HIT_RATE, CACHE_REQUESTS
from dashboards.library.stores import REDIS_MEMORY
from dashboards.library.watched import watched
from dashboards.model import Row
from dashboards.panels import line, timeseries
from dashboards.promql import RATE_INTERVAL

_CACHES = select(APPLICATION, CACHE_REQUESTS)
_FOUND = select(APPLICATION, CACHE_REQUESTS, result="hit")

REDIS = Row(
    title="Redis",
    panels=(
        watched(
            "Redis hit rate",
            "Share of look-ups that Redis answers from memory. Below the line the database carries the rest.",
            "{instance}",
            "CacheHitRateLow",
            width=6,
        ),
        REDIS_MEMORY,
        watched(
            "Evictions",
            "Keys a second that are thrown out to make room, and not because their time was over.",
            "{instance}",
            "RedisEvictions",
            width=6,
        ),
        watched(
            "Clients",
            "Share of the connections that Redis allows.",
            "{instance}",
            "RedisConnectionsHigh",
            width=6,
        ),
        timeseries(
            "Commands",
            "Commands a second.",
            line(sum_by(select(REDIS_EXPORTER, redis.COMMANDS).rate(RATE_INTERVAL), "instance"), "{instance}"),
            width=6,
        ),
        timeseries(
            "Errors by kind",
            "Commands a second that Redis refuses, by the first word of the answer.",
            line(sum_by(select(REDIS_EXPORTER, redis.ERRORS).rate(RATE_INTERVAL), "err"), "{err}"),
            width=6,
        ),
        timeseries(
            "Caches within the services",
            "Share of look-ups that a service answers from its own caches.",
            line(
                sum_by(_FOUND.rate(RATE_INTERVAL), "service", "cache_type").of(
                    sum_by(_CACHES.rate(RATE_INTERVAL), "service", "cache_type")
                ),
                "{cache_type} of {service}",
            ),
            width=6,
        ),
        timeseries(
            "Caches since their start",
            "Hits per hundred look-ups since each cache started: slow to change, and no measure of now.",
            line(max_by(select(APPLICATION, CACHE_HIT_RATE).now, "service", "cache_type"), "{cache_type} of {service}"),
            width=6,
        ),
    ),
)
