"""PromQL expressions that know which labels their result carries, what they read, and in which unit they are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum, StrEnum

from catalogue.model.metric import Unit
from catalogue.model.time import Duration


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
    part: str = ""
    """`_bucket` or `_count`, where it reads that part of a histogram."""

    window: Duration | None = None
    """How far back it looks. None: at the newest sample."""

    @property
    def series(self) -> tuple[str, str]:
        """Job and metric alone: the same for every part and window."""
        return self.job, self.metric


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

    def _join(self, op: str, other: "Expr", binds: Binds, unit: Unit, on: Iterable[str] | None = None) -> "Expr":
        # Same precedence to the right needs brackets: a - (b - c).
        right = other.within(Binds(min(binds + 1, Binds.ATOM)))
        matching = self._matching(other, on)
        return Expr(
            text=f"{self.within(binds)} {op} {matching}{right}",
            labels=self.labels if on is None else frozenset(on),
            reads=self.reads | other.reads,
            unit=unit,
            binds=binds,
        )

    def _matching(self, other: "Expr", on: Iterable[str] | None) -> str:
        if on is None:
            # Series match by all their labels: where only one side has a label, none ever would.
            if alone := sorted(self.labels ^ other.labels):
                raise ValueError(f"{self.text} and {other.text} never match: only one of them has {', '.join(alone)}")
            return ""
        labels = tuple(on)
        if lost := sorted(set(labels) - (self.labels & other.labels)):
            raise ValueError(f"matching on {', '.join(lost)}: {self.text} and {other.text} do not both have it")
        return f"on ({', '.join(labels)}) "

    def __sub__(self, other: "Expr") -> "Expr":
        unit = Unit.SECONDS if self.unit is other.unit is Unit.TIMESTAMP else self.unit
        return self._join("-", other, Binds.SUM, unit)

    def __add__(self, other: "Expr") -> "Expr":
        return self._join("+", other, Binds.SUM, self.unit)

    def or_zero_like(self, other: "Expr") -> "Expr":
        """The value, or 0 for each series of `other` where there is none."""
        text = f"{self.within(Binds.OR)} or 0 * {other.within(Binds.PRODUCT)}"
        return replace(self, text=text, reads=self.reads | other.reads, binds=Binds.OR)

    def of(self, whole: "Expr", *, on: Iterable[str] | None = None) -> "Expr":
        """The share that it is of `whole`; absent, not NaN, where `whole` is zero.

        With `on` only these labels need to agree, and the result carries no others.
        """
        return self._join("/", whole.compare(Op.ABOVE, 0), Binds.PRODUCT, Unit.RATIO, on)

    def per(self, each: "Expr") -> "Expr":
        """How much of it there is for each one of `each`, which may be more than 1; absent where `each` is zero."""
        return self._join("/", each.compare(Op.ABOVE, 0), Binds.PRODUCT, self.unit)

    def joined(self, other: "Expr", *, on: Iterable[str], labels: Iterable[str] = ()) -> "Expr":
        """Multiplied by the one series of `other` that agrees in `on`, whose `labels` it gets."""
        gained = tuple(labels)
        if lost := sorted(set(gained) - other.labels):
            raise ValueError(f"{other.text} has no label {', '.join(lost)}")
        left, right = self.within(Binds.PRODUCT), other.within(Binds.ATOM)
        return Expr(
            text=f"{left} * {self._matching(other, on)}group_left ({', '.join(gained)}) {right}",
            labels=self.labels | set(gained),
            reads=self.reads | other.reads,
            unit=self.unit,
            binds=Binds.PRODUCT,
        )

    def over(self, divisor: Decimal) -> "Expr":
        """Divided by a constant."""
        text = f"{self.within(Binds.PRODUCT)} / {number(divisor)}"
        return replace(self, text=text, binds=Binds.PRODUCT)

    def of_limit(self, limit: int) -> "Expr":
        """The share that it is of a constant limit."""
        return replace(self.over(Decimal(limit)), unit=Unit.RATIO)

    def times(self, factor: Decimal | int) -> "Expr":
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

    def both(self, other: "Expr", *, on: Iterable[str] | None = None) -> "Expr":
        """Only the series that `other` has too, by all their labels or by these; on a line of its own."""
        return self._filter("and", other, on)

    def unless(self, other: "Expr", *, on: Iterable[str] | None = None) -> "Expr":
        """Only the series that `other` has not, by all their labels or by these; on a line of its own."""
        return self._filter("unless", other, on)

    def _filter(self, op: str, other: "Expr", on: Iterable[str] | None) -> "Expr":
        right = other.within(Binds.AND if op == "and" and on is None else Binds.COMPARISON)
        text = f"{self.within(Binds.AND)}\n{op} {self._matching(other, on)}{right}"
        return replace(self, text=text, reads=self.reads | other.reads, binds=Binds.AND)

    def either(self, other: "Expr") -> "Expr":
        """Its series, and those of `other` that it has not; on a line of its own."""
        text = f"{self.within(Binds.OR)}\nor {other.within(Binds.AND)}"
        labels = self.labels & other.labels
        return replace(self, text=text, labels=labels, reads=self.reads | other.reads, binds=Binds.OR)
