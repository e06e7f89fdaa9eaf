"""A whole board in Grafana's JSON, the same to the byte for the same facts.

It is the classic model, which every Grafana since 10 reads and 13 converts.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.builders import prometheus
from grafana_foundation_sdk.models import dashboard as model

from dashboards.layout import Placed, laid_out
from dashboards.model import Dashboard
from dashboards.promql import matched
from dashboards.query import Annotation, Variable
from dashboards.render.panel import DATA, panel

TAG = "openpolicy"
"""What all our boards carry, and by which they link to each other."""

_HIDDEN = ("placement", "inControlsMenu")


def board_json(page: Dashboard, runbooks: str) -> str:
    """The page as Grafana keeps it: canonical, and without what a server manages.

    `runbooks` is where the alerts' pages live, without a slash at the end.
    """
    board = (
        build.Dashboard(page.board.title)
        .uid(page.board.uid)
        .description(page.description)
        .tags([TAG])
        .timezone("browser")
        .readonly()
        .tooltip(model.DashboardCursorSync.CROSSHAIR)
        .time(f"now-{page.shows}", "now")
        .refresh("1m")
        .links([*_links(runbooks)])
        .annotations([_annotation(each) for each in page.annotations])
        .variables([*_data_sources(page), *(_variable(each) for each in page.variables)])
        .build()
    )
    # The builder would place them by itself, and differently for closed rows.
    board.panels = [each for placed in laid_out(page.rows) for each in _row(placed, runbooks)]
    return orjson.dumps(board, default=_told, option=orjson.OPT_SORT_KEYS).decode()


def _told(of: Any) -> dict[str, Any]:
    """A part of the board as the SDK writes it, but for its wish to hide links and annotations in a menu."""
    return {key: value for key, value in of.to_json().items() if (key, value) != _HIDDEN}


def _row(placed: Placed, runbooks: str) -> Iterator[model.Panel | model.RowPanel]:
    heading = model.GridPos(h=placed.heading.height, w=placed.heading.width, x=0, y=placed.heading.y)
    panels = [panel(what, place, runbooks).build() for what, place in placed.panels]
    closed = placed.row.collapsed
    yield model.RowPanel(
        title=placed.row.title,
        id_val=placed.row.id,
        grid_pos=heading,
        collapsed=closed,
        panels=panels if closed else [],
    )
    if not closed:
        yield from panels


def _links(runbooks: str) -> Sequence[build.DashboardLink]:
    boards = build.DashboardLink("Boards").type(model.DashboardLinkType.DASHBOARDS).tags([TAG])
    return [
        boards.as_dropdown(as_dropdown=True).keep_time(keep_time=True).include_vars(include_vars=True),
        build.DashboardLink("Runbooks").type(model.DashboardLinkType.LINK).url(runbooks),
    ]


def _annotation(what: Annotation) -> build.AnnotationQuery:
    return (
        build.AnnotationQuery()
        .name(what.title)
        .datasource(DATA)
        .enable(enable=True)
        .icon_color(what.colour.value)
        .expr(what.expr.text)
        .title_format(what.title)
        .text_format(what.legend.replace("{", "{{").replace("}", "}}"))
        .step("1m")
        .target(prometheus.Dataquery().ref_id(what.title).expr(what.expr.text).datasource(DATA).range())
    )


def _data_sources(page: Dashboard) -> Iterator[build.DatasourceVariable]:
    yield build.DatasourceVariable("datasource").label("Data source").type("prometheus")
    if page.reads_logs:
        yield build.DatasourceVariable("logs").label("Logs").type("elasticsearch")


def _variable(what: Variable) -> build.QueryVariable:
    series = matched(what.series, [other.name for other in what.within])
    return (
        build.QueryVariable(what.name)
        .label(what.title)
        .datasource(DATA)
        .query(f"label_values({series}, {what.name})")
        .definition(f"label_values({series}, {what.name})")
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_ASC)
        .multi(multi=True)
        .include_all(include_all=True)
        .all_value(what.everything)
        .current(model.VariableOption(text="All", value="$__all", selected=True))
    )
