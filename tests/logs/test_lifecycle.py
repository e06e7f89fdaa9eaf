"""When an event is deleted: never before a minimum, after a maximum or under a hold, for every combination."""

from dataclasses import replace
from typing import Any

import pytest

from catalogue import CATALOGUE
from catalogue.logs import AUDIT
from catalogue.model.logs import Keep, LogClass
from components.render.logs.keeping import Keeping
from components.render.logs.lifecycle import lifecycle
from tests.support.ilm import live
from tests.support.lives import BASIC, KEEPINGS, lives

CLASSES = {each.name: each for each in CATALOGUE.log_classes}
by_class = pytest.mark.parametrize("log_class", CLASSES.values(), ids=CLASSES)
by_keeping = pytest.mark.parametrize("keeping", KEEPINGS.values(), ids=KEEPINGS)


@by_keeping
@by_class
def test_it_is_deleted_when_it_should_be(log_class: LogClass, keeping: Keeping) -> None:
    limit = log_class.retention.seconds / 86_400
    found = lives(log_class, keeping)
    assert len(found) > 100
    for life in found:
        assert life.deleted is not None
        if log_class.meaning is Keep.AT_MOST:
            assert life.deleted <= limit
        elif keeping.archived(log_class):
            assert log_class.searchable is not None
            # The archive has read it a year before it goes.
            assert life.deleted >= log_class.searchable.seconds / 86_400
        else:
            assert life.deleted >= limit


@by_keeping
@by_class
def test_under_a_hold_it_is_never_deleted(log_class: LogClass, keeping: Keeping) -> None:
    held = replace(log_class, hold=True)
    assert all(life.deleted is None and "delete" not in life.phases for life in lives(held, keeping))


@by_keeping
@by_class
def test_its_phases_follow_each_other(log_class: LogClass, keeping: Keeping) -> None:
    policy: Any = lifecycle(log_class, keeping)
    life = live(policy, fills_after=1e9, written=0, polls_at=0)
    assert list(life.phases.values()) == sorted(life.phases.values())
    assert list(policy["policy"]["phases"]) == list(life.phases)


def test_the_table_of_what_was_asked_for() -> None:
    table = dict[str, tuple[float, float]]()
    for name, log_class in CLASSES.items():
        policy: Any = lifecycle(log_class, BASIC)
        rollover = log_class.rollover.seconds / 86_400
        oldest = live(policy, fills_after=1e9, written=0, polls_at=0).deleted
        newest = live(policy, fills_after=1e9, written=rollover, polls_at=0).deleted
        assert oldest is not None
        assert newest is not None
        table[name] = (newest, oldest)
    # Evidence waits for the weekly snapshot.
    assert table == {
        "audit": (372, 402),
        "security": (372, 402),
        "access": (82, 89),
        "error": (165, 179),
        "app": (27, 29),
    }


def test_only_a_licence_freezes() -> None:
    policies: list[Any] = [lifecycle(each, BASIC) for each in CATALOGUE.log_classes]
    assert all(
        "searchable_snapshot" not in str(policy).replace("delete_searchable_snapshot", "") for policy in policies
    )
    frozen: Any = lifecycle(AUDIT, KEEPINGS["enterprise"])
    assert frozen["policy"]["phases"]["frozen"]["actions"]["searchable_snapshot"]
    assert frozen["policy"]["phases"]["delete"]["min_age"] == "2557d"
    with pytest.raises(ValueError, match="searchable snapshots are licensed, and the licence is basic"):
        replace(BASIC, frozen=True)
    with pytest.raises(ValueError, match="needs a bucket of snapshots"):
        replace(KEEPINGS["enterprise"], snapshots=None)


def test_without_a_bucket_nothing_waits_for_a_snapshot() -> None:
    for each in CATALOGUE.log_classes:
        assert "wait_for_snapshot" not in str(lifecycle(each, KEEPINGS["no bucket"]))
