"""An outage, the traffic that it meets, and the counters that Prometheus would see."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from catalogue.model.time import Duration, days, hours

STEP = 30
"""Seconds between two samples, and between two evaluations."""

Series = NDArray[np.float64]

_DAY = 24
# Longer than the longest window that is compared here.
BEFORE, AFTER = days(5), days(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Requests a minute in each hour of a day, and at which hour what goes wrong begins."""

    name: str
    says: str
    a_minute: tuple[int, ...]
    begins: int

    def __post_init__(self) -> None:
        if len(self.a_minute) != _DAY or min(self.a_minute) < 0 or not 0 <= self.begins < _DAY:
            raise ValueError(f"shape {self.name!r}: a day has 24 hours, and no hour fewer than no requests")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A share of requests that fails for a while. Raises ValueError for what is none."""

    share: Decimal
    lasts: Duration
    shape: Shape

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"a share of requests is above 0% and at most 100%, and {self.share:%} is not")
        if not Duration(STEP) <= self.lasts <= days(30):
            raise ValueError(f"an outage lasts from {STEP}s to 30d, and not {self.lasts}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Requests so far, answered and failed, one value for each step."""

    answered: Series
    failed: Series
    begins: int
    """Step of the last sample before the outage."""

    ends: int
    """Step of its last failing sample."""


def counters(outage: Outage, before: Duration = BEFORE, after: Duration = AFTER) -> Counters:
    """What is counted from whole days before the outage until some time after it."""
    # It begins at the hour of its shape, with at least `before` seen till then.
    begins = (before.seconds + hours(outage.shape.begins).seconds) // STEP
    ends = begins + outage.lasts.seconds // STEP
    steps = np.arange(ends + after.seconds // STEP + 1)
    hour = (steps * STEP // hours(1).seconds) % _DAY
    rate = np.asarray(outage.shape.a_minute, dtype=np.float64)[hour] * STEP / 60
    rate[0] = 0
    during = (steps > begins) & (steps <= ends)
    total = np.floor(np.cumsum(rate) + 1e-6)
    failed = np.floor(np.cumsum(np.where(during, rate * float(outage.share), 0.0)) + 1e-6)
    return Counters(answered=total - failed, failed=failed, begins=int(begins), ends=int(ends))


def rate(counter: Series, window: Duration) -> Series:
    """The rate of a counter that never resets, at each sample, as Prometheus has it; NaN before there are two.

    With its extrapolation to the window's edge: half a step where a sample is missing there, and never below zero.
    """
    steps = np.arange(len(counter))
    first = np.maximum(steps - window.seconds // STEP + 1, 0)
    increase = counter - counter[first]
    sampled = (steps - first) * float(STEP)
    to_start = first * float(STEP) - (steps * float(STEP) - window.seconds)
    to_start = np.where(to_start >= 1.1 * STEP, STEP / 2, to_start)
    with np.errstate(divide="ignore", invalid="ignore"):
        to_zero = np.where(increase > 0, sampled * counter[first] / increase, np.inf)
        found: Series = increase * (sampled + np.minimum(to_start, to_zero)) / sampled / window.seconds
    return found


def sum_over(recorded: Series, window: Duration) -> Series:
    """What was recorded within the window, added up at each sample: as sum_over_time has it, of what is there."""
    sums = np.concatenate(([0.0], np.cumsum(np.nan_to_num(recorded))))
    last = np.arange(len(recorded)) + 1
    found: Series = sums[last] - sums[np.maximum(last - window.seconds // STEP, 0)]
    return found


def count_over(recorded: Series, window: Duration) -> Series:
    """How many samples there are in the window."""
    return sum_over(np.where(np.isnan(recorded), 0.0, 1.0), window)
