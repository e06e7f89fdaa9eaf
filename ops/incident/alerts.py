"""Alerts of a time: when they fired, by Prometheus, and what was done with them, by Alertmanager."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.model import Severity
from ops.incident.model import Link, Moment, Part, Source, Weight
from ops.shown.words import count
from ops.sources import alertmanager, prometheus
from ops.sources.alertmanager import Alert
from ops.sources.prometheus import Series
from ops.sources.server import Server
from ops.sources.times import Window

# Severity `none` is for machines: a dead man's switch always fires.
_QUERY = f'ALERTS{{alertstate="firing",severity!="{Severity.NONE}"}}'
_WEIGHTS: Mapping[str, Weight] = {Severity.CRITICAL: Weight.GRAVE, Severity.WARNING: Weight.NOTABLE}
_MISSES = 3
"""Evaluations without it, after which an alert was over."""

Key = tuple[str, str, str, str]


def fired(source: Server, window: Window) -> Part:
    """When alerts began and ended. Raises UnreadError."""
    begun, ended = defaultdict[tuple[datetime, Key], int](int), defaultdict[tuple[datetime, Key], int](int)
    for each in prometheus.series(source, _QUERY, window):
        for start, end in spells(each, window):
            if start is not None:
                begun[start, _key(each.labels)] += 1
            if end is not None:
                ended[end, _key(each.labels)] += 1
    return Part(
        moments=[
            *(_begin(at, key, number, exact=False) for (at, key), number in begun.items()),
            *(_moment(at, key, number, "is over", Weight.CALM) for (at, key), number in ended.items()),
        ]
    )


def held(source: Server, window: Window) -> Part:
    """What became of those that Alertmanager still has. Raises UnreadError."""
    known = [
        each
        for each in alertmanager.alerts(source)
        if each.since <= window.end and each.labels.get("severity") != Severity.NONE
    ]
    return Part(moments=[*_told(known, window)], links=[*_links(known)])


def spells(series: Series, window: Window) -> Iterator[tuple[datetime | None, datetime | None]]:
    """From when to when it fired. None: since before the window, or still at its end."""
    gap = window.step * _MISSES
    start = previous = None
    for at, _ in series.points:
        if previous is not None and at - previous > gap:
            yield start, previous
            start = at
        if previous is None:
            start = None if at - window.start < gap else at
        previous = at
    if previous is not None:
        yield start, None if window.end - previous < gap else previous


def _told(known: Sequence[Alert], window: Window) -> Iterator[Moment]:
    groups = defaultdict[tuple[datetime, Key, str, str], int](int)
    for each in known:
        since = max(each.since, window.start)
        groups[since, _key(each.labels), each.annotations.get("summary", ""), each.fate] += 1
    for (at, key, summary, fate), number in groups.items():
        if at == window.start:
            yield _moment(at, key, number, f"fires since before, {fate}: {summary}", Weight.CALM)
        else:
            yield _begin(at, key, number, f", {fate}: {summary}")


def _links(known: Sequence[Alert]) -> Iterator[Link]:
    for each in sorted(known, key=lambda each: each.labels["alertname"]):
        for name, where in (("runbook_url", "runbook"), ("dashboard_url", "dashboard")):
            if url := each.annotations.get(name):
                yield Link(text=f"{each.labels['alertname']}: {where}", url=url)


def _key(labels: Mapping[str, str]) -> Key:
    return (
        labels.get("alertname", "an alert without a name"),
        labels.get("service", ""),
        labels.get("severity", ""),
        labels.get("team", ""),
    )


def _begin(at: datetime, key: Key, number: int, more: str = "", *, exact: bool = True) -> Moment:
    _, _, severity, team = key
    made = _moment(at, key, number, f"fires ({severity}, {team} team){more}", _WEIGHTS.get(severity, Weight.CALM))
    return replace(made, begins=" ".join(key), exact=exact)


def _moment(at: datetime, key: Key, number: int, does: str, weight: Weight) -> Moment:
    name, service, *_ = key
    many = "" if number == 1 else f" ({count(number, 'time')})"
    return Moment(at=at, source=Source.ALERT, weight=weight, service=service, what=f"{name}{many} {does}")
