"""The searches that are asked for most. Two list lines (KQL); two add lines up (ES|QL)."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.render.logs.names import PREFIX, pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A question that is asked often."""

    id: str
    title: str
    description: str
    query: str
    esql: bool
    columns: Sequence[str] = ()
    sort: str = "@timestamp"
    since: str


_REQUEST = (
    "service.name",
    "http.request.method",
    "url.path",
    "http.response.status_code",
    "event.duration",
    "trace.id",
)
SEARCHES = (
    Search(
        id=f"{PREFIX}-5xx-last-hour",
        title="Server errors, last hour",
        description="Requests that were answered with 5xx.",
        query="data_stream.dataset: openpolicy.access and http.response.status_code >= 500",
        esql=False,
        columns=_REQUEST,
        since="now-1h",
    ),
    Search(
        id=f"{PREFIX}-slow-requests",
        title="Slow requests, over 1 s",
        description="The slowest first. event.duration is in nanoseconds.",
        query="data_stream.dataset: openpolicy.access and event.duration >= 1000000000",
        esql=False,
        columns=_REQUEST,
        sort="event.duration",
        since="now-24h",
    ),
    Search(
        id=f"{PREFIX}-by-country",
        title="Requests by country, last day",
        description="Where requests come from, by the network of their address.",
        query=(
            f"FROM {pattern('access')} | WHERE @timestamp > NOW() - 24 hours"
            " | STATS requests = COUNT(*) BY client.geo.country_iso_code | SORT requests DESC | LIMIT 50"
        ),
        esql=True,
        since="now-24h",
    ),
    Search(
        id=f"{PREFIX}-error-rate-by-service",
        title="Error rate by service, last hour",
        description="Share of requests that were answered with 5xx.",
        query=(
            f"FROM {pattern('access')} | WHERE @timestamp > NOW() - 1 hour"
            " | STATS total = COUNT(*), errors = COUNT(*) WHERE http.response.status_code >= 500 BY service.name"
            " | EVAL error_rate_percent = ROUND(100.0 * errors / total, 2) | SORT error_rate_percent DESC"
        ),
        esql=True,
        since="now-1h",
    ),
)
