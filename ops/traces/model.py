"""A trace: spans of several services, each within the one that asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of work. Times in nanoseconds since 1970."""

    trace: str
    number: str
    parent: str
    """Empty where nobody asked for it."""

    service: str
    operation: str
    start: int
    end: int
    failed: bool
    attributes: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.end - self.start) / 1e9


@dataclass(frozen=True, kw_only=True)
class Trace:
    """All spans that have one number, the earliest first."""

    number: str
    spans: Sequence[Span]

    @cached_property
    def children(self) -> Mapping[str, Sequence[Span]]:
        """Spans within each span, by its number."""
        found = dict[str, list[Span]]()
        for each in self.spans:
            if each is not self.root:
                found.setdefault(each.parent, []).append(each)
        return found

    @cached_property
    def root(self) -> Span:
        """The request itself; where that is missing, the longest of what has no parent here."""
        numbers = {each.number for each in self.spans}
        tops = [each for each in self.spans if each.parent not in numbers or each.parent == each.number]
        # Spans that ask for each other have no top: then the longest is as good as any.
        return max(tops or self.spans, key=lambda each: (not each.parent, each.end - each.start))

    @cached_property
    def whole(self) -> bool:
        """Whether the request is there and every span lies within it."""
        numbers = {each.number for each in self.spans}
        return not self.root.parent and all(each.parent in numbers for each in self.spans if each is not self.root)

    @property
    def start(self) -> int:
        """Of the first span."""
        return min(each.start for each in self.spans)

    @property
    def end(self) -> int:
        """Of the last span."""
        return max(each.end for each in self.spans)

    @property
    def seconds(self) -> float:
        """From the first to the last."""
        return (self.end - self.start) / 1e9

    @property
    def failed(self) -> Sequence[Span]:
        """Spans that say that they failed."""
        return [each for each in self.spans if each.failed]


def traces(spans: Sequence[Span]) -> Sequence[Trace]:
    """Spans put together, the slowest trace first. A span that came twice is there once."""
    by_trace = dict[str, dict[str, Span]]()
    for each in sorted(spans, key=lambda each: (each.start, -each.end)):
        by_trace.setdefault(each.trace, {}).setdefault(each.number, each)
    made = [Trace(number=number, spans=[*found.values()]) for number, found in by_trace.items()]
    return sorted(made, key=lambda each: (-each.seconds, each.number))
