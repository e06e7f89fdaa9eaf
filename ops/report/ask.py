"""Prometheus, asked for values at the end of the period and for courses through it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from alerts.expression import Expr
from ops.report.model import Period
from ops.sources.prometheus import Series, course
from ops.sources.server import Answer, Server
from ops.sources.times import stamp

# Prometheus refuses more than 11,000 points of a series at once.
_MOST_POINTS = 10_000
_MINUTE = timedelta(minutes=1)


class _Sample(Answer):
    metric: Mapping[str, str]
    value: tuple[float, str]


class _Samples(Answer):
    result: Sequence[_Sample]


class _Instant(Answer):
    data: _Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One series, at one time."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whom to ask, and about which time."""

    prometheus: Server
    period: Period

    def at_end(self, expr: Expr) -> Sequence[Value]:
        """What the expression comes to at the end of the period; nothing where nothing was recorded."""
        asked = [("query", expr.text), ("time", stamp(self.period.end))]
        answer = self.prometheus.get(_Instant, "/api/v1/query", asked)
        found = [Value(labels=each.metric, value=float(each.value[1])) for each in answer.data.result]
        return [each for each in found if isfinite(each.value)]

    def one(self, expr: Expr) -> float | None:
        """The value of an expression with at most one series."""
        found = self.at_end(expr)
        return found[0].value if found else None

    def through(self, expr: Expr, step: timedelta, *, length: timedelta | None = None) -> Sequence[Series]:
        """How it went through the period, or through so long before its end."""
        start = self.period.end - length if length else self.period.start
        points = dict[tuple[tuple[str, str], ...], list[tuple[datetime, float]]]()
        for first, last in _parts(start, self.period.end, step):
            for each in course(self.prometheus, expr.text, first, last, step):
                points.setdefault(tuple(sorted(each.labels.items())), []).extend(each.points)
        return [
            Series(labels=dict(labels), points=[point for point in kept if isfinite(point[1])])
            for labels, kept in sorted(points.items())
        ]

    def every_minute(self, expr: Expr) -> Sequence[Series]:
        """The same, for what comes and goes."""
        return self.through(expr, _MINUTE)


def _parts(start: datetime, end: datetime, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
    while start <= end:
        last = min(end, start + step * (_MOST_POINTS - 1))
        yield start, last
        start = last + step
