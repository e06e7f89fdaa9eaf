"""Shapes of panels with their usual sizes: what a page says first is what it asks."""

from typing import TypedDict, Unpack

from alerts.expression import Expr
from alerts.model import Alert
from catalogue.model.time import Duration
from dashboards.limits import Limits
from dashboards.model import Panel, Shape, Shown
from dashboards.query import Query, Search, Variable


class Options(TypedDict, total=False):
    """What a panel may say besides its title, description and queries."""

    by: tuple[Variable, ...]
    alerts: tuple[Alert, ...]
    limits: Limits
    unit: Shown
    width: int
    height: int
    since: str
    stacked: bool


def line(expr: Expr, legend: str, *, closest: Duration | None = None) -> Query:
    """A query whose series are called by the legend: `{service}` is the label's value."""
    return Query(expr=expr, legend=legend, closest=closest)


def counted(lucene: str, legend: str = "", *, by: str = "", most: int = 10) -> Search:
    """How many lines of logs there are: all under the legend, or apart by a field."""
    return Search(lucene=lucene, legend=legend, by=by, most=most)


def highest(field: str, lucene: str, *, by: str, most: int = 10) -> Search:
    """The largest value of a field in lines of logs, apart by another field."""
    return Search(lucene=lucene, largest=field, by=by, most=most)


def stat(title: str, description: str, what: Expr | Search, **options: Unpack[Options]) -> Panel:
    """One number, large."""
    return _panel(Shape.STAT, 4, 4, title, description, (_asked(what),), options)


def timeseries(title: str, description: str, *queries: Query | Search, **options: Unpack[Options]) -> Panel:
    """Lines over time."""
    return _panel(Shape.TIMESERIES, 8, 8, title, description, queries, options)


def table(title: str, description: str, what: Expr | Search, **options: Unpack[Options]) -> Panel:
    """The values now, one row a series; of logs, those of the whole time, one row a value of the field."""
    return _panel(Shape.TABLE, 12, 8, title, description, (_asked(what),), options)


def lines(title: str, description: str, search: Search, **options: Unpack[Options]) -> Panel:
    """The lines themselves, the latest first."""
    return _panel(Shape.LINES, 24, 12, title, description, (search,), options)


def heatmap(title: str, description: str, expr: Expr, **options: Unpack[Options]) -> Panel:
    """Where the mass of a histogram lies, over time. `expr` are increases by `le`."""
    return _panel(Shape.HEATMAP, 8, 8, title, description, (Query(expr=expr, legend="{le}"),), options)


def states(title: str, description: str, query: Query, **options: Unpack[Options]) -> Panel:
    """A band for each series, coloured by its value."""
    return _panel(Shape.STATES, 12, 8, title, description, (query,), options)


def _panel(
    shape: Shape,
    width: int,
    height: int,
    title: str,
    description: str,
    asked: tuple[Query | Search, ...],
    options: Options,
) -> Panel:
    size: Options = {"width": width, "height": height}
    return Panel(
        title=title,
        description=description,
        shape=shape,
        queries=tuple(each for each in asked if isinstance(each, Query)),
        searches=tuple(each for each in asked if isinstance(each, Search)),
        **(size | options),
    )


def _asked(what: Expr | Search) -> Query | Search:
    return what if isinstance(what, Search) else Query(expr=what)
