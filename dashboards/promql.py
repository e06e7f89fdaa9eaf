"""PromQL that only dashboards say: windows that Grafana chooses, the largest few, trends, and what fires."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from alerts.expression import Binds, Expr, Op
from alerts.promql import Match, Selector, alerts
from catalogue.model.metric import Unit
from catalogue.model.time import Duration, days

_STRING = r'"(?:[^"\\]|\\.)*"'
_SERIES = re.compile(rf"{_STRING}|(?<![\w:])(?P<name>[a-zA-Z_:][\w:]*)(?:\{{(?P<inner>(?:[^\"}}]|{_STRING})*)\}})?")
_PART = re.compile("_(?:bucket|count|sum)$")


@dataclass(frozen=True, slots=True)
class Chosen(Duration):
    """A window that Grafana chooses when it asks. Its seconds are what it chooses at the least."""

    variable: str

    def __str__(self) -> str:
        return self.variable


RATE_INTERVAL = Chosen(60, "$__rate_interval")
"""Long enough for a rate at every zoom: four scrapes at the least."""

RANGE = Chosen(days(1).seconds, "$__range")
"""The whole time that the panel shows."""


def _of(function: str, expr: Expr) -> Expr:
    return replace(expr, text=f"{function}({expr.text})", binds=Binds.ATOM)


def top(count: int, expr: Expr) -> Expr:
    """The largest few series."""
    return replace(expr, text=f"topk({count}, {expr.text})", binds=Binds.ATOM)


def falling(expr: Expr) -> Expr:
    """Sorted, the largest first."""
    return _of("sort_desc", expr)


def rounded(expr: Expr) -> Expr:
    """To whole numbers."""
    return _of("round", expr)


def mirrored(expr: Expr) -> Expr:
    """Below the axis."""
    return replace(expr, text=f"-1 * {expr.within(Binds.PRODUCT)}", binds=Binds.PRODUCT)


def slope(gauge: Selector, window: Duration) -> Expr:
    """Change per second over the window, by a straight line."""
    return replace(gauge.now, text=f"deriv({gauge.text}[{window}])")


def days_until_empty(gauge: Selector, window: Duration) -> Expr:
    """Days until a falling gauge is zero, if the window's straight line goes on; absent where it does not fall."""
    loss = mirrored(slope(gauge, window).compare(Op.BELOW, 0))
    text = f"{gauge.text} / ({loss.text}) / {days(1).seconds}"
    return replace(gauge.now, text=text, unit=Unit.COUNT, binds=Binds.PRODUCT)


def per_core(load: Selector, idle: Selector) -> Expr:
    """A load divided by the number of cores of its machine. `idle` is one series for each core."""
    cores = f"count without (cpu, mode) ({idle.text})"
    return replace(load.now, text=f"{load.text} / {cores}", reads=load.now.reads | {idle.source}, binds=Binds.PRODUCT)


def classes(expr: Expr, label: str, *, into: str) -> Expr:
    """With a label `into` that has the first letter of another: `5xx` of a status."""
    text = f'label_replace({expr.text}, "{into}", "${{1}}xx", "{label}", "(.).*")'
    return replace(expr, text=text, labels=expr.labels | {into}, binds=Binds.ATOM)


def firing(**matchers: str | Match) -> Selector:
    """Alerts that fire."""
    return alerts(alertstate="firing", **matchers)


def every_minute(expr: Expr, window: Duration) -> Expr:
    """The values at every minute of the window added up: how many minutes it was there, where it is a count."""
    return replace(expr, text=f"sum_over_time({expr.within(Binds.ATOM)}[{window}:1m])", binds=Binds.ATOM)


def narrowed(expr: Expr, labels: Iterable[str]) -> str:
    """The expression's text, in which each selector asks for the value of the dashboard's variables too.

    A variable has the name of its label. The expression is one of ours, so what it reads is known by name.
    """
    extra = ",".join(f'{label}=~"${label}"' for label in labels)
    if not extra:
        return expr.text
    read = {source.metric for source in expr.reads}

    def asked(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None or read.isdisjoint((name, _PART.sub("", name))):
            return match[0]
        inner = ",".join(part for part in (match["inner"], extra) if part)
        return f"{name}{{{inner}}}"

    return _SERIES.sub(asked, expr.text)


def matched(series: Selector, labels: Iterable[str]) -> str:
    """The selector's text, asking for the value of the dashboard's variables too."""
    return narrowed(replace(series.absent, text=series.text), labels)
