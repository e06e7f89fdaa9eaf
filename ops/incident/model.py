"""An incident, as it can be read afterwards: moments of four sources, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from ops.sources.times import Window
from ops.traces.model import Trace


class Source(StrEnum):
    """Who says it."""

    ALERT = "alert"
    METRIC = "metric"
    LOG = "log"
    TRACE = "trace"


class Weight(IntEnum):
    """How much it matters to who reads."""

    CALM = 0
    NOTABLE = 1
    GRAVE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened."""

    at: datetime
    source: Source
    weight: Weight
    service: str
    what: str
    trace: str = ""
    """Number of a trace that shows it."""

    begins: str = ""
    """Which alert begins with it. Empty: none does."""

    exact: bool = True
    """Whether it was at just that time, rather than shortly before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a number did: each as people read it."""

    what: str
    of: str
    before: str
    worst: str
    at: datetime
    """Of the worst."""

    last: str
    beyond: bool
    """Whether it went past what is promised or can be borne."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where to read on."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one source knows."""

    moments: Sequence[Moment] = ()
    readings: Sequence[Reading] = ()
    links: Sequence[Link] = ()
    trace: Trace | None = None
    """One to look at more closely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """All of it."""

    window: Window
    trace_id: str | None
    parts: Sequence[Part]
    unread: Sequence[str] = field(default=())
    """A sentence for each source that could not be read."""

    @property
    def moments(self) -> Sequence[Moment]:
        """All, in order. What was not within the window is not told."""
        within = [
            each for part in self.parts for each in part.moments if self.window.start <= each.at <= self.window.end
        ]
        told = [each for each in within if not self._told_better(each, within)]
        return sorted(told, key=lambda each: (each.at, each.source, each.what))

    def _told_better(self, moment: Moment, among: Sequence[Moment]) -> bool:
        """Whether another source tells of the same alert's beginning, exactly."""
        return not moment.exact and any(
            each.exact and each.begins == moment.begins and abs(each.at - moment.at) <= 3 * self.window.step
            for each in among
            if each.begins
        )

    @property
    def readings(self) -> Sequence[Reading]:
        """Those that went too far first."""
        return sorted((each for part in self.parts for each in part.readings), key=lambda each: not each.beyond)

    @property
    def links(self) -> Sequence[Link]:
        """Each once."""
        return [*dict.fromkeys(each for part in self.parts for each in part.links)]

    @property
    def trace(self) -> Trace | None:
        """The one to look at more closely."""
        return next((part.trace for part in self.parts if part.trace), None)

    @property
    def first_sign(self) -> Moment | None:
        """The earliest that is not calm."""
        return next((each for each in self.moments if each.weight > Weight.CALM), None)
