"""One panel in Grafana's JSON."""

import re

from grafana_foundation_sdk.builders import common, heatmap, logs, prometheus, stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import common as options
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.heatmap import HeatmapColorMode
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from dashboards.layout import Place
from dashboards.model import Panel, Shape
from dashboards.promql import narrowed
from dashboards.query import Query
from dashboards.render.explore import line_links, links
from dashboards.render.search import LOGS, target

DATA = options.DataSourceRef(type_val="prometheus", uid="${datasource}")
"""The data source that people choose at the top of a board."""

Builder = stat.Panel | timeseries.Panel | table.Panel | heatmap.Panel | statetimeline.Panel | logs.Panel


def panel(what: Panel, place: Place, runbooks: str) -> Builder:
    """The panel at its place. `runbooks` is where the alerts' pages live."""
    built = _shaped(what)
    built.id(what.id).title(what.title).description(what.description)
    built.datasource(LOGS if what.searches else DATA)
    built.grid_pos(model.GridPos(h=place.height, w=place.width, x=place.x, y=place.y))
    built.unit(what.shown.value).thresholds(_thresholds(what))
    built.links([build.DashboardLink(title).url(url) for title, url in links(what, runbooks).items()])
    if what.shape is Shape.TIMESERIES and (own := line_links(what)):
        built.data_links([build.DashboardLink(title).url(url) for title, url in own.items()])
    for number, query in enumerate(what.queries):
        built.with_target(_target(what, query, _ref(number)))
    for number, search in enumerate(what.searches):
        built.with_target(target(what, search, _ref(number)))
    if what.since:
        built.time_from(what.since)
    return built


def _ref(number: int) -> str:
    return chr(ord("A") + number)


def _target(what: Panel, query: Query, ref: str) -> prometheus.Dataquery:
    text = narrowed(query.expr, [variable.name for variable in what.by])
    asked = prometheus.Dataquery().ref_id(ref).expr(text).datasource(DATA)
    if query.legend:
        asked.legend_format(re.sub(r"\{(\w+)\}", r"{{\1}}", query.legend))
    if what.shape is Shape.HEATMAP:
        return asked.format(PromQueryFormat.HEATMAP).range()
    if what.shape is Shape.TABLE:
        return asked.format(PromQueryFormat.TABLE).instant()
    if what.shape is Shape.STAT:
        return asked.instant()
    if query.closest:
        asked.interval(str(query.closest))
    # A point on a latency line leads to one of the traces behind it, where its series are the scraped ones.
    scraped = any(source.part == "_bucket" for source in query.expr.reads)
    return asked.range().exemplar("histogram_quantile(" in text and scraped)


def _thresholds(what: Panel) -> build.ThresholdsConfig:
    steps = [
        model.Threshold(color=step.colour.value, value=None if step.value is None else float(step.value))
        for step in what.steps
    ]
    return build.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(steps)


def _shaped(what: Panel) -> Builder:
    match what.shape:
        case Shape.STAT:
            return _stat(what)
        case Shape.TIMESERIES:
            return _timeseries(what)
        case Shape.TABLE:
            return _table()
        case Shape.HEATMAP:
            return _heatmap()
        case Shape.STATES:
            return _states()
        case Shape.LINES:
            return logs.Panel().show_time(show_time=True).wrap_log_message(wrap_log_message=True)


def _coloured(what: Panel) -> model.FieldColorModeId:
    marked = len(what.steps) > 1
    return model.FieldColorModeId.THRESHOLDS if marked else model.FieldColorModeId.PALETTE_CLASSIC


def _stat(what: Panel) -> stat.Panel:
    # A query is about a moment. A search comes in slices of the selected time, and is about all of it.
    whole = next(("max" if search.largest else "sum" for search in what.searches), "lastNotNull")
    return (
        stat.Panel()
        .reduce_options(common.ReduceDataOptions().calcs([whole]))
        .color_mode(options.BigValueColorMode.VALUE)
        .graph_mode(options.BigValueGraphMode.NONE)
        .color_scheme(build.FieldColor().mode(_coloured(what)))
    )


def _timeseries(what: Panel) -> timeseries.Panel:
    built = (
        timeseries.Panel()
        .legend(
            common.VizLegendOptions()
            .display_mode(options.LegendDisplayMode.TABLE)
            .placement(options.LegendPlacement.BOTTOM)
            .show_legend(show_legend=True)
            .calcs(["mean", "max", "lastNotNull"])
        )
        .tooltip(common.VizTooltipOptions().mode(options.TooltipDisplayMode.MULTI).sort(options.SortOrder.DESCENDING))
        .color_scheme(build.FieldColor().mode(model.FieldColorModeId.PALETTE_CLASSIC))
        .line_width(1)
        .fill_opacity(20 if what.stacked else 0)
        .thresholds_style(
            common.GraphThresholdsStyleConfig().mode(
                options.GraphThresholdsStyleMode.DASHED if len(what.steps) > 1 else options.GraphThresholdsStyleMode.OFF
            )
        )
    )
    if what.stacked:
        built.stacking(common.StackingConfig().mode(options.StackingMode.NORMAL))
    return built


def _table() -> table.Panel:
    # The time of an instant query says nothing.
    hidden = model.DynamicConfigValue(id_val="custom.hidden", value=True)
    coloured = model.DynamicConfigValue(id_val="custom.cellOptions", value={"type": "color-text"})
    return table.Panel().override_by_name("Time", [hidden]).override_by_name("Value", [coloured])


def _heatmap() -> heatmap.Panel:
    colours = heatmap.HeatmapColorOptions().mode(HeatmapColorMode.SCHEME).scheme("Blues")
    return heatmap.Panel().calculate(calculate=False).color(colours).hide_legend()


def _states() -> statetimeline.Panel:
    return (
        statetimeline.Panel()
        .merge_values(merge_values=True)
        .show_value(options.VisibilityMode.NEVER)
        .color_scheme(build.FieldColor().mode(model.FieldColorModeId.THRESHOLDS))
    )
