"""Which alerts of a policy fire when, as Prometheus would evaluate them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from alerts.model import Severity
from catalogue.model.time import Duration, minutes
from ops.simulate.slo.outage import STEP, Counters, Series, count_over, rate, sum_over
from ops.simulate.slo.policies import Policy, Threshold

_RATE = minutes(5)

Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alert that fired: steps at which it began and stopped firing."""

    alert: str
    """Its windows, such as `1h and 5m above 14.4x`."""

    severity: Severity
    since: int
    until: int


def alarms(policy: Policy | Threshold, seen: Counters, budget: Decimal) -> Sequence[Alarm]:
    """Every firing, first ones first. `budget` is the share of requests that may fail."""
    found = _of_threshold(policy, seen) if isinstance(policy, Threshold) else _of_windows(policy, seen, budget)
    return sorted(found, key=lambda alarm: (alarm.since, alarm.severity, alarm.alert))


def _of_threshold(policy: Threshold, seen: Counters) -> Iterator[Alarm]:
    active = rate(seen.failed, policy.window) > float(policy.above)
    for since, until in _firing(active, policy.lasting):
        yield Alarm(alert=f"above {policy.above}/s", severity=policy.severity, since=since, until=until)


def _of_windows(policy: Policy, seen: Counters, budget: Decimal) -> Iterator[Alarm]:
    measured = _Recorded(seen) if policy.smoothed else _Counted(seen)
    for window in policy.windows:
        threshold = float(window.factor * budget)
        active = (measured.ratio(window.long) > threshold) & (measured.ratio(window.short) > threshold)
        if policy.events:
            active &= measured.events(window.long) >= policy.events
        name = f"{window.long} and {window.short} above {window.factor}x"
        for since, until in _firing(active, window.lasting):
            yield Alarm(alert=name, severity=window.severity, since=since, until=until)


class _Counted:
    """Windows over the counters themselves."""

    def __init__(self, seen: Counters) -> None:
        self._answered, self._failed = seen.answered, seen.failed

    def ratio(self, window: Duration) -> Series:
        failed = rate(self._failed, window)
        return _share(failed, failed + rate(self._answered, window))

    def events(self, window: Duration) -> Series:
        return rate(self._failed, window) * window.seconds


class _Recorded:
    """Windows over recorded rates of five minutes, as our rules have them."""

    def __init__(self, seen: Counters) -> None:
        self._bad = rate(seen.failed, _RATE)
        self._all = self._bad + rate(seen.answered, _RATE)

    def ratio(self, window: Duration) -> Series:
        if window == _RATE:
            return _share(self._bad, self._all)
        return _share(sum_over(self._bad, window), sum_over(self._all, window))

    def events(self, window: Duration) -> Series:
        with np.errstate(invalid="ignore"):
            found: Series = sum_over(self._bad, window) / count_over(self._bad, window) * window.seconds
        return found


def _share(part: Series, whole: Series) -> Series:
    """Without requests there is no share, and what is compared with none is false."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Series = np.where(whole > 0, part / whole, np.nan)
    return found


def _firing(active: Truth, lasting: Duration) -> Iterator[tuple[int, int]]:
    """From when until when it fires: what is active for `lasting` without a break."""
    edges = np.diff(np.concatenate(([False], active, [False])).astype(np.int8))
    for first, last in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
        since = int(first) + -(-lasting.seconds // STEP)
        if since < int(last):
            yield since, int(last)
