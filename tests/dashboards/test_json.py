"""Grafana's JSON of every board. What dashboard-linter asks of it is in test_linter.py."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest

from alerts.library import LIBRARY
from alerts.render.text import to_yaml
from dashboards.library import dashboards
from dashboards.model import COLUMNS, Dashboard
from dashboards.render.board import board_json
from tests.support.linter import panels
from tests.support.tools import run

RUNBOOKS = "https://runbooks.example.org"
BOARDS = {page.board.uid: page for page in dashboards(LIBRARY)}
JSON = {uid: json.loads(board_json(page, RUNBOOKS)) for uid, page in BOARDS.items()}
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
LOGS = {"type": "elasticsearch", "uid": "${logs}"}
each = pytest.mark.parametrize("uid", BOARDS)

# What fits in a ConfigMap, with room for its metadata.
LARGEST = 900_000
# As Grafana would ask: an hour on a wide screen, every service.
CHOSEN = {
    "$__rate_interval": "60s",
    "$__range": "6h",
    "$namespace": ".+",
    "$service": ".+",
    "$instance": ".+",
}


JUDGED = {panel.title for page in dashboards(LIBRARY) for panel in page.panels if panel.alerts}


def targets(uid: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every query of metrics, with its panel's title."""
    asked = ((panel["title"], target) for panel in panels(JSON[uid]) for target in panel["targets"])
    return ((title, target) for title, target in asked if "expr" in target)


def asked(text: str) -> str:
    """The query as Prometheus gets it."""
    for name, value in CHOSEN.items():
        text = text.replace(name, value)
    return text


@each
def test_every_query_can_be_read(uid: str) -> None:
    for title, target in targets(uid):
        text = asked(target["expr"])
        assert "$" not in re.sub(r"\$(1|\{1\})", "", text), f"{title}: a variable that the board does not offer"
        promql_parser.parse(text)
    for mark in JSON[uid]["annotations"]["list"]:
        promql_parser.parse(asked(mark["expr"]))


def test_prometheus_itself_accepts_every_query(tmp_path: Path) -> None:
    queries = [asked(target["expr"]) for uid in BOARDS for _, target in targets(uid)]
    rules = [{"record": f"asked:{number}:query", "expr": query} for number, query in enumerate(queries)]
    file = tmp_path / "rules.yaml"
    file.write_text(to_yaml({"groups": [{"name": "queries", "rules": rules}]}), encoding="utf-8")
    verdict = run("promtool", "check", "rules", "--lint=none", file)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert f"{len(queries)} rules found" in verdict.stdout


@each
def test_every_panel_has_a_title_a_description_a_unit_and_links(uid: str) -> None:
    for panel in panels(JSON[uid]):
        assert panel["title"], uid
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        links = [link["title"] for link in panel["links"]]
        assert {"Logs of this time", "Traces of this time"} <= set(links), panel["title"]


@each
def test_panels_of_alerts_link_to_their_runbooks(uid: str) -> None:
    by_title = {panel["title"]: panel for panel in panels(JSON[uid])}
    for alert, panel in BOARDS[uid].alerts:
        urls = [link["url"] for link in by_title[panel.title]["links"]]
        assert f"{RUNBOOKS}/{alert.name}" in urls


@each
def test_links_to_logs_and_traces_keep_the_time(uid: str) -> None:
    for panel in panels(JSON[uid]):
        for link in panel["links"]:
            if link["url"].startswith("/explore"):
                assert "${__from}" in link["url"]
                assert "${__to}" in link["url"]


@each
def test_the_data_source_is_chosen_at_the_top(uid: str) -> None:
    variables = JSON[uid]["templating"]["list"]
    assert next(each["label"] for each in variables if each["type"] == "datasource") == "Data source"
    assert all(panel["datasource"] in (SOURCE, LOGS) for panel in panels(JSON[uid]))
    assert all(target["datasource"] == SOURCE for _, target in targets(uid))


@each
def test_variables_follow_the_time_and_match_anything_at_first(uid: str) -> None:
    for variable in JSON[uid]["templating"]["list"]:
        if variable["type"] == "query":
            assert variable["refresh"] == 2
            assert (variable["multi"], variable["includeAll"]) == (True, True)
            assert variable["allValue"] == next(
                each.everything for each in BOARDS[uid].variables if each.name == variable["name"]
            )
            assert re.fullmatch(variable["allValue"], "x")
            assert not re.fullmatch(variable["allValue"], "")
            assert re.fullmatch(r"label_values\(.+, \w+\)", variable["query"])


@each
def test_short_rates_are_as_long_as_grafana_says(uid: str) -> None:
    for title, target in targets(uid):
        for function, window in re.findall(r"\b(rate|irate)\([^\[]+\[([^\]]+)\]", target["expr"]):
            assert function == "rate", f"{title}: irate skips most samples"
            # A panel that shows an alert's measure shows it as it is judged.
            assert window in ("$__rate_interval", "6h", "1d") or title in JUDGED, title


@each
def test_what_is_counted_over_a_time_is_no_rate(uid: str) -> None:
    rates = {"ops", "reqps", "Bps"}
    shown = {panel["title"]: panel["fieldConfig"]["defaults"]["unit"] for panel in panels(JSON[uid])}
    for title, target in targets(uid):
        if "increase" in target["expr"]:
            assert shown[title] not in rates, title


@each
def test_counters_are_not_shown_bare(uid: str) -> None:
    for title, target in targets(uid):
        # How many there are may be asked of any series.
        used = r"\b(rate\(|increase\(|count without \([\w, ]+\) \()\w+"
        bare = re.sub(used, "", target["expr"])
        assert not re.search(r"\w+_total\b", bare), title


@each
def test_a_board_cannot_be_changed_in_place(uid: str) -> None:
    document = JSON[uid]
    assert document["editable"] is False
    assert document["uid"] == uid
    assert document["schemaVersion"] == 42
    assert "id" not in document
    assert "version" not in document
    assert document["tags"] == ["openpolicy"]


@each
def test_ids_are_unique(uid: str) -> None:
    ids = [panel["id"] for panel in panels(JSON[uid])] + [
        panel["id"] for panel in JSON[uid]["panels"] if panel["type"] == "row"
    ]
    assert len(ids) == len(set(ids))
    assert 0 not in ids


@each
def test_no_two_panels_overlap(uid: str) -> None:
    taken = set[tuple[int, int]]()
    for panel in JSON[uid]["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= COLUMNS
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells, panel["title"]
        taken |= cells


@each
def test_it_fits_into_a_config_map(uid: str) -> None:
    assert len(board_json(BOARDS[uid], RUNBOOKS).encode()) < LARGEST


@each
def test_rollouts_and_pages_are_marked(uid: str) -> None:
    assert [mark["name"] for mark in JSON[uid]["annotations"]["list"]] == ["Deployments", "Pages"]


def test_the_same_facts_make_the_same_document() -> None:
    page: Dashboard = BOARDS["op-slo"]
    assert board_json(page, RUNBOOKS) == board_json(page, RUNBOOKS)


def test_a_latency_line_leads_to_traces() -> None:
    shown = dict(targets("op-system-overview"))
    assert shown["Response time, spread"]["exemplar"] is True
    assert shown["Request Rate"]["exemplar"] is False


def test_an_alert_s_lines_are_dashed() -> None:
    panel = next(each for each in panels(JSON["op-system-overview"]) if each["title"] == "Error Rate")
    assert panel["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"] == {"mode": "dashed"}
    assert panel["fieldConfig"]["defaults"]["thresholds"]["steps"] == [
        {"color": "green", "value": None},
        {"color": "yellow", "value": 0.005},
        {"color": "red", "value": 0.1},
    ]


def test_the_requirement_s_panels_are_there() -> None:
    wanted = {
        "op-system-overview": {"Request Rate", "Error Rate", "Response Time (P95)", "Active Users"},
        "op-business": {"Bills Created Today", "Search Queries", "Most Viewed Bills", "User Engagement"},
        "op-infra-health": {"CPU Usage", "Memory Usage", "Disk Usage", "Network I/O"},
    }
    for uid, titles in wanted.items():
        assert titles <= {panel["title"] for panel in panels(JSON[uid])}
