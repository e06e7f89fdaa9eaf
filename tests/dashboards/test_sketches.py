"""Sketches of the boards: drawn from the JSON that Grafana gets, light, and the same for the same answers."""

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.docs.answers import Answers, Line, line, question, read
from tests.docs.documents import BOARDS, drawn
from tests.docs.sketches import sketch
from tests.docs.units import shown

LIGHT = 60_000
each = pytest.mark.parametrize("uid", BOARDS)
ANSWERS = read()


def titles(board: Any) -> list[str]:
    return [panel["title"] for panel in board["panels"] if panel["type"] != "row"]


@each
def test_a_sketch_is_light_and_can_be_read(uid: str) -> None:
    text = drawn(uid)
    assert len(text.encode()) < LIGHT
    root = ET.fromstring(text)  # noqa: S314 our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "sketch" in "".join(root.itertext())


@each
def test_every_open_panel_has_its_place(uid: str) -> None:
    shown_titles = [each.text for each in ET.fromstring(drawn(uid)).iter() if each.get("class") == "t"]  # noqa: S314
    for title in titles(BOARDS[uid]):
        assert any(text and (text == title or title.startswith(text.rstrip("…"))) for text in shown_titles), title


def test_what_was_answered_is_what_is_drawn() -> None:
    board = json.loads(json.dumps(BOARDS["op-slo"]))
    title = next(panel["title"] for panel in board["panels"] if panel["type"] == "stat")
    made = [sketch(board, Answers(0, {("op-slo", title): [Line("", (value,))]})) for value in (0.25, 0.75)]
    assert "25%" in made[0]
    assert "75%" in made[1]
    assert sketch(board, Answers(0, {})) == sketch(board, Answers(0, {}))


def test_a_panel_that_asks_something_else_is_not_drawn_with_an_old_answer() -> None:
    board = json.loads(json.dumps(BOARDS["op-slo"]))
    title = titles(board)[0]
    panel = next(each for each in board["panels"] if each["title"] == title)
    given = Answers(0, {("op-slo", title): [Line("", (0.25,))]}, asked={("op-slo", title): question(panel)})
    assert "25%" in sketch(board, given)
    panel["targets"][0]["expr"] += " * 2"
    assert "25%" not in sketch(board, given)
    assert "asks something else" in sketch(board, given)


def test_a_line_is_called_as_its_legend_says() -> None:
    series = {"metric": {"__name__": "a", "pod": "x", "job": "j"}, "values": [[0, "1"], [15, "2.3456"]]}
    assert line("{pod} of {job}", series) == Line("x of j", (1.0, 2.35))
    assert line("", {"metric": {"pod": "x"}, "value": [0, "7"]}) == Line("x", (7.0,))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.1234, "percentunit", "12.3%"),
        (0.004, "s", "4 ms"),
        (90, "s", "1.5 min"),
        (3 * 2**30, "bytes", "3 GiB"),
        (1234, "reqps", "1.23 K req/s"),
        (12.5, "currencyUSD", "$12.5"),
        (0, "short", "0"),
        (1e9, "ns", "1 s"),
    ],
)
def test_numbers_are_in_words(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text


def test_a_time_is_told_as_it_was_then() -> None:
    assert shown(1_000_000, "dateTimeFromNow", now=1_000 + 7_200) == "2 hours ago"


def test_every_unit_of_the_boards_can_be_shown() -> None:
    for board in BOARDS.values():
        for panel in board["panels"]:
            if panel["type"] != "row":
                assert shown(1.0, panel["fieldConfig"]["defaults"]["unit"])


def test_answers_are_those_of_the_boards_as_they_are() -> None:
    known = {(uid, title) for uid, board in BOARDS.items() for title in titles(board)}
    assert {key for key in ANSWERS.of if key not in known} == set(), "python -m tests.live.load.panels --record"
