"""Two pictures become what differs between them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ops.diff.model import Change, Difference, Facts, Item, Kind, Picture, Section

Pair = tuple[Item | None, Item | None]


def sections(old: Picture, new: Picture) -> Iterator[Section]:
    """One for each subject of which something changes, in the order of the subjects."""
    for title in new:
        if changes := compare(old.get(title, ()), new[title]):
            yield Section(title=title, changes=changes)


def compare(old: Sequence[Item], new: Sequence[Item]) -> tuple[Change, ...]:
    """What changes, by name."""
    several = {
        name for items in (old, new) for name, count in Counter(item.name for item in items).items() if count > 1
    }
    made = [_change(before, after, several) for before, after in pairs(old, new)]
    return tuple(sorted((change for change in made if change), key=lambda change: (change.name, change.kind)))


def pairs(old: Sequence[Item], new: Sequence[Item]) -> Iterator[Pair]:
    """What was and what is, of each thing. One that is told apart otherwise now is still itself, where it is alone."""
    before, after = ({(item.name, item.also): item for item in items} for items in (old, new))
    gone = [before[key] for key in before if key not in after]
    came = [after[key] for key in after if key not in before]
    alone = _once(gone) & _once(came)
    yield from ((before[key], after[key]) for key in before if key in after)
    for name in sorted(alone):
        yield next(item for item in gone if item.name == name), next(item for item in came if item.name == name)
    yield from ((item, None) for item in gone if item.name not in alone)
    yield from ((None, item) for item in came if item.name not in alone)


def _once(items: Sequence[Item]) -> set[str]:
    return {name for name, count in Counter(item.name for item in items).items() if count == 1}


def _change(old: Item | None, new: Item | None, several: set[str]) -> Change | None:
    item = new or old
    if item is None or (old and new and old.facts == new.facts):
        return None
    kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.CHANGED
    name = f"{item.name} ({item.also})" if item.also and item.name in several else item.name
    found = tuple(differences(old.facts if old else {}, new.facts if new else {}))
    return Change(name=name, kind=kind, differences=found)


def differences(old: Facts, new: Facts) -> Iterator[Difference]:
    """The facts that are others, in the order in which they are told."""
    for label in (*new, *(label for label in old if label not in new)):
        if old.get(label) != new.get(label):
            yield Difference(label=label, old=old.get(label), new=new.get(label))
