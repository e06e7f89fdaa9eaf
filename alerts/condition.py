"""When an alert fires: a measure, a threshold with its reason, and what else must hold."""

from dataclasses import dataclass
from decimal import Decimal

from alerts.expression import Expr, Op


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`measure` compared with a threshold, and what else must hold."""

    measure: Expr
    op: Op | None = None
    """None: the measure itself is the condition, as with absent()."""

    threshold: Decimal = Decimal(0)
    because: str = ""
    """Why this number. A threshold without a reason is part of the meaning, and no setting changes it."""

    guard: Expr | None = None

    @property
    def tunable(self) -> bool:
        """Whether a stack may set another threshold."""
        return bool(self.because)

    @property
    def expr(self) -> Expr:
        """The condition in PromQL, each guard on a line of its own."""
        compared = self.measure if self.op is None else self.measure.compare(self.op, self.threshold)
        return compared if self.guard is None else compared.both(self.guard)


def _condition(measure: Expr, op: Op, threshold: str | int, because: str, guard: Expr | None) -> Condition:
    return Condition(measure=measure, op=op, threshold=Decimal(threshold), because=because, guard=guard)


def above(measure: Expr, threshold: str | int, *, because: str = "", guard: Expr | None = None) -> Condition:
    """The measure is above the threshold. With a reason, a stack may tune the number."""
    return _condition(measure, Op.ABOVE, threshold, because, guard)


def below(measure: Expr, threshold: str | int, *, because: str = "", guard: Expr | None = None) -> Condition:
    """The measure is below the threshold."""
    return _condition(measure, Op.BELOW, threshold, because, guard)


def at_most(measure: Expr, threshold: str | int, *, because: str = "", guard: Expr | None = None) -> Condition:
    """The measure is at or below the threshold."""
    return _condition(measure, Op.AT_MOST, threshold, because, guard)


def at_least(measure: Expr, threshold: str | int, *, because: str = "", guard: Expr | None = None) -> Condition:
    """The measure is at or above the threshold."""
    return _condition(measure, Op.AT_LEAST, threshold, because, guard)


def equals(measure: Expr, value: int, *, guard: Expr | None = None) -> Condition:
    """The measure has exactly this value."""
    return _condition(measure, Op.EQUALS, value, "", guard)


def holds(expr: Expr) -> Condition:
    """The expression has a result."""
    return Condition(measure=expr)
