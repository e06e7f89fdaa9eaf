"""Classes of logs: how long each must or may be kept, how a line comes to one, and what it takes to hold it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from catalogue.model.names import check_slug
from catalogue.model.ownership import Service
from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration, days

# Elasticsearch looks for what is due every ten minutes, and a step follows a step: a day is ample.
_SLACK = days(1)
_LARGEST_SHARD = Bytes.parse("50Gi")
DEAD_LETTERS = "dlq"
"""Stream of lines that Elasticsearch would not take."""


class Keep(StrEnum):
    """What a retention means. Confusing the two breaks a law either way."""

    AT_LEAST = "minimum"
    """Evidence: nothing may be gone before the time is over."""

    AT_MOST = "maximum"
    """Privacy: everything must be gone when the time is over."""


class Sign(StrEnum):
    """By what a line is known to belong to a class, beside its own word for it (`labels.log_class`)."""

    WORD = "word"
    """By its own word alone, and only from a sender that the class names."""

    REQUEST = "request"
    """It tells of an answered HTTP request."""

    FAILURE = "failure"
    """Its level says so, or it is a traceback."""

    REST = "rest"
    """By nothing: what no other class takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What the law, or a rule as good as one, demands: no class under it is kept for less, whatever anybody sets."""

    at_least: Duration
    basis: str
    """Where it says so, in words that an auditor accepts."""

    def __post_init__(self) -> None:
        if not self.basis or self.at_least < days(1):
            raise ValueError(f"a floor of {self.at_least}: say of at least a day, and on which basis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Lines of which only a share is kept, for they say little and are many."""

    field: str
    """In ECS, such as log.level."""

    values: tuple[str, ...]
    kept: Decimal
    """Share that is kept; 0 drops all."""

    reason: str

    def __post_init__(self) -> None:
        if not 0 <= self.kept < 1:
            raise ValueError(f"sample of {self.field}: a share below 1 is kept, not {self.kept}")
        if not self.values or not self.reason:
            raise ValueError(f"sample of {self.field}: say of which values, and why they may go")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogClass:
    """Log lines that are kept for the same time and for the same reason."""

    name: str
    retention: Duration
    meaning: Keep
    basis: str
    """Why this long, in words that an auditor accepts."""

    floor: Floor | None = None
    """What a minimum rests on. Evidence has one; what must be gone by a day has none."""

    gigabytes_a_day: Decimal
    """Raw volume expected in production. An assumption until measured."""

    sign: Sign
    senders: tuple[Service, ...] = ()
    """Whose word is taken for it. Empty: anybody's."""

    rollover: Duration
    """A new index is begun at the latest after this long."""

    rollover_size: Bytes = _LARGEST_SHARD
    """Or when its shard has this size."""

    warm_at: Duration
    """Age of the oldest line of an index at which it is moved to cheaper nodes."""

    cold_at: Duration | None = None
    searchable: Duration | None = None
    """How long it stays in Elasticsearch where a stack has an archive for the rest. None: all the time."""

    replicas: int = 1
    evidence: bool = False
    """Whether it says who did what: whole addresses are kept, and only declared fields are indexed, so that no line can
    change how the next one is read."""

    samples: tuple[Sample, ...] = ()
    hold: bool = False
    """A legal hold: nothing of it is deleted, whatever its retention."""

    def __post_init__(self) -> None:
        check_slug("log class", self.name)
        if wrong := [*self._wrong_facts(), *self._wrong_floor(), *self._wrong_ages(), *self._wrong_evidence()]:
            raise ValueError(f"log class {self.name}: {'; '.join(wrong)}")

    def _wrong_facts(self) -> Iterator[str]:
        if "-" in self.name:
            yield "a dash would split the data stream's name"
        if self.name == DEAD_LETTERS:
            yield "that is the stream of lines that were refused"
        if self.retention < days(1):
            yield f"kept for {self.retention}, less than a day"
        if not self.basis:
            yield "say on which basis it is kept"
        if self.gigabytes_a_day <= 0:
            yield "a volume is more than 0 GB a day"

    def _wrong_floor(self) -> Iterator[str]:
        if self.floor is None:
            if self.meaning is Keep.AT_LEAST:
                yield "a minimum rests on a floor: say what demands it"
        elif self.meaning is Keep.AT_MOST:
            yield "what must be kept has no maximum"
        elif self.retention < self.floor.at_least:
            yield f"kept for {self.retention}, less than the {self.floor.at_least} demanded: {self.floor.basis}"

    def _wrong_ages(self) -> Iterator[str]:
        if not days(1) <= self.rollover <= days(30):
            yield f"an index is for 1d to 30d, not {self.rollover}"
        if self.rollover_size.count > _LARGEST_SHARD.count:
            yield f"a shard above {_LARGEST_SHARD} takes too long to recover"
        # An index is moved whole, and not while it is written to.
        if self.warm_at < self.rollover:
            yield f"warm_at {self.warm_at} is before the rollover, {self.rollover}"
        if self.cold_at is not None and self.cold_at <= self.warm_at:
            yield f"cold_at {self.cold_at} is not after warm_at, {self.warm_at}"
        last = self.cold_at or self.warm_at
        if self.searchable is not None and not last < self.searchable < self.retention:
            yield f"searchable for {self.searchable} is not between {last} and all, {self.retention}"
        if self.deleted_after(archived=True).seconds <= (last.seconds - self.rollover.seconds):
            yield f"it would be deleted before it is moved at {last}"

    def _wrong_evidence(self) -> Iterator[str]:
        if self.replicas < 0 or (self.evidence and self.replicas == 0):
            yield "evidence on one node is lost with it"
        if self.meaning is Keep.AT_LEAST and self.samples:
            yield "what must be kept is not sampled"
        if self.meaning is Keep.AT_MOST and self.searchable is not None:
            yield "an archive holds what must be kept, and this must go"
        if (self.sign is Sign.WORD) != bool(self.senders):
            yield "a class by word needs senders, and no other has them"

    def deleted_after(self, *, archived: bool) -> Duration:
        """Age since rollover at which an index goes. `archived`: whether the stack has an archive.

        Elasticsearch counts from the rollover, not from the event. The newest line of an index is then as old as
        this, and its oldest older by up to the rollover: a minimum is counted for the one, a maximum for the other.
        """
        kept = self.searchable if archived and self.searchable else self.retention
        if self.meaning is Keep.AT_LEAST:
            return kept
        return Duration(max(0, kept.seconds - self.rollover.seconds - _SLACK.seconds))

    @property
    def warm_after(self) -> Duration:
        """The same age, counted from the rollover as Elasticsearch does."""
        return Duration(self.warm_at.seconds - self.rollover.seconds)

    @property
    def cold_after(self) -> Duration | None:
        """The same for the cold nodes."""
        return None if self.cold_at is None else Duration(self.cold_at.seconds - self.rollover.seconds)


def check_classes(classes: tuple[LogClass, ...]) -> None:
    """Raises ValueError unless every line belongs to exactly one class, and the archive is of one."""
    wrong = [
        f"exactly one takes lines by {sign}, not {', '.join(taking) or 'none'}"
        for sign in (Sign.REQUEST, Sign.FAILURE, Sign.REST)
        if len(taking := [each.name for each in classes if each.sign is sign]) != 1
    ]
    names = [each.name for each in classes]
    wrong += [f"named twice: {name}" for name in dict.fromkeys(names) if names.count(name) > 1]
    if len(archived := [each.name for each in classes if each.searchable is not None]) != 1:
        wrong.append(f"exactly one is archived and says how long it is searchable, not {', '.join(archived) or 'none'}")
    if wrong:
        raise ValueError(f"log classes: {'; '.join(wrong)}")
