"""Numbers of a time, against the same length of time before it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from statistics import median

from ops.incident.measures import MEASURES, Measure, Unit
from ops.incident.model import Moment, Part, Reading, Source, Weight
from ops.sources import prometheus
from ops.sources.prometheus import Series
from ops.sources.server import Server
from ops.sources.times import Window, took

Points = Sequence[tuple[datetime, float]]


def measured(source: Server, window: Window) -> Part:
    """What every measure did. Raises UnreadError."""
    wide = Window(start=window.start - window.length, end=window.end)
    moments, readings = list[Moment](), list[Reading]()
    for measure in MEASURES:
        for each in prometheus.series(source, measure.query, wide):
            before = [point for point in each.points if point[0] < window.start]
            during = [point for point in each.points if point[0] >= window.start]
            if during:
                readings.append(_reading(measure, each, before, during))
                moments += _crossings(measure, each, before, during)
    return Part(moments=moments, readings=readings)


def written(measure: Measure, value: float) -> str:
    """As people read it."""
    match measure.unit:
        case Unit.SHARE:
            return f"{value:.1%}"
        case Unit.SECONDS:
            return took(value)
        case Unit.RATE:
            return f"{value:.3g}/s"
        case Unit.COUNT:
            return f"{value:g}"


def _reading(measure: Measure, series: Series, before: Points, during: Points) -> Reading:
    worst = _worst(measure, during)
    return Reading(
        what=measure.what,
        of=_named(series.labels),
        before=written(measure, median(value for _, value in before)) if before else "no value",
        worst=written(measure, worst[1]),
        at=worst[0],
        last=written(measure, during[-1][1]),
        beyond=measure.beyond(worst[1]),
    )


def _crossings(measure: Measure, series: Series, before: Points, during: Points) -> Iterator[Moment]:
    """When it first went too far, and when it last came back: what is between would fill the page where it flaps."""
    beyond = [measure.beyond(value) for _, value in during]
    if True not in beyond or measure.line is None:
        return
    first = beyond.index(True)
    line, of = written(measure, float(measure.line)), series.labels.get("service", "")
    worst = _worst(measure, during)
    since = before and measure.beyond(before[-1][1]) and first == 0
    yield Moment(
        at=during[first][0],
        source=Source.METRIC,
        weight=Weight.CALM if since else Weight.NOTABLE,
        service=of,
        what=f"{_about(measure, series.labels)}: {'below' if measure.low else 'above'} {line}"
        f"{' since before' if since else ''}; at worst {written(measure, worst[1])} at {worst[0]:%H:%M:%S}",
    )
    if not beyond[-1]:
        last = len(beyond) - beyond[::-1].index(True)
        yield Moment(
            at=during[last][0],
            source=Source.METRIC,
            weight=Weight.CALM,
            service=of,
            what=f"{_about(measure, series.labels)}: within {line} again",
        )


def _worst(measure: Measure, during: Points) -> tuple[datetime, float]:
    return (min if measure.low else max)(during, key=lambda point: point[1])


def _about(measure: Measure, labels: Mapping[str, str]) -> str:
    more = [value for name, value in sorted(labels.items()) if name not in _COMMON]
    return f"{measure.what} ({', '.join(more)})" if more else measure.what


def _named(labels: Mapping[str, str]) -> str:
    more = [value for name, value in sorted(labels.items()) if name not in _COMMON]
    return " ".join([labels.get("service", ""), *more]).strip()


_COMMON = frozenset({"__name__", "service", "namespace", "job", "cluster", "environment"})
