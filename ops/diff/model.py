"""The nouns: what a commit's documents say of things, and how two commits differ in that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Value = str | tuple[str, ...]
"""A text, or several of which people ask which came and which went."""

Facts = Mapping[str, Value]
"""What is said of a thing, by what it is about: `threshold`, `receiver`, `kept for`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A thing that people know by its name."""

    name: str
    also: str = ""
    """What tells it from others of that name, where there are any."""

    facts: Facts


Picture = Mapping[str, Sequence[Item]]
"""The things of one commit, by the subject that they belong to."""


class Kind(StrEnum):
    """What happens to a thing."""

    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One fact of a thing that is another now. None: it is not said."""

    label: str
    old: Value | None
    new: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happens to one thing."""

    name: str
    kind: Kind
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Everything that changes of one subject."""

    title: str
    changes: tuple[Change, ...]

    def of(self, kind: Kind) -> tuple[Change, ...]:
        """Those that are added, removed, replaced or changed."""
        return tuple(change for change in self.changes if change.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a stack's people get when the base becomes the present state."""

    stack: str
    base: str
    """The commit that is compared with, for people."""

    warnings: tuple[str, ...]
    """Where data is at stake."""

    sections: tuple[Section, ...]
    documents: tuple[str, ...]
    """Paths of the documents that say something else now, whatever the sections tell of it."""

    @property
    def differs(self) -> bool:
        """Whether anything changes."""
        return bool(self.documents)
