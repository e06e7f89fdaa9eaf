"""PromQL that cannot name a metric or label that does not exist: aggregations and functions of values.

`alerts.selector` picks the series; what a rule makes of them is here. Each function knows which labels and which unit
its result has, and refuses what would have no result.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from alerts.expression import Binds, Expr, number
from alerts.selector import (
    ALERTS,
    EVERY_JOB,
    TARGET_LABELS,
    Match,
    Selector,
    alerts,
    buckets,
    everywhere,
    le,
    like,
    observations,
    recorded,
    select,
    unlike,
)
from catalogue.model.metric import Unit

__all__ = [
    "ALERTS",
    "EVERY_JOB",
    "PER_SERVICE",
    "TARGET_LABELS",
    "Match",
    "Selector",
    "absolute",
    "age",
    "alerts",
    "average_by",
    "buckets",
    "constant",
    "count_by",
    "everywhere",
    "le",
    "like",
    "max_by",
    "min_by",
    "missing",
    "not_negative",
    "observations",
    "quantile",
    "recorded",
    "renamed",
    "rest",
    "select",
    "sum_by",
    "unlike",
    "until",
]

PER_SERVICE = ("namespace", "service")
"""What series of a service are added up by."""


def _aggregate(function: str, expr: Expr, by: Iterable[str]) -> Expr:
    labels = tuple(by)
    if lost := sorted(set(labels) - expr.labels):
        raise ValueError(f"{function} by {', '.join(lost)}: {expr.text} has no such label")
    by_labels = f" by ({', '.join(labels)}) " if labels else ""
    text = f"{function}{by_labels}({expr.text})"
    return Expr(text=text, labels=frozenset(labels), reads=expr.reads, unit=expr.unit)


def sum_by(expr: Expr, *labels: str) -> Expr:
    """The sum over all labels but these."""
    return _aggregate("sum", expr, labels)


def max_by(expr: Expr, *labels: str) -> Expr:
    """The largest over all labels but these."""
    return _aggregate("max", expr, labels)


def min_by(expr: Expr, *labels: str) -> Expr:
    """The smallest over all labels but these."""
    return _aggregate("min", expr, labels)


def average_by(expr: Expr, *labels: str) -> Expr:
    """The mean over all labels but these."""
    return _aggregate("avg", expr, labels)


def count_by(expr: Expr, *labels: str) -> Expr:
    """How many series there are for each combination of these labels. Absent, not 0, where there is none."""
    return replace(_aggregate("count", expr, labels), unit=Unit.COUNT)


def quantile(share: Decimal, rates: Expr) -> Expr:
    """The value below which `share` of a histogram's observations lie. `rates` are those of its buckets."""
    if "le" not in rates.labels:
        raise ValueError(f"quantile of {rates.text}: it has lost the label le")
    text = f"histogram_quantile({number(share)}, {rates.text})"
    return Expr(text=text, labels=rates.labels - {"le"}, reads=rates.reads, unit=Unit.SECONDS)


def age(timestamps: Expr) -> Expr:
    """Seconds since the time that the value is."""
    if timestamps.unit is not Unit.TIMESTAMP:
        raise ValueError(f"age of {timestamps.text}: it is in {timestamps.unit}, no timestamp")
    text = f"time() - {timestamps.within(Binds.PRODUCT)}"
    return replace(timestamps, text=text, unit=Unit.SECONDS, binds=Binds.SUM)


def until(timestamps: Expr) -> Expr:
    """Seconds to the time that the value is; negative when it has passed."""
    if timestamps.unit is not Unit.TIMESTAMP:
        raise ValueError(f"time until {timestamps.text}: it is in {timestamps.unit}, no timestamp")
    text = f"{timestamps.within(Binds.SUM)} - time()"
    return replace(timestamps, text=text, unit=Unit.SECONDS, binds=Binds.SUM)


def missing(expr: Expr) -> Expr:
    """1, without labels, while the expression has no result. For a plain selector prefer its `absent`."""
    return Expr(text=f"absent({expr.text})", labels=frozenset(), reads=expr.reads, unit=Unit.COUNT)


def renamed(expr: Expr, label: str, to: str) -> Expr:
    """The same series with a label under another name too, to match those of another object."""
    if label not in expr.labels:
        raise ValueError(f"renaming {label}: {expr.text} has no such label")
    text = f'label_replace({expr.text}, "{to}", "$1", "{label}", "(.+)")'
    return replace(expr, text=text, labels=expr.labels | {to}, binds=Binds.ATOM)


def absolute(expr: Expr) -> Expr:
    """The value without its sign."""
    return replace(expr, text=f"abs({expr.text})", binds=Binds.ATOM)


def rest(share: Expr) -> Expr:
    """1 less a share."""
    return replace(share, text=f"1 - {share.within(Binds.PRODUCT)}", binds=Binds.SUM)


def not_negative(expr: Expr) -> Expr:
    """0 where the value is below."""
    return replace(expr, text=f"clamp_min({expr.text}, 0)", binds=Binds.ATOM)


def constant(value: Decimal | int) -> Expr:
    """A vector with one series without labels."""
    return Expr(text=f"vector({number(value)})", labels=frozenset(), reads=frozenset(), unit=Unit.COUNT)
