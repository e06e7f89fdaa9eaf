"""What a simulation comes to, in numbers that can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from catalogue import CATALOGUE
from catalogue.model.scaling import Targets
from catalogue.model.time import Duration
from catalogue.model.traffic import Traffic
from catalogue.traffic import API_POD, TRAFFIC
from ops.simulate.controller import SYNC, Engine
from ops.simulate.world import Moment, simulate

ENGINES: Sequence[Engine] = ("hpa", "keda")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One traffic under one engine."""

    traffic: Traffic
    engine: Engine
    moments: Sequence[Moment]

    @property
    def least(self) -> int:
        """Fewest pods at any time."""
        return min(moment.pods for moment in self.moments)

    @property
    def most(self) -> int:
        """Most pods at any time."""
        return max(moment.pods for moment in self.moments)

    @property
    def overshoot(self) -> int:
        """How many more there were at most than were ever needed."""
        return max(0, self.most - max(moment.needed for moment in self.moments))

    @property
    def to_capacity(self) -> Duration:
        """The longest time in which fewer were ready than are enough."""
        short = [moment.ready < moment.enough for moment in self.moments]
        return Duration(SYNC * max((len(list(each)) for is_short, each in groupby(short) if is_short), default=0))

    @property
    def refused(self) -> float:
        """Share of the requests that no pod could answer."""
        return sum(moment.refused for moment in self.moments) / sum(moment.rate for moment in self.moments)

    @property
    def pod_hours(self) -> float:
        """What it cost."""
        return sum(moment.pods for moment in self.moments) * SYNC / 3_600


def runs(targets: Targets) -> Sequence[Run]:
    """Every traffic of the catalogue under each engine, with these targets."""
    (autoscaler,) = CATALOGUE.autoscalers
    return [
        Run(traffic=traffic, engine=engine, moments=simulate(traffic, API_POD, autoscaler, targets, engine))
        for traffic in TRAFFIC
        for engine in ENGINES
    ]


HEADINGS = ("Traffic", "Engine", "Pods", "At the end", "Overshoot", "Time to capacity", "Refused", "Pod hours")


def rows(made: Sequence[Run]) -> Sequence[tuple[str, ...]]:
    """One for each run, under HEADINGS."""
    return [
        (
            run.traffic.name,
            run.engine,
            f"{run.least}–{run.most}",
            str(run.moments[-1].pods),
            str(run.overshoot),
            str(run.to_capacity),
            f"{run.refused:.1%}",
            f"{run.pod_hours:.1f}",
        )
        for run in made
    ]
