"""A MODEL of index lifecycle management, in quarter days: how Elasticsearch reads a policy, told by its documentation.

It polls; a rollover takes place at a poll; an index's age counts from there; phases are entered in order once they are
due; and an index that is in its last phase goes when it has waited for what it waits for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

POLL = 0.25
"""Days. Elasticsearch looks every ten minutes: this is the pessimist's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What happened to one event, in days since it was written."""

    phases: Mapping[str, float]
    """When its index entered each."""

    deleted: float | None
    """None: not within the time that was looked at."""


def live(policy: Mapping[str, Any], *, fills_after: float, written: float, polls_at: float, years: float = 9) -> Life:
    """The life of an event.

    `fills_after`: days from an index's first line until its shard has the size to roll over; `written`: how many days
    after the index began the event came; `polls_at`: where in the interval Elasticsearch looks.
    """
    phases = policy["policy"]["phases"]
    rollover = phases["hot"]["actions"]["rollover"]
    due = min(_days(rollover["max_age"]), fills_after)
    rolled = _poll(due, polls_at)
    assert written <= rolled, "it came to the next index"
    entered, now = {"hot": 0.0}, rolled
    deleted: float | None = None
    for name in ("warm", "cold", "frozen", "delete"):
        if name not in phases:
            continue
        now = _poll(max(rolled + _days(phases[name]["min_age"]), now), polls_at)
        entered[name] = now - written
        if name == "delete":
            # A weekly snapshot that has begun after this phase has.
            waits = 7.0 if "wait_for_snapshot" in phases[name]["actions"] else 0.0
            deleted = _poll(now + waits, polls_at) - written
    if deleted is not None and deleted > years * 366:
        deleted = None
    return Life(phases=entered, deleted=deleted)


def _days(text: str) -> float:
    return float(text.removesuffix("ms")) / 86_400_000 if text.endswith("ms") else float(text.removesuffix("d"))


def _poll(due: float, polls_at: float) -> float:
    """The first look at or after it."""
    looks = polls_at
    if due > looks:
        looks += -(-(due - polls_at) // POLL) * POLL
    return looks
