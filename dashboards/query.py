"""What a dashboard asks, and which choices of its reader the questions obey."""

import re
from dataclasses import dataclass

from alerts.expression import Expr
from alerts.promql import TARGET_LABELS, Selector
from alerts.texts import placeholders
from catalogue.model.names import check_metric
from catalogue.model.time import Duration
from dashboards.limits import Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A choice at the top of a board: values of the label of its name."""

    name: str
    title: str
    series: Selector
    """Where the values are found."""

    within: tuple["Variable", ...] = ()
    """Variables that narrow the choice."""

    everything: str = ".+"
    """The regular expression of no choice: any value, and not a series that lacks the label."""

    def __post_init__(self) -> None:
        check_metric("variable", self.name)
        for label in (self.name, *(other.name for other in self.within)):
            if label not in self.series.labels:
                raise ValueError(f"variable {self.name}: {self.series.text} has no label {label}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One expression, and how its series are called: `{service}` is the label's value."""

    expr: Expr
    legend: str = ""
    closest: Duration | None = None
    """At most one value in this long, where more would take too long to compute."""

    def __post_init__(self) -> None:
        named = _check_legend(self.legend, self.expr)
        # A raw series has its target's labels too, of which one tells enough; a sum has only those it was made by.
        needed = (
            set[str]() if self.expr.labels >= TARGET_LABELS else self.expr.labels - {"namespace"} - _pinned(self.expr)
        )
        if self.legend and (missing := sorted(needed - named)):
            raise ValueError(f"legend {self.legend!r}: series that differ in {', '.join(missing)} look the same")


def _check_legend(legend: str, expr: Expr) -> set[str]:
    """The labels in it, which the expression has."""
    named = {name for name, _ in placeholders(legend)}
    if unknown := sorted(named - expr.labels):
        raise ValueError(f"legend {legend!r}: {', '.join(unknown)} is no label of {expr.text}")
    return named


def _pinned(expr: Expr) -> set[str]:
    return set(re.findall(r'(\w+)="', expr.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Lines of logs, and what is made of them: how many there are, or the largest value of a field."""

    lucene: str
    """Which lines: `http.response.status_code:[500 TO 599]`, or `*` for all."""

    legend: str = ""
    """What they are called, where they are not told apart by a field."""

    by: str = ""
    """The field by whose values they are counted apart."""

    largest: str = ""
    """The field whose largest value is shown instead of the count."""

    most: int = 10
    """How many values of `by` are shown."""

    def __post_init__(self) -> None:
        if not self.lucene.strip():
            raise ValueError("a search asks for something: * is everything")
        if bool(self.legend) == bool(self.by):
            raise ValueError(f"search {self.lucene!r}: a legend, or a field to tell lines apart by")
        if self.most < 1:
            raise ValueError(f"search {self.lucene!r}: it shows {self.most} values")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Moments that are marked on every panel: where the expression has a value."""

    title: str
    legend: str
    """What a mark says, with `{label}` in it."""

    expr: Expr
    colour: Colour

    def __post_init__(self) -> None:
        _check_legend(self.legend, self.expr)
