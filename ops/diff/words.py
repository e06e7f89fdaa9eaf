"""Changes in words: the same on a terminal and in a pull request."""

from collections.abc import Iterator
from itertools import takewhile

from ops.diff.model import Change, Comparison, Difference, Kind, Section, Value

RESOURCES = "Resources"
SIGNS = {Kind.ADDED: "+", Kind.REMOVED: "−", Kind.REPLACED: "±", Kind.CHANGED: "~"}
_LONG = 100
_AROUND = 30
_FIRST = {"Alerts": ("receiver", "severity", "threshold", "duration", "summary")}
_NOTHING = "nothing"
_TOLD = {Kind.ADDED: 8, Kind.REMOVED: 2}
_MEMBERS = 10


def headline(comparison: Comparison) -> str:
    """One line: how much changes of each subject, or that nothing does. Resources are told where nothing else is."""
    if not comparison.differs:
        return "nothing changes"
    told = [section for section in comparison.sections if section.title != RESOURCES] or comparison.sections
    return "; ".join(f"{section.title.lower()}: {counts(section)}" for section in told) or "texts alone change"


def counts(section: Section) -> str:
    """How many are added, removed and so on."""
    return ", ".join(f"{len(section.of(kind))} {kind}" for kind in Kind if section.of(kind))


def sentence(section: Section, change: Change) -> str:
    """The change on one line, as far as it is short: the name, and what is said of it."""
    kind = "" if change.kind is Kind.CHANGED else f" {change.kind}"
    return f"{change.name}{kind}{_brief(section, change)}"


def _brief(section: Section, change: Change) -> str:
    wanted = _FIRST.get(section.title)
    told = [each for each in change.differences if wanted is None or each.label in wanted]
    if change.kind in (Kind.ADDED, Kind.REMOVED):
        texts = [shown(each.new if change.kind is Kind.ADDED else each.old) for each in told]
        return f": {'; '.join(texts)}" if wanted or len(texts) == 1 else ""
    texts = [difference(each) for each in (told or change.differences)[:3]]
    more = len(change.differences) - len(texts)
    rest = [f"{more} more"] if more else []
    return f": {'; '.join([*texts, *rest])}" if texts else ""


def lines(change: Change) -> Iterator[str]:
    """Every difference of the change on a line of its own; of what came or went, what is said of it first."""
    most = _TOLD.get(change.kind, len(change.differences))
    for each in change.differences[:most]:
        match change.kind:
            case Kind.ADDED:
                yield f"{each.label} {shown(each.new)}"
            case Kind.REMOVED:
                yield f"{each.label} {shown(each.old)}"
            case _:
                yield difference(each)


def difference(each: Difference) -> str:
    """`threshold above 10 % → above 5 %`, or what came and what went."""
    if isinstance(each.old, tuple) or isinstance(each.new, tuple):
        return f"{each.label}{_members(_several(each.old), _several(each.new))}"
    if each.old is None:
        return f"{each.label} {shown(each.new)} is new"
    if each.new is None:
        return f"{each.label} {shown(each.old)} is gone"
    old, new = _around(each.old, each.new)
    return f"{each.label} {old} → {new}"


def _several(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _members(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    came = [f"+ {shown(each)}" for each in new if each not in old]
    went = [f"− {shown(each)}" for each in old if each not in new]
    told = [*came, *went]
    more = [f"{len(told) - _MEMBERS} more"] if len(told) > _MEMBERS else []
    return f": {', '.join([*told[:_MEMBERS], *more])}" if told else f": in another order, {shown(new)}"


def shown(value: Value | None) -> str:
    """The value on one line, cut where it is long."""
    text = ", ".join(value) if isinstance(value, tuple) else value or _NOTHING
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONG else f"{flat[: _LONG - 1]}…"


def _around(old: str, new: str) -> tuple[str, str]:
    """Both texts, or where they are long, what is around the first and the last place at which they differ."""
    old, new = (" ".join(text.split()) or _NOTHING for text in (old, new))
    if max(len(old), len(new)) <= _LONG:
        return old, new
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    start = max(0, head - _AROUND)
    return _cut(old, start, len(old) - tail), _cut(new, start, len(new) - tail)


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(one, other, strict=False)))


def _cut(text: str, start: int, end: int) -> str:
    end = min(len(text), end + _AROUND)
    middle = text[start:end] if end - start <= 2 * _LONG else f"{text[start : start + 2 * _LONG]}…"
    return f"{'…' if start else ''}{middle}{'…' if end < len(text) else ''}"
