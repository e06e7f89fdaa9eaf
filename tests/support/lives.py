"""The lives of events under our policies: for every class, every way of keeping, every rollover and every filling."""

from dataclasses import replace
from itertools import product
from typing import Any

from catalogue import CATALOGUE
from catalogue.model.logs import Keep, LogClass
from catalogue.model.time import days
from components.render.logs.keeping import Keeping
from components.render.logs.lifecycle import lifecycle
from tests.support.ilm import POLL, Life, live

BASIC = Keeping(license="basic", frozen=False, snapshots="s", archive="a", smallest_tier=2)
KEEPINGS = {
    "basic": BASIC,
    "no archive": replace(BASIC, archive=None),
    "no bucket": replace(BASIC, archive=None, snapshots=None),
    "enterprise": Keeping(license="enterprise", frozen=True, snapshots="s", archive="a", smallest_tier=2),
}
ROLLOVERS = (1, 2, 3, 5, 7, 10, 14, 21, 30)
# A shard fills within hours at an election, and never in a quiet year.
FILLS = (0.25, 0.5, 1, 2, 6, 13, 29, 1e9)


def with_rollover(log_class: LogClass, rollover: int) -> LogClass | None:
    """The class with another rollover, where it can have that."""
    warm = days(max(rollover, log_class.warm_at.seconds // 86_400))
    cold = log_class.cold_at and days(max(warm.seconds // 86_400 + 1, log_class.cold_at.seconds // 86_400))
    try:
        return replace(log_class, rollover=days(rollover), warm_at=warm, cold_at=cold)
    except ValueError:
        return None


def lives(log_class: LogClass, keeping: Keeping) -> list[Life]:
    """Of the first and the last event of an index, for every rollover, filling and moment of looking."""
    found = list[Life]()
    for rollover, fills, polls_at in product(ROLLOVERS, FILLS, (0.0, 0.1, POLL - 0.01)):
        changed = with_rollover(log_class, rollover)
        if changed is None:
            continue
        policy: Any = lifecycle(changed, keeping)
        for written in (0.0, min(rollover, fills)):
            found.append(live(policy, fills_after=fills, written=written, polls_at=polls_at))
    return found


def proof() -> str:
    """What came of all of them, as a table: when the first and the last event went, and what was promised."""
    lines = ["| Class | Kept | How | Events | First gone | Last gone | Never |", "|---|---|---|---:|---:|---:|---|"]
    for log_class, (name, keeping) in product(CATALOGUE.log_classes, KEEPINGS.items()):
        found = lives(log_class, keeping)
        held = lives(replace(log_class, hold=True), keeping)
        assert not [each for each in held if each.deleted is not None]
        gone = [each.deleted for each in found if each.deleted is not None]
        limit = (log_class.searchable if keeping.archived(log_class) else None) or log_class.retention
        never = "before" if log_class.meaning is Keep.AT_LEAST else "after"
        row = (
            log_class.name,
            f"{log_class.meaning} {log_class.retention}",
            name,
            f"{len(found):,}",
            f"{min(gone):g}d",
            f"{max(gone):g}d",
            f"{never} {limit}" + (", archived until then" if keeping.archived(log_class) else ""),
        )
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)
