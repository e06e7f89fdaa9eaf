# pyright: reportUnknownMemberType=false
# matplotlib leaves the types of its keywords open.
"""Drawings of a report, the same to the byte wherever they are drawn. matplotlib is imported as the first one is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

from ops.report.model import Plot
from ops.report.trends import Trend
from ops.sources.prometheus import Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import RcKeyType

_HOUR = timedelta(hours=1)
_STYLE: "dict[RcKeyType, Any]" = {
    # Ids are made from this in place of chance, and letters stay letters.
    "svg.hashsalt": "openpolicy",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 8,
    "path.simplify_threshold": 1.0,
}
_COLOURS = ("#2b6cb0", "#dd6b20", "#805ad5", "#2f855a", "#c53030", "#4a5568")
_LIMIT = "#c53030"
_AHEAD = 90


def _drawn(name: str, says: str, draw: "Callable[[Axes], object]", *, height: float = 1.9) -> Plot:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(7.2, height), layout="constrained")
        axes = figure.subplots()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        if axes.get_legend_handles_labels()[1]:
            axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
        file = StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    # What an editor would take away at the ends of lines.
    text = "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"
    return Plot(name=name, says=says, svg=text)


def _times(axes: "Axes") -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(maxticks=8)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    axes.margins(x=0)


def _lines(axes: "Axes", courses: Mapping[str, Sequence[tuple[datetime, float]]]) -> None:
    for (label, points), colour in zip(courses.items(), _COLOURS * len(courses), strict=False):
        # Both are lists of what matplotlib takes; its stubs know of dates only what numpy does.
        days: Any = [at for at, _ in points]
        # What was recorded for an hour is one point, and no line.
        marker = "." if len(points) == 1 else ""
        axes.plot(days, [value for _, value in points], color=colour, linewidth=1, marker=marker, label=label)
    _times(axes)
    times = {at for points in courses.values() for at, _ in points}
    if len(times) == 1:
        (only,) = times
        around: Any = (only - _HOUR, only + _HOUR)
        axes.set_xlim(around)


def errors(courses: Sequence[Series]) -> Plot:
    """Shares of failed requests."""

    def draw(axes: "Axes") -> None:
        _lines(axes, {each.labels.get("service", "?"): each.points for each in courses})
        axes.set_ylabel("error rate")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.2%}")
        axes.set_ylim(bottom=0)

    return _drawn("errors", "Share of failed requests through the time, by service.", draw)


def latency(courses: Mapping[str, Sequence[Series]], limits: Sequence[float]) -> Plot:
    """Percentiles, and the limits that were promised."""

    def draw(axes: "Axes") -> None:
        several = {each.labels.get("service", "?") for of in courses.values() for each in of}
        lines = {
            f"{name} {each.labels.get('service', '?')}" if len(several) > 1 else name: each.points
            for name, of in courses.items()
            for each in of
        }
        _lines(axes, lines)
        for limit in limits:
            axes.axhline(limit, color=_LIMIT, linewidth=0.8, linestyle="--")
        axes.set_ylabel("seconds")
        axes.set_ylim(bottom=0)

    return _drawn("latency", "Percentiles of response times through the time; dashed: the limit.", draw)


def budget(left: Mapping[str, Sequence[Series]]) -> Plot:
    """What is left of each budget."""

    def draw(axes: "Axes") -> None:
        _lines(axes, {name: points for name, of in left.items() for points in [each.points for each in of]})
        axes.axhline(0, color=_LIMIT, linewidth=0.8, linestyle="--")
        axes.set_ylabel("budget left")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")

    return _drawn("budget", "What is left of each error budget through the time; below 0 the promise is broken.", draw)


def noise(counts: Mapping[str, tuple[int, int, int]]) -> Plot:
    """Pages by day and night, and tickets, of the noisiest alerts."""
    from matplotlib.ticker import MaxNLocator

    shown = dict(list(counts.items())[:12])

    def draw(axes: "Axes") -> None:
        names, left = list(shown)[::-1], [0] * len(shown)
        for number, (label, colour) in enumerate(
            (("pages by day", _COLOURS[1]), ("pages at night", _LIMIT), ("tickets", _COLOURS[5]))
        ):
            values = [shown[name][number] for name in names]
            axes.barh(names, values, left=left, color=colour, height=0.6, label=label)
            left = [one + other for one, other in zip(left, values, strict=True)]
        axes.set_xlabel("incidents")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))

    return _drawn(
        "noise", "Incidents by alert: pages by day, pages at night, tickets.", draw, height=0.8 + 0.25 * len(shown)
    )


def capacity(found: Sequence[tuple[str, Sequence[tuple[float, float]], Trend]]) -> Plot:
    """Daily means, and where they lead within three months."""

    def draw(axes: "Axes") -> None:
        for (name, means, line), colour in zip(found, _COLOURS, strict=False):
            axes.plot(
                [at for at, _ in means], [value for _, value in means], ".", color=colour, markersize=3, label=name
            )
            ends = [0, _AHEAD]
            axes.plot(ends, [line.last + line.slope * at for at in ends], color=colour, linewidth=1)
            low, high = ([line.last + slope * at for at in ends] for slope in (line.low, line.high))
            axes.fill_between(ends, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.axhline(1, color=_LIMIT, linewidth=0.8, linestyle="--")
        axes.set_ylim(0, 1.05)
        axes.set_ylabel("taken")
        axes.set_xlabel("days from the end of the report")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")

    says = "Daily means of what is most urgent, and where the line and its 95% interval lead; dashed: full."
    return _drawn("capacity", says, draw, height=2.4)


def cost(parts: Mapping[str, float]) -> Plot:
    """Dollars of each part."""

    def draw(axes: "Axes") -> None:
        names = list(parts)[::-1]
        axes.barh(names, [parts[name] for name in names], color=_COLOURS[0], height=0.6)
        axes.set_xlabel("dollars a month")

    return _drawn("cost", "Dollars a month by part of the stack.", draw, height=0.7 + 0.2 * len(parts))
