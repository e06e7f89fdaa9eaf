"""Elasticsearch's search API, over the data streams of our lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import Field

from components.render.logs.names import EVERYTHING, pattern
from ops.sources.server import Answer, Server
from ops.sources.times import Window, stamp

_MOST_LINES = 200
_MOST_SERVICES, _MOST_KINDS = 20, 10
_UNTYPED = "without a type"
_FIELDS = (
    "@timestamp",
    "message",
    "log.level",
    "service.name",
    "labels.log_class",
    "error.type",
    "error.message",
    "trace.id",
)


class _Named(Answer):
    name: str = "unknown"


class _Level(Answer):
    level: str = "info"


class _Labels(Answer):
    log_class: str = "app"


class _Error(Answer):
    type: str = _UNTYPED
    message: str = ""


class _Trace(Answer):
    id: str = ""


class Line(Answer):
    """What is read of a line."""

    at: datetime = Field(alias="@timestamp")
    message: str = ""
    log: _Level = _Level()
    service: _Named = _Named()
    labels: _Labels = _Labels()
    error: _Error | None = None
    trace: _Trace = _Trace()


class _Hit(Answer):
    source: Line = Field(alias="_source")


class _Hits(Answer):
    hits: Sequence[_Hit]


class _Found(Answer):
    hits: _Hits


class _Time(Answer):
    value: float


class _Kind(Answer):
    key: str
    count: int = Field(alias="doc_count")
    first: _Time
    last: _Time
    example: _Found


class _Kinds(Answer):
    buckets: Sequence[_Kind]


class _Service(Answer):
    key: str
    kinds: _Kinds


class _Services(Answer):
    buckets: Sequence[_Service]


class _Groups(Answer):
    services: _Services


class _Grouped(Answer):
    groups: _Groups | None = Field(None, alias="aggregations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Lines of one service about one kind of error."""

    service: str
    kind: str
    count: int
    first: datetime
    last: datetime
    example: Line


def lines(elasticsearch: Server, trace: str) -> Sequence[Line]:
    """The first lines of a trace, of every class that one may read. Raises UnreadError."""
    found = elasticsearch.post(_Found, f"/{EVERYTHING}/_search", lines_query(trace))
    return [each.source for each in found.hits.hits]


def errors(elasticsearch: Server, window: Window) -> Iterator[Errors]:
    """Errors of a time, by service and kind. Raises UnreadError."""
    found = elasticsearch.post(_Grouped, f"/{pattern('error')}/_search", errors_query(window))
    # Where no index is, nothing is added up.
    for service in found.groups.services.buckets if found.groups else ():
        for kind in service.kinds.buckets:
            yield Errors(
                service=service.key,
                kind=kind.key,
                count=kind.count,
                first=_time(kind.first.value),
                last=_time(kind.last.value),
                example=kind.example.hits.hits[0].source,
            )


def lines_query(trace: str) -> Mapping[str, object]:
    """Body of the search for a trace's lines."""
    return {
        "size": _MOST_LINES,
        "query": {"bool": {"filter": [{"term": {"trace.id": trace}}]}},
        "sort": [{"@timestamp": "asc"}],
        "_source": [*_FIELDS],
    }


def errors_query(window: Window) -> Mapping[str, object]:
    """Body of the search for errors: counted there, for an incident has more of them than anybody reads."""
    time: Mapping[str, object] = {"field": "@timestamp"}
    example = {"top_hits": {"size": 1, "sort": [{"@timestamp": "asc"}], "_source": [*_FIELDS]}}
    return {
        "size": 0,
        "query": {
            "bool": {"filter": [{"range": {"@timestamp": {"gte": stamp(window.start), "lte": stamp(window.end)}}}]}
        },
        "aggs": {
            "services": {
                "terms": {"field": "service.name", "size": _MOST_SERVICES},
                "aggs": {
                    "kinds": {
                        "terms": {"field": "error.type", "size": _MOST_KINDS, "missing": _UNTYPED},
                        "aggs": {"first": {"min": time}, "last": {"max": time}, "example": example},
                    }
                },
            }
        },
    }


def _time(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
