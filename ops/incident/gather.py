"""All sources asked at once. What cannot be read is named, and the rest is told all the same."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from ops.incident import alerts, logs, metrics, requests
from ops.incident.model import Incident, Part
from ops.sources import elasticsearch, jaeger
from ops.sources.elasticsearch import Line
from ops.sources.server import Server, UnreadError
from ops.sources.times import Window
from ops.traces.model import Trace

T = TypeVar("T")

MARGIN = timedelta(minutes=5)
"""What is looked at before and after a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Whom to ask."""

    jaeger: Server
    prometheus: Server
    alertmanager: Server
    elasticsearch: Server


def of_window(sources: Sources, window: Window) -> Incident:
    """What happened in that time. Raises UnreadError where no source could be read."""
    return _gathered(
        window,
        None,
        [
            *_always(sources, window),
            partial(logs.failures, sources.elasticsearch, window),
            partial(requests.troubled, sources.jaeger, window),
        ],
    )


def of_trace(sources: Sources, number: str, window: Window | None, now: datetime) -> Incident:
    """What happened in one request and around it, or in `window`. Raises UnreadError where nobody knows the trace."""
    with ThreadPoolExecutor() as pool:
        trace = pool.submit(_tried, partial(jaeger.trace, sources.jaeger, number))
        lines = pool.submit(_tried, partial(elasticsearch.lines, sources.elasticsearch, number))
        traced, written = trace.result(), lines.result()
    known = [part for part in (_spans(traced), _lines(written)) if part]
    unread = [str(each) for each in (traced, written) if isinstance(each, UnreadError)]
    window = window or _around(traced, written, now)
    if window is None:
        said = "Nobody could be asked for" if len(unread) == len((traced, written)) else "Nobody knows a"
        raise UnreadError("\n".join([f"{said} trace {number}. --from and --to look without it.", *unread]))
    return _gathered(window, number, [*(partial(_already, part) for part in known), *_always(sources, window)], unread)


def _always(sources: Sources, window: Window) -> Sequence[Callable[[], Part]]:
    return (
        partial(alerts.fired, sources.prometheus, window),
        partial(metrics.measured, sources.prometheus, window),
        partial(alerts.held, sources.alertmanager, window),
    )


def _gathered(
    window: Window, number: str | None, asked: Sequence[Callable[[], Part]], unread: Sequence[str] = ()
) -> Incident:
    with ThreadPoolExecutor(len(asked)) as pool:
        answers = [*pool.map(_tried, asked)]
    parts = [each for each in answers if isinstance(each, Part)]
    # Prometheus is asked twice, and says why once.
    missing = [*dict.fromkeys([*unread, *(str(each) for each in answers if isinstance(each, UnreadError))])]
    if not parts:
        raise UnreadError("\n".join(missing))
    return Incident(window=window, trace_id=number, parts=parts, unread=missing)


def _tried(ask: Callable[[], T]) -> T | UnreadError:
    try:
        return ask()
    except UnreadError as error:
        return error


def _already(part: Part) -> Part:
    return part


def _spans(traced: Trace | UnreadError | None) -> Part | None:
    return requests.one(traced) if isinstance(traced, Trace) else None


def _lines(written: Sequence[Line] | UnreadError) -> Part | None:
    return None if isinstance(written, UnreadError) or not written else logs.of_trace(written)


def _around(traced: Trace | UnreadError | None, written: Sequence[Line] | UnreadError, now: datetime) -> Window | None:
    if isinstance(traced, Trace):
        start, end = requests.bounds(traced)
    elif isinstance(written, UnreadError) or not written:
        return None
    else:
        start, end = written[0].at, written[-1].at
    # Prometheus answers for times to come as well, with what it knew last.
    return Window(start=start - MARGIN, end=min(end + MARGIN, max(now, end)))
