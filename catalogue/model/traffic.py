"""What a workload is asked to do over time, and what one of its pods can do."""

from bisect import bisect_right
from dataclasses import dataclass

from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration, minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Requests a second over some time: points of it, and straight lines between them."""

    name: str
    says: str
    points: tuple[tuple[int, int], ...]
    """Minute, and requests a second then."""

    leak: Bytes | None = None
    """What each pod loses an hour."""

    def __post_init__(self) -> None:
        when = [minute for minute, _ in self.points]
        if len(when) < 2 or when[0] != 0 or when != sorted(set(when)):  # noqa: PLR2004 a line has two ends
            raise ValueError(f"traffic {self.name!r}: its minutes begin at 0, and rise")
        if min(rate for _, rate in self.points) < 0:
            raise ValueError(f"traffic {self.name!r}: nobody takes a request back")

    @property
    def lasts(self) -> Duration:
        """How long it goes on."""
        return minutes(self.points[-1][0])

    def at(self, second: int) -> float:
        """Requests a second at that second."""
        minute = second / 60
        index = min(bisect_right([each for each, _ in self.points], minute), len(self.points) - 1)
        (start, low), (end, high) = self.points[index - 1], self.points[index]
        return low + (high - low) * (minute - start) / (end - start)


@dataclass(frozen=True, slots=True, kw_only=True)
class PodProfile:
    """What a pod asks for, what a request costs it, and how long it takes to be there."""

    cpu_request: int
    """Thousandths of a processor."""

    cpu_most: int
    """The most that it can use."""

    cpu_idle: int
    cpu_a_request: int
    """Thousandths of a processor's second."""

    memory_request: Bytes
    memory_limit: Bytes
    memory_idle: Bytes
    scheduled_after: Duration
    ready_after: Duration
    """Since it was asked for."""

    @property
    def capacity(self) -> float:
        """Requests a second that it answers at most."""
        return (self.cpu_most - self.cpu_idle) / self.cpu_a_request
