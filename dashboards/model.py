"""A dashboard's nouns: frozen values that refuse a panel nobody could read or trust."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from zlib import crc32

from alerts.model import Alert
from catalogue.model.board import Board
from catalogue.model.metric import Unit
from catalogue.model.names import check_unique
from catalogue.model.time import Duration
from dashboards.limits import Limits, Step, steps
from dashboards.query import Annotation, Query, Search, Variable

COLUMNS = 24
"""Width of Grafana's grid."""

_IDS = 1_000_000


class Shape(StrEnum):
    """How a panel shows its numbers, as Grafana calls it."""

    STAT = "stat"
    TIMESERIES = "timeseries"
    TABLE = "table"
    HEATMAP = "heatmap"
    STATES = "state-timeline"
    LINES = "logs"


class Shown(StrEnum):
    """The unit that people read, as Grafana calls it."""

    SHARE = "percentunit"
    PERCENT = "percent"
    SECONDS = "s"
    NANOSECONDS = "ns"
    DAYS = "d"
    BYTES = "bytes"
    BYTES_PER_SECOND = "Bps"
    REQUESTS_PER_SECOND = "reqps"
    PER_SECOND = "ops"
    COUNT = "short"
    TIMES = "none"
    SINCE = "dateTimeFromNow"
    MONEY = "currencyUSD"


_USUAL = {
    Unit.RATIO: Shown.SHARE,
    Unit.PERCENT: Shown.PERCENT,
    Unit.SECONDS: Shown.SECONDS,
    Unit.BYTES: Shown.BYTES,
    Unit.COUNT: Shown.COUNT,
    Unit.PER_SECOND: Shown.PER_SECOND,
    Unit.TIMESTAMP: Shown.SINCE,
}


_SINGLE = (Shape.TABLE, Shape.HEATMAP, Shape.LINES)
_OF_LOGS = (Shape.TIMESERIES, Shape.TABLE, Shape.STAT, Shape.LINES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One question and its answer."""

    title: str
    description: str
    shape: Shape
    queries: tuple[Query, ...] = ()
    searches: tuple[Search, ...] = ()
    """Of logs, instead of queries of metrics."""

    by: tuple[Variable, ...] = ()
    """The variables that its queries obey."""

    alerts: tuple[Alert, ...] = ()
    """The alerts whose measure it shows: their thresholds are its lines, and they link to it."""

    limits: Limits | None = None
    unit: Shown | None = None
    """None: what the expression's unit is usually shown in."""

    width: int
    height: int
    since: str = ""
    """Its own time instead of the board's, such as `now/d`."""

    stacked: bool = False

    def __post_init__(self) -> None:
        where = f"panel {self.title!r}"
        if not self.title.strip() or not self.description.endswith("."):
            raise ValueError(f"{where}: it has a title, and a description in sentences")
        if bool(self.queries) == bool(self.searches):
            raise ValueError(f"{where}: it asks either metrics or logs, and one of them")
        if not (0 < self.width <= COLUMNS and 1 < self.height <= COLUMNS):
            raise ValueError(f"{where}: {self.width} by {self.height} does not fit a grid of {COLUMNS} columns")
        check_unique(f"{where}: legends", [each.legend for each in (*self.queries, *self.searches) if each.legend])
        if self.shape in _SINGLE and len(self.queries) + len(self.searches) > 1:
            raise ValueError(f"{where}: a {self.shape} answers one query")
        if self.searches and self.shape not in _OF_LOGS:
            raise ValueError(f"{where}: a {self.shape} does not show logs")
        if self.shape is Shape.TIMESERIES and not all(query.legend for query in self.queries):
            raise ValueError(f"{where}: a line without a legend is called by all its labels")
        if self.unit is None and len({query.expr.unit for query in self.queries}) > 1:
            raise ValueError(f"{where}: its queries are in different units")
        shown = {query.expr.text for query in self.queries}
        for alert in self.alerts:
            if alert.when.measure.text not in shown:
                raise ValueError(f"{where}: it names {alert.name} and shows no {alert.when.measure.text}")
        _ = self.steps

    @property
    def jobs(self) -> frozenset[str]:
        """Jobs whose series it reads."""
        return frozenset(source.job for query in self.queries for source in query.expr.reads)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its colours, from the bottom up."""
        return steps(self.alerts, self.limits)

    @property
    def shown(self) -> Shown:
        """The unit that people read."""
        return self.unit or (_USUAL[self.queries[0].expr.unit] if self.queries else Shown.COUNT)

    @property
    def id(self) -> int:
        """The same for as long as the title is, whatever comes before it."""
        return stable_id(self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Panels under one heading."""

    title: str
    panels: tuple[Panel, ...]
    collapsed: bool = False

    @property
    def id(self) -> int:
        """As a panel's."""
        return stable_id(f"row {self.title}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """One page."""

    board: Board
    description: str
    variables: tuple[Variable, ...]
    annotations: tuple[Annotation, ...]
    rows: tuple[Row, ...]
    shows: Duration
    """How far back it looks when it is opened."""

    def __post_init__(self) -> None:
        where = f"dashboard {self.board.uid}"
        check_unique(f"{where}: panels", [panel.title for panel in self.panels])
        check_unique(f"{where}: rows", [row.title for row in self.rows])
        ids = [*(panel.id for panel in self.panels), *(row.id for row in self.rows)]
        check_unique(f"{where}: ids (change a title)", [str(each) for each in ids])
        for panel in self.panels:
            if strange := [each.name for each in panel.by if each not in self.variables]:
                raise ValueError(f"{where}: panel {panel.title!r} obeys {', '.join(strange)}, which it does not offer")

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Every panel, in the order of reading."""
        return tuple(panel for row in self.rows for panel in row.panels)

    @property
    def reads_logs(self) -> bool:
        """Whether a panel of it searches logs."""
        return any(panel.searches for panel in self.panels)

    @property
    def alerts(self) -> Iterator[tuple[Alert, Panel]]:
        """Every alert that it shows, with the panel."""
        return ((alert, panel) for panel in self.panels for alert in panel.alerts)

    def with_rows(self, *rows: Row) -> "Dashboard":
        """The same page with other rows."""
        return replace(self, rows=rows)

    def without(self, jobs: AbstractSet[str]) -> "Dashboard":
        """The same page without the panels that read one of these jobs, and the rows that are empty then."""
        kept = [
            replace(row, panels=tuple(panel for panel in row.panels if panel.jobs.isdisjoint(jobs)))
            for row in self.rows
        ]
        return self.with_rows(*(row for row in kept if row.panels))


def stable_id(title: str) -> int:
    """A number that only the title decides, so that links outlive panels put in before it."""
    return crc32(title.encode()) % _IDS + 1


def shown(boards: Iterable[Dashboard]) -> frozenset[str]:
    """Names of the series that some panel reads."""
    queries = (query for board in boards for panel in board.panels for query in panel.queries)
    return frozenset(source.metric for query in queries for source in query.expr.reads)
