"""Service level objectives: what share of requests must be good, over which period."""

from dataclasses import dataclass
from decimal import Decimal

from catalogue.model.metric import Kind, Metric
from catalogue.model.names import check_slug
from catalogue.model.ownership import Service
from catalogue.model.time import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """A request is bad when it is answered with a server error."""

    requests: Metric

    def __post_init__(self) -> None:
        if "status" not in self.requests.label_names:
            raise ValueError(f"{self.requests.name} has no status label, so no request of it can be called bad")


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """A request is bad when it takes longer than `within` seconds."""

    durations: Metric
    within: Decimal

    def __post_init__(self) -> None:
        if self.durations.kind is not Kind.HISTOGRAM:
            raise ValueError(f"{self.durations.name} is no histogram, so slow requests cannot be counted")
        if self.within not in self.durations.buckets:
            bounds = ", ".join(map(str, self.durations.buckets))
            raise ValueError(f"{self.durations.name} has no bucket at {self.within} s, only at {bounds}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slo:
    """An objective for one service over a rolling period."""

    name: str
    service: Service
    sli: Availability | Latency
    objective: Decimal
    """Share of good requests, 0–1, exclusive. Exact: 1 − 0.995 is 0.005 and nothing else."""

    period: Duration
    alert: str
    """Name of its burn-rate alert."""

    promise: str
    """The objective in a person's words."""

    def __post_init__(self) -> None:
        check_slug("SLO", self.name)
        if not 0 < self.objective < 1:
            raise ValueError(f"SLO {self.name}: the objective is a share between 0 and 1, not {self.objective}")

    @property
    def budget(self) -> Decimal:
        """Share of requests that may be bad."""
        return 1 - self.objective
