"""Every panel of logs shows lines, and the right ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.docs.answers import Line
from tests.docs.documents import BOARDS
from tests.live.elastic.boards import FAILURES, REQUESTS, WORDS, answer, made_up
from tests.live.elastic.server import Server
from tests.support.linter import searching

PANELS = {f"{uid}, {panel['title']}": panel for uid, panel in searching(BOARDS)}
Lines = tuple[datetime, Sequence[Mapping[str, Any]]]


@pytest.fixture(scope="module")
def stored(node: Server) -> Lines:
    now = datetime.now(UTC)
    events = made_up(now)
    assert {each["status"] for each in node.create(events)} == {201}
    return now, events


@pytest.mark.parametrize("name", PANELS)
def test_it_shows_something_of_all_services_and_of_one(node: Server, stored: Lines, name: str) -> None:
    now, _ = stored
    panel = PANELS[name]
    assert sum(sum(each.values) for each in answer(node, panel, now)) > 0
    assert sum(sum(each.values) for each in answer(node, panel, now, "api-gateway")) > 0
    assert answer(node, panel, now, "nobody") == [] or panel["type"] == "stat"


def shown(node: Server, stored: Lines, title: str) -> dict[str, float]:
    lines: Sequence[Line] = answer(node, PANELS[f"op-logs, {title}"], stored[0])
    return {each.name: sum(each.values) for each in lines}


def status(event: Mapping[str, Any]) -> int:
    return event.get("http", {}).get("response", {}).get("status_code", 0)


def test_it_counts_what_was_written(node: Server, stored: Lines) -> None:
    _, events = stored
    failed = [each for each in events if status(each) >= 500]
    assert shown(node, stored, "Server errors") == {"5xx": len(failed)}
    assert shown(node, stored, "Server errors by service") == Counter(each["service"]["name"] for each in failed)
    assert shown(node, stored, "Paths with server errors") == Counter(each["url"]["path"] for each in failed)
    assert len(answer(node, PANELS["op-logs, Latest server errors"], stored[0])) == len(failed)
    assert shown(node, stored, "Lines by class") == {
        "openpolicy.access": REQUESTS,
        "openpolicy.error": FAILURES,
        "openpolicy.app": WORDS,
    }
    slowest = dict[str, float]()
    for each in (each for each in events if status(each)):
        slowest[each["url"]["path"]] = max(slowest.get(each["url"]["path"], 0), each["event"]["duration"])
    assert shown(node, stored, "Slowest paths") == slowest
    slow = [each for each in events if status(each) and each["event"]["duration"] >= 1_000_000_000]
    assert shown(node, stored, "Slow requests by service") == Counter(each["service"]["name"] for each in slow)
