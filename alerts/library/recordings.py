"""Recording rules: what several alerts and dashboards read, computed once."""

from decimal import Decimal

from alerts.expression import Op, number
from alerts.model import Recording
from alerts.promql import (
    PER_SERVICE,
    average_by,
    buckets,
    count_by,
    le,
    like,
    max_by,
    min_by,
    not_negative,
    observations,
    quantile,
    rest,
    select,
    sum_by,
    unlike,
)
from catalogue.exported import elasticsearch, nodes, postgresql, redis
from catalogue.exporters import (
    APPLICATION,
    ELASTICSEARCH_EXPORTER,
    NODE_EXPORTER,
    POSTGRES_EXPORTER,
    REDIS_EXPORTER,
)
from catalogue.metrics import (
    DB_POOL_AVAILABLE,
    DB_POOL_SIZE,
    DB_QUERY_DURATION,
    HTTP_REQUEST_DURATION,
    HTTP_REQUESTS,
    PROBE_PATHS,
)
from catalogue.model.slo import Latency
from catalogue.model.time import minutes
from catalogue.slos import SLOS

# Four scrapes at 15 s are the least for a rate; five minutes ride out a restart.
_WINDOW = minutes(5)
_REAL = unlike(PROBE_PATHS)

REQUESTS = Recording(
    name="service:http_requests:rate5m",
    expr=sum_by(select(APPLICATION, HTTP_REQUESTS, endpoint=_REAL).rate(_WINDOW), *PER_SERVICE),
)
# Zero, not absent, while no request fails: "no data" would hide that all is well.
ERRORS = Recording(
    name="service:http_request_errors:rate5m",
    expr=sum_by(
        select(APPLICATION, HTTP_REQUESTS, endpoint=_REAL, status=like("5..")).rate(_WINDOW), *PER_SERVICE
    ).or_zero_like(REQUESTS.now),
)
ERROR_RATIO = Recording(
    name="service:http_request_errors:ratio_rate5m",
    expr=ERRORS.now.of(REQUESTS.now),
)

TIMED_REQUESTS = Recording(
    name="service:http_latency_requests:rate5m",
    expr=sum_by(observations(APPLICATION, HTTP_REQUEST_DURATION, endpoint=_REAL).rate(_WINDOW), *PER_SERVICE),
)


def slow_requests(within: Decimal) -> Recording:
    """Requests per second that took longer than `within` seconds, which is a bucket's bound."""
    fast = buckets(APPLICATION, HTTP_REQUEST_DURATION, endpoint=_REAL, le=le(within)).rate(_WINDOW)
    return Recording(
        name=f"service:http_latency_slow_requests_{number(within).replace('.', '_')}s:rate5m",
        # Buckets and counts are scraped apart, so their difference can dip below zero.
        expr=not_negative(TIMED_REQUESTS.now - sum_by(fast, *PER_SERVICE)),
    )


# Kept apart by bucket, so that percentiles of a week can be computed: percentiles themselves have no mean.
LATENCY_BUCKETS = Recording(
    name="service_le:http_request_duration_seconds_bucket:rate5m",
    expr=sum_by(buckets(APPLICATION, HTTP_REQUEST_DURATION, endpoint=_REAL).rate(_WINDOW), *PER_SERVICE, "le"),
)
LATENCY_P95 = Recording(
    name="service:http_request_duration_seconds:p95_rate5m",
    expr=quantile(Decimal("0.95"), LATENCY_BUCKETS.now),
)

POOL_UTILISATION = Recording(
    name="service:db_connection_pool:utilisation_ratio",
    expr=rest(
        sum_by(select(APPLICATION, DB_POOL_AVAILABLE).now, *PER_SERVICE).of(
            sum_by(select(APPLICATION, DB_POOL_SIZE).now, *PER_SERVICE)
        )
    ),
)

QUERY_LATENCY_P95 = Recording(
    name="service:db_query_duration_seconds:p95_rate5m",
    expr=quantile(
        Decimal("0.95"),
        sum_by(buckets(APPLICATION, DB_QUERY_DURATION).rate(_WINDOW), *PER_SERVICE, "query_type", "le"),
    ),
)

POSTGRESQL_CONNECTIONS = Recording(
    name="instance:pg_connections:utilisation_ratio",
    # Reserved ones are the administrator's way in; the application is refused before.
    expr=sum_by(select(POSTGRES_EXPORTER, postgresql.CONNECTIONS).now, "instance").of(
        max_by(select(POSTGRES_EXPORTER, postgresql.MAX_CONNECTIONS).now, "instance")
        - max_by(select(POSTGRES_EXPORTER, postgresql.RESERVED_CONNECTIONS).now, "instance")
    ),
)

_COMMITS = sum_by(select(POSTGRES_EXPORTER, postgresql.COMMITS).rate(minutes(10)), "datname")
_ROLLBACKS = sum_by(select(POSTGRES_EXPORTER, postgresql.ROLLBACKS).rate(minutes(10)), "datname")

# By database alone: `instance` changes when the exporter's pod does, and the alert compares with yesterday.
POSTGRESQL_ROLLBACKS = Recording(
    name="datname:pg_rollbacks:ratio_rate10m",
    expr=_ROLLBACKS.of(_COMMITS + _ROLLBACKS),
)

_HITS = sum_by(select(REDIS_EXPORTER, redis.HITS).rate(_WINDOW), "instance")
_MISSES = sum_by(select(REDIS_EXPORTER, redis.MISSES).rate(_WINDOW), "instance")

CACHE_LOOKUPS = Recording(name="redis:keyspace_lookups:rate5m", expr=_HITS + _MISSES)
CACHE_HIT_RATIO = Recording(name="redis:keyspace_hits:ratio_rate5m", expr=_HITS.of(CACHE_LOOKUPS.now))

# Nodes are summed up by their name alone, so that nothing begins anew when the exporter's pod on one is replaced.
_IDLE = select(NODE_EXPORTER, nodes.CPU, mode="idle")

NODE_CPU = Recording(
    name="instance:node_cpu_utilisation:ratio_rate5m",
    expr=rest(average_by(_IDLE.rate(_WINDOW), "instance")),
)
NODE_MEMORY = Recording(
    name="instance:node_memory_utilisation:ratio",
    expr=rest(
        max_by(select(NODE_EXPORTER, nodes.MEMORY_AVAILABLE).now, "instance").of(
            max_by(select(NODE_EXPORTER, nodes.MEMORY_TOTAL).now, "instance")
        )
    ),
)
NODE_LOAD = Recording(
    name="instance:node_load1_per_cpu:ratio",
    expr=max_by(select(NODE_EXPORTER, nodes.LOAD).now, "instance").per(
        count_by(_IDLE.rate(_WINDOW), "instance"),
    ),
)

REAL_FILESYSTEMS = {"fstype": unlike(nodes.PSEUDO_FILESYSTEMS), "mountpoint": unlike(nodes.POD_MOUNTS)}
"""Of a node's own disks. Volumes of pods are watched as volumes."""

PER_FILESYSTEM = ("instance", "device", "fstype", "mountpoint")

FILESYSTEM_AVAILABLE = Recording(
    name="instance_mountpoint:node_filesystem_avail:ratio",
    # One that cannot be written to does not fill up.
    expr=min_by(
        select(NODE_EXPORTER, nodes.FILESYSTEM_AVAILABLE, **REAL_FILESYSTEMS)
        .now.of(select(NODE_EXPORTER, nodes.FILESYSTEM_SIZE, **REAL_FILESYSTEMS).now)
        .both(select(NODE_EXPORTER, nodes.FILESYSTEM_READONLY, **REAL_FILESYSTEMS).now.compare(Op.EQUALS, 0)),
        *PER_FILESYSTEM,
    ),
)

ELASTICSEARCH_DISK = Recording(
    name="elasticsearch_node:filesystem_data:used_ratio",
    # Nodes are told apart by their name, and never by their cluster's: see the catalogue.
    expr=rest(
        sum_by(select(ELASTICSEARCH_EXPORTER, elasticsearch.DISK_AVAILABLE).now, "namespace", "name").of(
            sum_by(select(ELASTICSEARCH_EXPORTER, elasticsearch.DISK_SIZE).now, "namespace", "name")
        )
    ),
)

# One for each limit that an objective sets, however many objectives share it.
_LIMITS = dict.fromkeys(slo.sli.within for slo in SLOS if isinstance(slo.sli, Latency))

SERVICE_RECORDINGS = (
    REQUESTS,
    ERRORS,
    ERROR_RATIO,
    TIMED_REQUESTS,
    *(slow_requests(within) for within in _LIMITS),
    LATENCY_BUCKETS,
    LATENCY_P95,
    POOL_UTILISATION,
    QUERY_LATENCY_P95,
)
DATASTORE_RECORDINGS = (POSTGRESQL_CONNECTIONS, POSTGRESQL_ROLLBACKS, CACHE_LOOKUPS, CACHE_HIT_RATIO)
NODE_RECORDINGS = (NODE_CPU, NODE_MEMORY, NODE_LOAD, FILESYSTEM_AVAILABLE)
LOG_RECORDINGS = (ELASTICSEARCH_DISK,)
