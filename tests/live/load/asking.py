"""Every query of every board, asked of a real Prometheus as Grafana would ask it."""

import re
import time
import urllib.error
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alerts.library import LIBRARY
from catalogue.model.time import Duration, days, hours, minutes
from dashboards.library import dashboards
from dashboards.model import COLUMNS, Dashboard, Panel, Shape
from dashboards.promql import matched, narrowed
from dashboards.query import Query
from tests.live.load.server import get

BOARDS = dashboards(LIBRARY)

# A board on a wide screen, and what Prometheus is asked for at the closest.
_PIXELS = 1_800
_SCRAPED_EVERY = 15
# Windows that Grafana rounds a step to.
_STEPS = (15, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600)
# The load has been scraped for some minutes alone.
_DENSE = minutes(6).seconds
_NOW = (Shape.STAT, Shape.TABLE)
# What is slow is asked again, and its best time counts: Prometheus scrapes and evaluates rules all the while.
_SLOW, _TRIES = 0.3, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One query and what came back."""

    board: str
    panel: str
    legend: str
    text: str
    seconds: float
    """The longer of both: over the board's own time, and with as many steps over the time that is full of data."""

    series: tuple[Mapping[str, Any], ...]
    """Of the time that is full of data."""

    found: int
    """Series over the board's own time."""

    narrowed: int
    """Series when one value of every choice is picked."""

    @property
    def empty(self) -> bool:
        """Whether people would read `No data`."""
        return not self.found


def asked(address: str) -> Iterator[Asked]:
    """Every query of every panel, one after another."""
    end = time.time()
    for page in BOARDS:
        picked = {variable.name: _pick(address, page, variable.name) for variable in page.variables}
        for panel in page.panels:
            for query in panel.queries:
                yield _ask(address, page, panel, query, picked, end)


def choices(address: str) -> Iterator[tuple[str, str, list[str]]]:
    """The values of every variable of every board."""
    for page in BOARDS:
        for variable in page.variables:
            series = matched(variable.series, [other.name for other in variable.within])
            text = _filled(series, {other.name: other.everything for other in variable.within}, hours(6), 15)
            yield (
                page.board.uid,
                variable.name,
                get(address, f"/api/v1/label/{variable.name}/values", **{"match[]": text}),
            )


def _pick(address: str, page: Dashboard, name: str) -> str:
    """The value that has most in it: the first of what the load knows by name."""
    variable = next(each for each in page.variables if each.name == name)
    values: list[str] = get(address, f"/api/v1/label/{name}/values", **{"match[]": variable.series.text})
    known = ("openpolicy", "api-gateway", "node-exporter-0")
    return next((value for value in known if value in values), values[0])


def _ask(address: str, page: Dashboard, panel: Panel, query: Query, picked: Mapping[str, str], end: float) -> Asked:
    shows = _shows(page, panel, end)
    step = max(_step(shows, panel), query.closest.seconds if query.closest else 0)
    text = narrowed(query.expr, [variable.name for variable in panel.by])
    every = {variable.name: variable.everything for variable in panel.by}
    own = _filled(text, every, shows, step)
    now = panel.shape in _NOW
    found, seconds = _timed(address, own, end, None if now else (shows.seconds, step))
    dense, longer = (found, 0.0) if now else _timed(address, own, end, (_DENSE, _DENSE * step / shows.seconds))
    one = _filled(text, picked, shows, step)
    return Asked(
        board=page.board.uid,
        panel=panel.title,
        legend=query.legend,
        text=own,
        seconds=max(seconds, longer),
        series=tuple(dense),
        found=len(found),
        narrowed=len(_timed(address, one, end, None)[0]) if panel.by else len(found),
    )


def _shows(page: Dashboard, panel: Panel, end: float) -> Duration:
    if panel.since == "now/d":
        return minutes(max(1, int(end % days(1).seconds // 60)))
    assert not panel.since, f"{panel.title}: what does {panel.since} mean?"
    return page.shows


def _step(shows: Duration, panel: Panel) -> int:
    """As Grafana chooses it: about a point for each pixel of the panel's width."""
    exact = shows.seconds / (_PIXELS * panel.width / COLUMNS)
    return next((step for step in _STEPS if step >= exact), _STEPS[-1])


def _filled(text: str, chosen: Mapping[str, str], shows: Duration, step: int) -> str:
    """The query as Prometheus gets it. A rate is over four scrapes at the least."""
    rate = max(step + _SCRAPED_EVERY, 4 * _SCRAPED_EVERY)
    for name, value in {"__rate_interval": f"{rate}s", "__range": f"{shows.seconds}s", **chosen}.items():
        text = re.sub(rf"\${name}\b", value, text)
    assert not re.search(r"\$[a-z_]", text), f"a variable is left in {text}"
    return text


def _timed(address: str, text: str, end: float, over: tuple[float, float] | None) -> tuple[list[dict[str, Any]], float]:
    """The series, and the seconds that it took. `over`: how long back, and every how many seconds."""
    path, more = "/api/v1/query", {"time": f"{end:.3f}"}
    if over is not None:
        back, step = over
        path, more = "/api/v1/query_range", {"start": f"{end - back:.3f}", "end": f"{end:.3f}", "step": f"{step:.3f}"}
    tries = [_once(address, path, text, more)]
    while tries[-1][1] > _SLOW and len(tries) < _TRIES:
        tries.append(_once(address, path, text, more))
    return min(tries, key=lambda each: each[1])


def _once(address: str, path: str, text: str, more: Mapping[str, str]) -> tuple[list[dict[str, Any]], float]:
    began = time.perf_counter()
    try:
        found = get(address, path, query=text, **more)["result"]
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{text}: {error.read().decode()}") from error
    return found, time.perf_counter() - began
