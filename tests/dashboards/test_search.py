"""Boards of logs: what Grafana asks Elasticsearch for."""

import json
from typing import Any

import pytest

from catalogue.model.board import Board
from catalogue.model.time import hours
from dashboards.library.variables import NAMESPACE, PER_SERVICE, SERVICE
from dashboards.model import Dashboard, Panel, Row
from dashboards.panels import counted, highest, lines, stat, table, timeseries
from dashboards.query import Search
from dashboards.render.board import board_json

FAILED = "http.response.status_code:[500 TO 599]"


def board(*panels: Panel) -> Any:
    page = Dashboard(
        board=Board("op-test", "Test"),
        description="A test.",
        variables=(NAMESPACE, SERVICE),
        annotations=(),
        rows=(Row(title="Row", panels=panels),),
        shows=hours(6),
    )
    return json.loads(board_json(page, "https://runbooks.example.org"))


def target(panel: Panel) -> Any:
    return board(panel)["panels"][1]["targets"][0]


def test_lines_are_counted_apart_over_time() -> None:
    asked = target(timeseries("A", "B.", counted(FAILED, by="service.name", most=5), by=PER_SERVICE))
    assert asked["query"] == f"({FAILED}) AND service.name:/${{service:regex}}/"
    assert asked["metrics"] == [{"id": "1", "type": "count"}]
    assert [(each["type"], each["field"]) for each in asked["bucketAggs"]] == [
        ("terms", "service.name"),
        ("date_histogram", "@timestamp"),
    ]
    assert asked["bucketAggs"][0]["settings"] == {"order": "desc", "orderBy": "_count", "size": "5"}
    assert asked["alias"] == "{{term service.name}}"


def test_a_table_is_about_the_whole_time() -> None:
    asked = target(table("A", "B.", highest("event.duration", "*", by="url.path")))
    assert asked["metrics"] == [{"field": "event.duration", "id": "1", "type": "max"}]
    assert [each["type"] for each in asked["bucketAggs"]] == ["terms"]
    assert asked["bucketAggs"][0]["settings"]["orderBy"] == "1"


@pytest.mark.parametrize(
    ("what", "whole"),
    [(counted("*", "all"), "sum"), (Search(lucene="*", legend="slowest", largest="event.duration"), "max")],
)
def test_one_number_is_about_the_whole_time(what: Search, whole: str) -> None:
    shown = board(stat("A", "B.", what))["panels"][1]
    assert [each["type"] for each in shown["targets"][0]["bucketAggs"]] == ["date_histogram"]
    assert shown["options"]["reduceOptions"]["calcs"] == [whole]


def test_lines_themselves_are_not_added_up() -> None:
    asked = target(lines("A", "B.", counted(FAILED, "failed")))
    assert asked["query"] == FAILED
    assert asked["metrics"] == [{"id": "1", "type": "logs"}]
    assert asked["bucketAggs"] == []


def test_a_board_of_logs_lets_people_choose_which() -> None:
    document = board(lines("A", "B.", counted("*", "all")))
    assert [each["name"] for each in document["templating"]["list"] if each["type"] == "datasource"] == [
        "datasource",
        "logs",
    ]
    assert document["panels"][1]["datasource"] == {"type": "elasticsearch", "uid": "${logs}"}
