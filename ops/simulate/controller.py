"""The decision of Kubernetes' horizontal pod autoscaler, as its controller makes it every fifteen seconds.

It follows the controller's own code: whole percents, a tolerance, pods without metrics taken for idle when growing and
for busy when shrinking, the largest wish of all metrics, then the past's most cautious wish, then the steps allowed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Literal

from catalogue.model.scaling import Autoscaler, Measure, Pace, Prefer, Step, Targets

Engine = Literal["hpa", "keda"]

SYNC = 15
"""Seconds between two decisions."""

TOLERANCE = 0.1
"""How far from its target a metric may be before anything changes."""

_WHOLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the metrics say of one pod. None: they say nothing yet."""

    pending: bool
    warm: bool
    """Whether it is ready, and its processor was measured since."""

    cpu: int | None
    """Thousandths of a processor."""

    memory: int | None
    load: int | None
    """Thousandths of a request a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """What each pod asks for, in the units of a reading."""

    cpu: int
    memory: int


@dataclass(frozen=True, slots=True)
class _Measured:
    """The values of one metric that count, and how many pods have none."""

    values: Sequence[int]
    unready: int
    missing: int


def _within(ratio: float) -> bool:
    return 1 - TOLERANCE <= ratio <= 1 + TOLERANCE


def _wish(current: int, found: _Measured, level: Callable[[Sequence[int]], int], target: int, busy: int) -> int | None:
    """Pods that one metric asks for; None where it says nothing. `busy` is what a silent pod may be using."""
    if not found.values:
        return None
    ratio = level(found.values) / target
    growing = found.unready > 0 and ratio > 1
    if not growing and not found.missing:
        return current if _within(ratio) else ceil(ratio * len(found.values))
    silent = ([busy] * found.missing if ratio < 1 else []) + ([0] * found.missing if ratio > 1 else [])
    values = [*found.values, *silent, *([0] * found.unready if growing else [])]
    again = level(values) / target
    wanted = ceil(again * len(values))
    turned = ratio < 1 < again or again < 1 < ratio
    backwards = (again < 1 and wanted > current) or (again > 1 and wanted < current)
    return current if _within(again) or turned or backwards else wanted


def _share(current: int, found: _Measured, requested: int, percent: int) -> int | None:
    def level(values: Sequence[int]) -> int:
        return sum(values) * _WHOLE // (len(values) * requested)

    return _wish(current, found, level, percent, requested * max(_WHOLE, percent) // _WHOLE)


def _average(current: int, found: _Measured, target: int) -> int | None:
    return _wish(current, found, lambda values: sum(values) // len(values), target, target)


def _together(current: int, total: int, target: int) -> int:
    return current if _within(total / (target * current)) else ceil(total / target)


def wishes(
    current: int, pods: Sequence[Reading], total: int, *, targets: Targets, requested: Requested, engine: Engine
) -> Sequence[int | None]:
    """Pods that each metric asks for: processor, memory, and load where there is a target. None: it says nothing.

    `total` is the load of all pods together, in thousandths.
    """
    pending = sum(pod.pending for pod in pods)
    running = [pod for pod in pods if not pod.pending]
    warm = [pod.cpu for pod in running if pod.cpu is not None and pod.warm]
    unmeasured = sum(pod.cpu is None for pod in running)
    cold = len(running) - len(warm) - unmeasured
    memory = [pod.memory for pod in running if pod.memory is not None]
    load = [pod.load for pod in running if pod.load is not None]
    asked = [
        _share(current, _Measured(warm, pending + cold, unmeasured), requested.cpu, targets.cpu_percent),
        _share(
            current, _Measured(memory, pending, len(running) - len(memory)), requested.memory, targets.memory_percent
        ),
    ]
    if targets.load:
        # KEDA's is one number for all of them; the adapter's is each pod's own.
        target = targets.load * 1_000
        each = _Measured(load, pending, len(running) - len(load))
        asked.append(_together(current, total, target) if engine == "keda" else _average(current, each, target))
    return asked


def busiest(current: int, asked: Sequence[int | None]) -> int:
    """Pods that they ask for together."""
    said = [wish for wish in asked if wish is not None]
    # A metric that is silent may be the one that needs what there is.
    return max(said) if len(said) == len(asked) else max([current, *said])


@dataclass(slots=True, kw_only=True)
class Controller:
    """Remembers what it wished for and what it did, and keeps within the pace."""

    autoscaler: Autoscaler
    targets: Targets
    wishes: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    changes: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def decide(self, now: int, current: int, wanted: int) -> int:
        """How many pods there shall be. `now` is in seconds; `wanted` is what the metrics ask for."""
        steady = self._steadied(now, current, wanted)
        if steady > current:
            limit = max(self._limit(now, current, self.autoscaler.up, 1), current)
            chosen = min(steady, limit, self.targets.most)
        elif steady < current:
            limit = min(self._limit(now, current, self.autoscaler.down, -1), current)
            chosen = max(steady, limit, self.targets.least)
        else:
            chosen = steady
        if chosen != current:
            self.changes.append((now, chosen - current))
        return chosen

    def _steadied(self, now: int, current: int, wanted: int) -> int:
        up, down = self.autoscaler.up.settle.seconds, self.autoscaler.down.settle.seconds
        lowest = min([wanted, *(wish for when, wish in self.wishes if when > now - up)])
        highest = max([wanted, *(wish for when, wish in self.wishes if when > now - down)])
        self.wishes = [each for each in self.wishes if each[0] > now - max(up, down)] + [(now, wanted)]
        return min(max(current, lowest), highest)

    def _limit(self, now: int, current: int, pace: Pace, direction: int) -> int:
        reached = [self._reached(now, current, step, direction) for step in pace.steps]
        most = pace.prefer is Prefer.MOST
        return max(reached) if most == (direction > 0) else min(reached)

    def _reached(self, now: int, current: int, step: Step, direction: int) -> int:
        before = current - sum(change for when, change in self.changes if when > now - step.period.seconds)
        if step.measure is Measure.PODS:
            return before + direction * step.value
        moved = before * (1 + direction * step.value / _WHOLE)
        return ceil(moved) if direction > 0 else int(moved)
