"""Recording rules: what several alerts and dashboards read, computed once."""

from decimal import Decimal

from alerts.expression import number
from alerts.model import Recording
from alerts.promql import (
    PER_SERVICE,
    buckets,
    le,
    like,
    not_negative,
    observations,
    quantile,
    rest,
    select,
    sum_by,
    unlike,
)
from catalogue.exporters import APPLICATION, NODE_EXPORTER, NODE_MEMORY_AVAILABLE, NODE_MEMORY_TOTAL
from catalogue.metrics import DB_POOL_AVAILABLE, DB_POOL_SIZE, HTTP_REQUEST_DURATION, HTTP_REQUESTS, PROBE_PATHS
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


LATENCY_P95 = Recording(
    name="service:http_request_duration_seconds:p95_rate5m",
    expr=quantile(
        Decimal("0.95"),
        sum_by(buckets(APPLICATION, HTTP_REQUEST_DURATION, endpoint=_REAL).rate(_WINDOW), *PER_SERVICE, "le"),
    ),
)

POOL_UTILISATION = Recording(
    name="service:db_connection_pool:utilisation_ratio",
    expr=rest(
        sum_by(select(APPLICATION, DB_POOL_AVAILABLE).now, *PER_SERVICE).of(
            sum_by(select(APPLICATION, DB_POOL_SIZE).now, *PER_SERVICE)
        )
    ),
)

NODE_MEMORY = Recording(
    name="instance:node_memory_utilisation:ratio",
    expr=rest(select(NODE_EXPORTER, NODE_MEMORY_AVAILABLE).now.of(select(NODE_EXPORTER, NODE_MEMORY_TOTAL).now)),
)

# One for each limit that an objective sets, however many objectives share it.
_LIMITS = dict.fromkeys(slo.sli.within for slo in SLOS if isinstance(slo.sli, Latency))

SERVICE_RECORDINGS = (
    REQUESTS,
    ERRORS,
    ERROR_RATIO,
    TIMED_REQUESTS,
    *(slow_requests(within) for within in _LIMITS),
    LATENCY_P95,
    POOL_UTILISATION,
)
NODE_RECORDINGS = (NODE_MEMORY,)
