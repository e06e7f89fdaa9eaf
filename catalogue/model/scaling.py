"""How a workload grows and shrinks: by what, how fast, and how long it waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from catalogue.model.metric import Kind, Metric
from catalogue.model.names import check_metric, check_slug
from catalogue.model.ownership import Service
from catalogue.model.time import Duration, hours, minutes


class Measure(StrEnum):
    """What a step is counted in, in the words of the API."""

    PODS = "Pods"
    PERCENT = "Percent"


class Prefer(StrEnum):
    """Which of several steps is taken: the one that changes most, or least."""

    MOST = "Max"
    LEAST = "Min"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """At most so many pods, or so much of what there is, within the period."""

    measure: Measure
    value: int
    period: Duration

    def __post_init__(self) -> None:
        if self.value < 1:
            raise ValueError(f"a step of {self.value} {self.measure.lower()} leads nowhere")
        if not Duration(1) <= self.period <= minutes(30):
            raise ValueError(f"a step's period is between 1s and 30m, not {self.period}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast it goes in one direction."""

    steps: tuple[Step, ...]
    prefer: Prefer
    settle: Duration
    """How long the most cautious recommendation of the recent past holds."""

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError("a pace without steps never moves")
        if self.settle > hours(1):
            raise ValueError(f"a pace settles within an hour, not {self.settle}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A counter of work, as the rate of each pod."""

    counter: Metric
    name: str
    """What the rate is called among the cluster's custom metrics."""

    window: Duration
    without: Mapping[str, str]
    """Labels whose values do not count, as regular expressions."""

    def __post_init__(self) -> None:
        check_metric("load", self.name)
        if self.counter.kind is not Kind.COUNTER:
            raise ValueError(f"load {self.name}: {self.counter.name} is no counter, and has no rate")
        if unknown := self.without.keys() - self.counter.label_names:
            raise ValueError(f"load {self.name}: {self.counter.name} has no label {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoscaler:
    """Decides how many pods of a Deployment run. The Deployment has the service's name, and sets no replicas."""

    name: str
    service: Service
    load: Load
    up: Pace
    down: Pace

    def __post_init__(self) -> None:
        check_slug("autoscaler", self.name)
        if not self.service.application:
            raise ValueError(f"autoscaler {self.name}: {self.service.name} is not ours to scale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Between which numbers of pods, and how busy each may be."""

    least: int
    most: int
    cpu_percent: int
    memory_percent: int
    """Of what a pod requests."""

    load: int | None
    """Of each pod, a second. None: it is not scaled by that."""

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most:
            raise ValueError(f"{self.least} pods at least and {self.most} at most leave no choice")
