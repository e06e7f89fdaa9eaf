"""What rules and boards read, as pairs of a job and the name of a metric."""

from alerts.expression import Expr
from alerts.library import LIBRARY
from alerts.model import Alert, alerts_of
from dashboards.library import dashboards
from dashboards.model import Dashboard

BOARDS = dashboards(LIBRARY)


def read(*expressions: Expr) -> set[tuple[str, str]]:
    return {source.series for expr in expressions for source in expr.reads}


def by_rules() -> set[tuple[str, str]]:
    return {source.series for group in LIBRARY for source in group.reads} | read(*measures(alerts_of(LIBRARY)))


def measures(alerts: tuple[Alert, ...]) -> list[Expr]:
    return [alert.when.measure for alert in alerts]


def by_board(page: Dashboard) -> set[tuple[str, str]]:
    shown = read(*(query.expr for panel in page.panels for query in panel.queries))
    chosen = {variable.series.source.series for variable in page.variables}
    return shown | chosen | read(*(mark.expr for mark in page.annotations))


READ = by_rules().union(*(by_board(page) for page in BOARDS))
