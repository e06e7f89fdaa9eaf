"""dashboard-linter's rules hold for every board, but where an exception says why."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.docs.documents import BOARDS
from tests.support.linter import RULES, SHORT, exceptions, panels

each = pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.finds])
LINES = "op-system-overview"


@each
def test_a_rule_is_broken_only_where_a_reason_is_given(name: str) -> None:
    rule = RULES[name]
    found = [*exceptions(rule, BOARDS)]
    assert bool(found) == bool(rule.unless), "an exception without a reason, or a reason without an exception"
    if rule.everywhere:
        assert {uid for uid, _ in found} == BOARDS.keys(), "some board keeps it: it applies"


def test_a_window_of_its_own_is_an_alert_s_or_is_told() -> None:
    for uid, where in exceptions(RULES["target-rate-interval-rule"], BOARDS):
        (panel,) = [panel for panel in panels(BOARDS[uid]) if panel["title"] == where.panel]
        watches = any(link["title"].startswith("Runbook:") for link in panel["links"])
        windows = re.findall(SHORT, panel["targets"][where.target or 0]["expr"])
        told = f"{panel['title']} {panel['description']}"
        words = {"6h": "six hours", "1d": "day"}
        assert watches or all(words.get(str(window), str(window)) in told for window in windows), (
            f"{uid}, {where.panel}"
        )


def test_only_logs_are_asked_otherwise() -> None:
    for name in ("template-datasource-rule", "target-promql-rule"):
        assert {uid for uid, _ in exceptions(RULES[name], BOARDS)} == {"op-logs"}


def _first(board: Any) -> Any:
    return next(panel for panel in panels(board) if panel["type"] == "timeseries")


FAULTS: dict[str, Callable[[Any], Any]] = {
    "template-datasource-rule": lambda board: board["templating"]["list"][0].update(label="Source"),
    "template-label-promql-rule": lambda board: board["templating"]["list"][1].update(query="label_values(up{, job)"),
    "template-on-time-change-reload-rule": lambda board: board["templating"]["list"][1].update(refresh=1),
    "panel-datasource-rule": lambda board: _first(board)["datasource"].update(uid="prometheus"),
    "panel-title-description-rule": lambda board: _first(board).update(description=""),
    "panel-units-rule": lambda board: _first(board)["fieldConfig"]["defaults"].update(unit=""),
    "panel-no-targets-rule": lambda board: _first(board).update(targets=[]),
    "target-promql-rule": lambda board: _first(board)["targets"][0].update(expr="sum(rate(a[5m])"),
    "target-rate-interval-rule": lambda board: _first(board)["targets"][0].update(expr="rate(a_total[5m])"),
    "target-counter-agg-rule": lambda board: _first(board)["targets"][0].update(expr="sum(a_total)"),
    "uneditable-dashboard": lambda board: board.update(editable=True),
}


@each
def test_a_planted_fault_is_found(name: str) -> None:
    if RULES[name].everywhere:
        return
    board = deepcopy(BOARDS[LINES])
    assert [*exceptions(RULES[name], {LINES: board})] == []
    FAULTS[name](board)
    assert [*exceptions(RULES[name], {LINES: board})] != []
