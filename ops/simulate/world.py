"""Pods that come, warm up, work and go, and what the cluster's metrics say of them: always of a while ago."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from catalogue.model.scaling import Autoscaler, Targets
from catalogue.model.traffic import PodProfile, Traffic
from ops.simulate.controller import SYNC, TOLERANCE, Controller, Engine, Reading, Requested, busiest, wishes

# metrics-server measures a pod over this time, and cannot sooner.
_CPU_WINDOW = 15
# The controller mistrusts the processor of pods as young as this until it was measured after they were ready.
_INITIAL = 300
# Two scrapes make a rate.
_FIRST_RATE = 30
_HOUR = 3_600


@dataclass(slots=True)
class _Pod:
    born: int
    profile: PodProfile
    rates: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])
    """When, and requests a second then."""

    leaked: float = 0

    def age(self, now: int) -> int:
        return now - self.born

    def ready(self, now: int) -> bool:
        return self.age(now) >= self.profile.ready_after.seconds

    def work(self, now: int, rate: float, leak: int) -> None:
        self.rates.append((now, rate))
        self.leaked += leak * SYNC / _HOUR
        if self.profile.memory_idle.count + self.leaked > self.profile.memory_limit.count:
            # Killed, and started anew.
            self.born, self.leaked, self.rates = now - self.profile.scheduled_after.seconds, 0, []

    def read(self, now: int, window: int) -> Reading:
        age, profile = self.age(now), self.profile
        pending = age < profile.scheduled_after.seconds
        measured = age >= profile.scheduled_after.seconds + _CPU_WINDOW
        ready_for = age - profile.ready_after.seconds
        warm = self.ready(now) and (age > _INITIAL or ready_for >= _CPU_WINDOW)
        # It works once a step at most, so nothing before those is as young.
        recent = [rate for when, rate in self.rates[-(window // SYNC) - 1 :] if when >= now - window]
        counted = recent and ready_for >= _FIRST_RATE
        cpu = profile.cpu_idle + (self.rates[-1][1] if self.rates else 0) * profile.cpu_a_request
        return Reading(
            pending=pending,
            warm=warm,
            cpu=int(cpu) if measured else None,
            memory=int(profile.memory_idle.count + self.leaked) if measured else None,
            load=int(1_000 * sum(recent) / len(recent)) if counted else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What was at one time."""

    second: int
    rate: float
    pods: int
    ready: int
    needed: int
    """The fewest that answer this without being busier than their target."""

    enough: int
    """The fewest that the controller leaves as they are, for they are nearly as few."""

    refused: float
    """Requests a second that no pod could answer."""


def simulate(
    traffic: Traffic, profile: PodProfile, autoscaler: Autoscaler, targets: Targets, engine: Engine
) -> Sequence[Moment]:
    """Lets the traffic meet the pods."""
    controller = Controller(autoscaler=autoscaler, targets=targets)
    requested = Requested(cpu=profile.cpu_request, memory=profile.memory_request.count)
    leak = traffic.leak.count if traffic.leak else 0
    window = autoscaler.load.window.seconds
    first = needed(traffic.at(0), profile, targets)
    pods = [_Pod(-_HOUR, profile) for _ in range(first)]
    moments = list[Moment]()
    for now in range(0, traffic.lasts.seconds + 1, SYNC):
        # What is known of the time before; the first decision would know nothing.
        readings = [pod.read(now, window) for pod in pods] if moments else []
        rate = traffic.at(now)
        working = [pod for pod in pods if pod.ready(now)]
        share = min(rate / len(working), profile.capacity) if working else 0.0
        for pod in working:
            pod.work(now, share, leak)
        if readings:
            total = sum(reading.load or 0 for reading in readings)
            asked = wishes(len(pods), readings, total, targets=targets, requested=requested, engine=engine)
            count = controller.decide(now, len(pods), busiest(len(pods), asked))
            # The youngest go first.
            pods = pods[:count] + [_Pod(now, profile) for _ in range(count - len(pods))]
        moments.append(
            Moment(
                second=now,
                rate=rate,
                pods=len(pods),
                ready=len(working),
                needed=needed(rate, profile, targets),
                enough=needed(rate, profile, targets, tolerated=True),
                refused=max(0.0, rate - profile.capacity * len(working)),
            )
        )
    return moments


def needed(rate: float, profile: PodProfile, targets: Targets, *, tolerated: bool = False) -> int:
    """The fewest pods that keep to the targets at this rate, or nearly so where that is `tolerated`."""
    more = 1 + TOLERANCE if tolerated else 1
    # The controller cuts a share to whole percents.
    percent = int(targets.cpu_percent * more) + tolerated
    each = (profile.cpu_request * percent / 100 - profile.cpu_idle) / profile.cpu_a_request
    by_cpu = ceil(rate / each)
    by_load = ceil(rate / (targets.load * more)) if targets.load else 0
    return min(max(by_cpu, by_load, targets.least), targets.most)
