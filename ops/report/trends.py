"""When something is full: the line through the last weeks, and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from math import sqrt
from statistics import NormalDist, fmean, median

LEAST_DAYS = 7
"""Fewer say nothing about a trend: a week has its rhythm."""

_CONFIDENCE = 0.95
_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A straight line through daily means of a share, 0 to 1, by Theil and Sen: outliers do not bend it."""

    last: float
    """Where the line is at the end."""

    slope: float
    """Change within a day."""

    low: float
    high: float
    """Between these the slope is with 95% confidence."""

    days: int
    """Days that it is computed from."""

    @property
    def is_known(self) -> bool:
        """Whether it rises or falls beyond doubt."""
        return self.low > 0 or self.high < 0

    def full_in(self, slope: float) -> float | None:
        """Days until it is 1, at that slope; None where it never is, or not within a year."""
        if slope <= 0:
            return None
        left = max(0.0, (1 - self.last) / slope)
        return left if left <= _YEAR else None


def daily(points: Sequence[tuple[datetime, float]]) -> list[tuple[float, float]]:
    """Means of whole days back from the last point, oldest first: days before it, and the value."""
    if not points:
        return []
    end = points[-1][0]
    days = dict[int, list[float]]()
    for at, value in points:
        days.setdefault(int((end - at) / timedelta(days=1)), []).append(value)
    return [(-day - 0.5, fmean(days[day])) for day in sorted(days, reverse=True)]


def trend(means: Sequence[tuple[float, float]]) -> Trend | None:
    """The line, or None where there are too few days.

    The interval is Sen's: ranks of the slopes, by the normal approximation of Kendall's statistic (Sen 1968).
    """
    count = len(means)
    if count < LEAST_DAYS:
        return None
    slopes = sorted((second[1] - first[1]) / (second[0] - first[0]) for first, second in combinations(means, 2))
    slope = median(slopes)
    spread = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2) * sqrt(count * (count - 1) * (2 * count + 5) / 18)
    below = max(0, int((len(slopes) - spread) / 2))
    above = min(len(slopes) - 1, int((len(slopes) + spread) / 2) + 1)
    last = median(value - slope * at for at, value in means)
    return Trend(last=last, slope=slope, low=slopes[below], high=slopes[above], days=count)


def says(found: Trend | None, days: int, end: datetime) -> str:
    """When it is full, and between which days that lies; or why nobody can say."""
    if found is None:
        return f"too little data: {days} of {LEAST_DAYS} days"
    if found.last >= 1:
        return "full"
    if not found.is_known:
        return "no trend"
    if found.high < 0:
        return "it falls"
    middle, soonest, latest = (found.full_in(each) for each in (found.slope, found.high, found.low))
    if soonest is None:
        return "not within a year"
    between = f"{_day(end, soonest)} to {_day(end, latest)}"
    return f"{_day(end, middle)} ({between})" if middle is not None else f"not before {_day(end, soonest)}"


def _day(end: datetime, ahead: float | None) -> str:
    return "later than a year" if ahead is None else f"{end + timedelta(days=ahead):%Y-%m-%d}"
