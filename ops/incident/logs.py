"""Lines of a time: its errors by kind, or all of one trace."""

from collections.abc import Iterator, Sequence

from ops.incident.model import Moment, Part, Source, Weight
from ops.shown.words import count, cut
from ops.sources import elasticsearch
from ops.sources.elasticsearch import Errors, Line
from ops.sources.server import Server
from ops.sources.times import Window

_LONGEST = 120
_SERIOUS = frozenset({"error", "critical", "fatal"})


def failures(source: Server, window: Window) -> Part:
    """Errors of the time. Raises UnreadError."""
    return Part(moments=[moment for each in elasticsearch.errors(source, window) for moment in _errors(each)])


def of_trace(lines: Sequence[Line]) -> Part:
    """Lines of one trace."""
    return Part(moments=[_line(each) for each in lines])


def _errors(each: Errors) -> Iterator[Moment]:
    line = each.example
    said = (line.error.message if line.error else "") or line.message
    more = f", {count(each.count, 'line')} until {each.last:%H:%M:%S}" if each.count > 1 else ""
    yield Moment(
        at=each.first,
        source=Source.LOG,
        weight=Weight.NOTABLE,
        service=each.service,
        what=f"{each.kind}: {cut(said, _LONGEST)}{more}",
        trace=line.trace.id,
    )


def _line(line: Line) -> Moment:
    serious = line.log.level in _SERIOUS or line.error is not None
    error = f" ({line.error.type}: {line.error.message})" if line.error else ""
    return Moment(
        at=line.at,
        source=Source.LOG,
        weight=Weight.NOTABLE if serious else Weight.CALM,
        service=line.service.name,
        what=f"{line.labels.log_class}: {cut(line.message + error, _LONGEST)}",
        trace=line.trace.id,
    )
