"""Prometheus' query API: how series went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ops.sources.server import Answer, Server
from ops.sources.times import Window, stamp


class _Series(Answer):
    metric: Mapping[str, str]
    values: Sequence[tuple[float, str]]


class _Data(Answer):
    result: Sequence[_Series]


class _Range(Answer):
    data: _Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Values in order. Where there was none, there is no point."""

    labels: Mapping[str, str]
    points: Sequence[tuple[datetime, float]]


def series(prometheus: Server, query: str, window: Window) -> Sequence[Series]:
    """What the query comes to, over that time. Raises UnreadError."""
    return course(prometheus, query, window.start, window.end, window.step)


def course(prometheus: Server, query: str, start: datetime, end: datetime, step: timedelta) -> Sequence[Series]:
    """The same, from the first time to the last, both included. Raises UnreadError."""
    asked = [
        ("query", query),
        ("start", stamp(start)),
        ("end", stamp(end)),
        ("step", f"{step.total_seconds():.0f}"),
    ]
    answer = prometheus.get(_Range, "/api/v1/query_range", asked)
    return [
        Series(
            labels=each.metric,
            points=[(datetime.fromtimestamp(at, UTC), float(value)) for at, value in each.values if value != "NaN"],
        )
        for each in answer.data.result
    ]
