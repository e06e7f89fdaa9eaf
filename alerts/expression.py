"""PromQL expressions that know which labels their result carries, what they read, and in which unit they are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum, StrEnum

from catalogue.model.metric import Unit


class Binds(IntEnum):
    """How tightly PromQL's operators bind, loosest first."""

    OR = 0
    AND = 1
    COMPARISON = 2
    SUM = 3
    PRODUCT = 4
    ATOM = 5


class Op(StrEnum):
    """Comparisons, as filters."""

    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    EQUALS = "=="


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """What an expression reads: a metric and the job that exposes it. A recorded series has no job."""

    job: str
    metric: str


def number(value: Decimal | float) -> str:
    """The number exactly and shortly: `0.072`, `2`, never `0.07200000000000001` or `2E+1`."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Expr:
    """An instant vector or scalar in PromQL."""

    text: str
    labels: frozenset[str]
    """Names of the labels that its result can carry."""

    reads: frozenset[Source]
    unit: Unit
    binds: Binds = Binds.ATOM

    def __str__(self) -> str:
        return self.text

    def within(self, level: Binds) -> str:
        """The text as an operand of an operator of that level, in brackets where it binds more loosely."""
        return self.text if self.binds >= level else f"({self.text})"

    def _join(self, op: str, other: "Expr", binds: Binds, unit: Unit) -> "Expr":
        # Same precedence to the right needs brackets: a - (b - c).
        right = other.within(Binds(min(binds + 1, Binds.ATOM)))
        return Expr(
            text=f"{self.within(binds)} {op} {right}",
            labels=self.labels,
            reads=self.reads | other.reads,
            unit=unit,
            binds=binds,
        )

    def __sub__(self, other: "Expr") -> "Expr":
        return self._join("-", other, Binds.SUM, self.unit)

    def or_zero_like(self, other: "Expr") -> "Expr":
        """The value, or 0 for each series of `other` where there is none."""
        text = f"{self.within(Binds.OR)} or 0 * {other.within(Binds.PRODUCT)}"
        return replace(self, text=text, reads=self.reads | other.reads, binds=Binds.OR)

    def of(self, whole: "Expr") -> "Expr":
        """The share that it is of `whole`; absent, not NaN, where `whole` is zero."""
        return self._join("/", whole.compare(Op.ABOVE, 0), Binds.PRODUCT, Unit.RATIO)

    def over(self, divisor: Decimal) -> "Expr":
        """Divided by a constant."""
        text = f"{self.within(Binds.PRODUCT)} / {number(divisor)}"
        return replace(self, text=text, binds=Binds.PRODUCT)

    def times(self, factor: int) -> "Expr":
        """Multiplied by a constant."""
        text = f"{self.within(Binds.PRODUCT)} * {number(factor)}"
        return replace(self, text=text, binds=Binds.PRODUCT)

    def compare(self, op: Op, value: Decimal | float) -> "Expr":
        """Only the series whose value compares so."""
        text = f"{self.within(Binds.SUM)} {op} {number(value)}"
        return replace(self, text=text, binds=Binds.COMPARISON)

    def above(self, value: Decimal | float) -> "Expr":
        """Only the series above `value`."""
        return self.compare(Op.ABOVE, value)

    def at_least(self, value: Decimal | float) -> "Expr":
        """Only the series at or above `value`."""
        return self.compare(Op.AT_LEAST, value)

    def or_else(self, other: "Expr", known: "Expr", labels: Iterable[str]) -> "Expr":
        """Its series, and those of `other` for which `known` has none with the same `labels`."""
        on = ", ".join(labels)
        text = f"{self.within(Binds.AND)}\nor ({other.within(Binds.COMPARISON)} unless on ({on}) {known.text})"
        return replace(self, text=text, reads=self.reads | other.reads | known.reads, binds=Binds.OR)

    def both(self, other: "Expr") -> "Expr":
        """Only the series that `other` has too, by all their labels; on a line of its own."""
        text = f"{self.within(Binds.AND)}\nand {other.within(Binds.AND)}"
        return replace(self, text=text, reads=self.reads | other.reads, binds=Binds.AND)
