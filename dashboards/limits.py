"""Where a panel changes colour: at the thresholds of its alerts, or at numbers that no alert has."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from alerts.condition import Condition
from alerts.expression import Op
from alerts.model import Alert, Severity


class Colour(StrEnum):
    """What people see at a glance."""

    GOOD = "green"
    NOTICE = "blue"
    WARN = "yellow"
    BAD = "red"


_OF_SEVERITY = {
    Severity.CRITICAL: Colour.BAD,
    Severity.WARNING: Colour.WARN,
    Severity.INFO: Colour.NOTICE,
    Severity.NONE: Colour.GOOD,
}
_RISING = (Op.ABOVE, Op.AT_LEAST)


@dataclass(frozen=True, slots=True)
class Step:
    """From this value on. None: from the very bottom."""

    colour: Colour
    value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Numbers at which it gets worse, where no alert says so."""

    warn: Decimal | None = None
    bad: Decimal | None = None
    falling: bool = False
    """Whether low is bad."""

    because: str
    """Why these numbers."""

    def __post_init__(self) -> None:
        if not self.because:
            raise ValueError(f"limits {self.warn} and {self.bad}: a number without a reason")
        if self.warn is None and self.bad is None:
            raise ValueError("limits without a number: leave them out")
        if self.warn is not None and self.bad is not None and (self.warn < self.bad) == self.falling:
            raise ValueError(f"limits {self.warn} and {self.bad}: it is bad before it is worth a warning")

    @property
    def marks(self) -> Sequence["Mark"]:
        """Each number as a mark."""
        numbers = ((self.warn, Colour.WARN), (self.bad, Colour.BAD))
        return [Mark(value, colour, falling=self.falling) for value, colour in numbers if value is not None]


@dataclass(frozen=True, slots=True)
class Mark:
    """A number beyond which the colour holds; below it where low is bad."""

    value: Decimal
    colour: Colour
    falling: bool


def rising(*, warn: str | Decimal | None = None, bad: str | Decimal | None = None, because: str) -> Limits:
    """High is bad."""
    return Limits(warn=_exact(warn), bad=_exact(bad), because=because)


def sinking(*, warn: str | Decimal | None = None, bad: str | Decimal | None = None, because: str) -> Limits:
    """Low is bad."""
    return Limits(warn=_exact(warn), bad=_exact(bad), falling=True, because=because)


def _exact(number: str | Decimal | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def steps(alerts: Sequence[Alert], limits: Limits | None) -> tuple[Step, ...]:
    """The colours from the bottom up. Raises ValueError when low and high are both bad."""
    marks = [mark for alert in alerts for mark in _marks(alert.when, _OF_SEVERITY[alert.severity])]
    marks += limits.marks if limits else []
    if not marks:
        # A condition without a number: whatever is shown is what is wrong.
        return (Step(_OF_SEVERITY[alerts[0].severity] if alerts else Colour.GOOD),)
    if len({mark.falling for mark in marks}) > 1:
        raise ValueError("one of its alerts finds low bad, and another high: show them on two panels")
    worst = {mark.value: mark.colour for mark in sorted(marks, key=lambda mark: list(Colour).index(mark.colour))}
    values = sorted(worst)
    if not marks[0].falling:
        return (Step(Colour.GOOD), *(Step(worst[value], value) for value in values))
    colours = [*(worst[value] for value in values), Colour.GOOD]
    return (Step(colours[0]), *(Step(colour, value) for colour, value in zip(colours[1:], values, strict=True)))


def low_is_bad(when: Condition) -> bool:
    """Whether the condition holds below its threshold."""
    return any(mark.falling for mark in _marks(when, Colour.BAD))


def _marks(when: Condition, colour: Colour) -> Sequence[Mark]:
    if when.op is None:
        return []
    if when.op is Op.EQUALS:
        # Counts: nothing left is what is wrong, and otherwise having it.
        return [Mark(Decimal(1), colour, falling=True) if when.threshold == 0 else Mark(when.threshold, colour, False)]  # noqa: FBT003
    return [Mark(when.threshold, colour, falling=when.op not in _RISING)]
