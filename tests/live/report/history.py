"""Five weeks that end on a Monday, as Prometheus would have recorded them: what a report reads, and known truths.

Time is fixed, so what is said of it is always the same. Nights are quiet, one afternoon went wrong, one disk fills.
"""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zlib import crc32

from alerts.library.recordings import (
    ELASTICSEARCH_DISK,
    ERRORS,
    FILESYSTEM_AVAILABLE,
    LATENCY_BUCKETS,
    NODE_MEMORY,
    REQUESTS,
    TIMED_REQUESTS,
    slow_requests,
)
from alerts.model import Recording
from alerts.selector import ALERTS
from catalogue.exported import kubernetes, monitoring
from catalogue.exporters import APPLICATION, KUBE_STATE_METRICS, KUBELETS, PROMETHEUS_SERVER
from catalogue.metrics import HTTP_REQUEST_DURATION, HTTP_REQUESTS
from catalogue.model.exporter import Exporter
from catalogue.services import API_GATEWAY
from catalogue.slos import LATENCY
from dashboards.library.objectives import slowest_allowed

END = datetime(2025, 6, 2, tzinfo=UTC)
DAYS = 35
OUTAGE = (END - timedelta(days=4, hours=10), timedelta(minutes=38))
OUTAGE_SHARE = 0.5
FAILING = 0.0012
"""Share of requests that fail at all other times."""

MEAN_RATE = 120.0
DISK_A_DAY = 0.008
"""By how much the filling disk is fuller each day; at the end it is taken by DISK_AT_END."""

DISK_AT_END = 0.8

_OFTEN, _SELDOM = 120, 3_600
_GIBIBYTE = 2**30
_API = {"namespace": "openpolicy", "service": API_GATEWAY.name}
# Share of requests within each of the histogram's bounds.
_MEDIAN_SECONDS, _SPREAD = 0.085, 0.9
# Name, severity, team, labels beside them, and how many hours before the end each began and how many minutes it fired.
FIRED = (
    ("HighErrorRate", "critical", "platform", dict(_API), ((82, 33), (61, 7))),
    ("SlowAPIResponse", "warning", "platform", dict(_API), ((140, 55), (90, 21), (31, 8))),
    ("PostgreSQLConnectionsHigh", "warning", "database", {"instance": "pg-0"}, ((77, 34), (29, 6), (28, 5), (5, 12))),
    ("RedisDown", "critical", "database", {"instance": "redis-0"}, ((19, 22), (402, 41))),
    ("ScraperFailures", "warning", "data", {"scraper": "bills"}, ((120, 340), (500, 60))),
    ("Watchdog", "none", "platform", {}, ((DAYS * 24, DAYS * 24 * 60),)),
)
Point = tuple[int, float]
Family = tuple[str, list[tuple[dict[str, str], Iterator[Point]]]]


def lines() -> Iterator[str]:
    """All of it, in OpenMetrics: a family after the other, times rising in each series."""
    for name, series in _families():
        yield f"# TYPE {name} unknown\n"
        for labels, points in series:
            inner = ",".join(f'{label}="{value}"' for label, value in labels.items())
            yield from (f"{name}{{{inner}}} {value:.6g} {at}\n" for at, value in points)
    yield "# EOF\n"


def rate(at: float) -> float:
    """Requests a second: nights are quiet."""
    return MEAN_RATE * (1 + 0.6 * math.sin(at / 86_400 * 2 * math.pi))


def failing(at: float) -> float:
    """Share of requests that fail."""
    began, lasted = OUTAGE
    return OUTAGE_SHARE if began.timestamp() <= at < (began + lasted).timestamp() else FAILING


def within(bound: float, at: float) -> float:
    """Share of requests that are answered within so many seconds: all are slower where many fail."""
    median = _MEDIAN_SECONDS * (8 if failing(at) == OUTAGE_SHARE else 1)
    return 0.5 * (1 + math.erf(math.log(bound / median) / (_SPREAD * math.sqrt(2))))


def _times(every: int, days: float = DAYS) -> range:
    end = int(END.timestamp())
    return range(end - int(days * 86_400), end + 1, every)


def _families() -> Iterator[Family]:
    limit = float(slowest_allowed(LATENCY))
    yield _recorded(REQUESTS, _API, ((at, rate(at)) for at in _times(_OFTEN)))
    yield _recorded(ERRORS, _API, ((at, rate(at) * failing(at)) for at in _times(_OFTEN)))
    yield _recorded(TIMED_REQUESTS, _API, ((at, rate(at)) for at in _times(_OFTEN)))
    slow = slow_requests(slowest_allowed(LATENCY))
    yield _recorded(slow, _API, ((at, rate(at) * (1 - within(limit, at))) for at in _times(_OFTEN)))
    bounds = [*(float(each) for each in HTTP_REQUEST_DURATION.buckets), math.inf]
    yield (
        LATENCY_BUCKETS.name,
        [
            (_API | {"le": "+Inf" if bound == math.inf else str(bound)}, _bucket(bound))
            for bound in bounds
        ],
    )  # fmt: skip
    yield from _requests(limit)
    yield from _rooms()
    yield from _asked_for()
    yield ALERTS, [*_alerts()]


def _bucket(bound: float) -> Iterator[Point]:
    return ((at, rate(at) * (1 if bound == math.inf else within(bound, at))) for at in _times(_OFTEN))


def _recorded(rule: Recording, labels: dict[str, str], points: Iterator[Point]) -> Family:
    return rule.name, [(labels, points)]


def _requests(limit: float) -> Iterator[Family]:
    """Raw counters by endpoint, for a week: failures and slow answers are mostly of searches."""
    endpoints = {"/api/v1/search": (0.2, 3.0), "/api/v1/bills": (0.5, 0.5), "/api/v1/bills/{bill_id}": (0.3, 0.5)}

    def grown(share: float, bad: float) -> Iterator[Point]:
        for at in _times(_SELDOM, 31):
            yield at, share * bad * MEAN_RATE * (at - (END.timestamp() - 31 * 86_400))

    base = _API | {"job": APPLICATION.job, "instance": "api-0", "method": "GET"}
    yield (
        HTTP_REQUESTS.name,
        [
            (base | {"endpoint": endpoint, "status": status}, grown(share, weight * part))
            for endpoint, (share, weight) in endpoints.items()
            for status, part in (("200", 1 - FAILING), ("503", FAILING))
        ],
    )
    bounds = {str(limit): 1 - within(limit, 0), "+Inf": 0.0}
    yield (
        f"{HTTP_REQUEST_DURATION.name}_bucket",
        [
            (base | {"endpoint": endpoint, "le": bound}, grown(share, 1 - slow * weight))
            for endpoint, (share, weight) in endpoints.items()
            for bound, slow in bounds.items()
        ],
    )
    counted = [(base | {"endpoint": endpoint}, grown(share, 1)) for endpoint, (share, _) in endpoints.items()]
    yield f"{HTTP_REQUEST_DURATION.name}_count", counted


def _wobble(at: int, name: str) -> float:
    """A little, the same each time."""
    return (crc32(f"{name}{at}".encode()) / 2**32 - 0.5) * 0.01


def _rooms() -> Iterator[Family]:
    """Disks, volumes and memory; one of them fills."""

    def taken(name: str, last: float, a_day: float) -> Iterator[Point]:
        for at in _times(_SELDOM):
            yield at, last + a_day * (at - END.timestamp()) / 86_400 + _wobble(at, name)

    def free(name: str, last: float, a_day: float) -> Iterator[Point]:
        return ((at, 1 - value) for at, value in taken(name, last, a_day))

    disk = {"device": "/dev/vda1", "fstype": "ext4", "mountpoint": "/"}
    yield (
        FILESYSTEM_AVAILABLE.name,
        [
            ({"instance": "node-a"} | disk, free("node-a", DISK_AT_END, DISK_A_DAY)),
            ({"instance": "node-b"} | disk, free("node-b", 0.4, 0.0)),
        ],
    )
    yield NODE_MEMORY.name, [({"instance": node}, taken(node, 0.58, 0.0)) for node in ("node-a", "node-b")]
    tiers = {"hot-0": (0.62, 0.0), "warm-0": (0.71, 0.0015)}
    where = {"namespace": "observability"}
    yield (
        ELASTICSEARCH_DISK.name,
        [(where | {"name": name}, taken(name, *of)) for name, of in tiers.items()],
    )
    size = 140 * _GIBIBYTE
    labels = _scraped(KUBELETS) | where | {"persistentvolumeclaim": "prometheus-0"}
    used = ((at, value * size) for at, value in taken("prometheus-0", 0.66, -0.001))
    yield kubernetes.VOLUME_USED.name, [(labels, used)]
    yield kubernetes.VOLUME_CAPACITY.name, [(labels, ((at, size) for at in _times(_SELDOM)))]
    server = _scraped(PROMETHEUS_SERVER) | where | {"pod": "prometheus-0"}
    blocks = ((at, value * 110e9) for at, value in taken("blocks", 0.64, 0.002))
    yield monitoring.BLOCKS_BYTES.name, [(server, blocks)]
    yield monitoring.WAL_BYTES.name, [(server, ((at, 2e9) for at in _times(_SELDOM)))]
    yield monitoring.RETENTION_LIMIT_BYTES.name, [(server, ((at, 110e9) for at in _times(_SELDOM)))]


def _asked_for() -> Iterator[Family]:
    """What containers ask for, as it is at the end."""
    asked = {("observability", "cpu"): 20.6, ("observability", "memory"): 152 * _GIBIBYTE,
             ("openpolicy", "cpu"): 9.5, ("openpolicy", "memory"): 40 * _GIBIBYTE}  # fmt: skip
    now = int(END.timestamp())
    labels = _scraped(KUBE_STATE_METRICS)
    yield (
        kubernetes.CONTAINER_REQUESTS.name,
        [
            (labels | {"namespace": space, "resource": resource, "pod": "all"}, iter([(now, value)]))
            for (space, resource), value in asked.items()
        ],
    )


def _scraped(exporter: Exporter) -> dict[str, str]:
    return {"job": exporter.job, "instance": f"{exporter.job}-0"}


def _alerts() -> Iterator[tuple[dict[str, str], Iterator[Point]]]:
    for name, severity, team, labels, times in FIRED:
        every = 30 if name != "Watchdog" else 240
        points = sorted(
            (at, value)
            for ago, minutes in times
            for began in [int(END.timestamp()) - ago * 3_600]
            # An alert that is over ends: without a mark it would linger for five minutes.
            for at, value in [
                *((at, 1.0) for at in range(began, began + minutes * 60, every)),
                (began + minutes * 60, math.nan),
            ]
        )
        known = {"alertname": name, "alertstate": "firing", "severity": severity, "team": team}
        yield known | labels, iter(points)
