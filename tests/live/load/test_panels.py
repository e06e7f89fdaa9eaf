"""Every query of every panel has an answer within a second, in a real Prometheus over a cluster's worth of series."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from alerts.library import LIBRARY
from catalogue import CATALOGUE
from tests.live.load.asking import Asked, asked, choices
from tests.live.load.health import EMPTY, expected_empty
from tests.live.load.server import filled, get, series

MINUTES = 6
SERIES = 180_000
LONGEST = 1.0


@dataclass(frozen=True)
class Run:
    """What one Prometheus said."""

    series: int
    answers: Sequence[Asked]
    choices: Sequence[tuple[str, str, list[str]]]
    names: frozenset[str]
    broken: Sequence[str]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with filled(MINUTES) as address:
        rules = [rule for group in get(address, "/api/v1/rules")["groups"] for rule in group["rules"]]
        yield Run(
            series=series(address),
            answers=list(asked(address)),
            choices=list(choices(address)),
            names=frozenset(get(address, "/api/v1/label/__name__/values")),
            broken=[f"{rule['name']}: {rule['lastError']}" for rule in rules if rule.get("lastError")],
        )


def test_there_is_a_cluster_s_worth_of_series(run: Run) -> None:
    assert run.series >= SERIES


def test_every_catalogued_metric_is_in_it(run: Run) -> None:
    wanted = {metric.name for exporter in CATALOGUE.exporters for metric in exporter.metrics if not metric.buckets}
    assert wanted - run.names == set()


def test_every_rule_is_evaluated(run: Run) -> None:
    assert run.broken == []
    recorded = {rule.name for group in LIBRARY for rule in group.recordings}
    assert recorded - run.names == set()


def test_every_panel_shows_something_or_is_empty_while_all_is_well(run: Run) -> None:
    empty = [each for each in run.answers if each.empty and not expected_empty(each)]
    assert [f"{each.board}, {each.panel}: {each.text}" for each in empty] == []


def test_what_is_said_to_be_empty_is(run: Run) -> None:
    full = {(each.board, each.panel) for each in run.answers if not each.empty}
    assert EMPTY.keys() & full == set(), "take it off the list"


def test_every_panel_shows_something_for_one_value_of_each_choice(run: Run) -> None:
    lost = {f"{each.board}, {each.panel}: {each.text}" for each in run.answers if not each.empty and not each.narrowed}
    assert lost == set()


def test_every_choice_has_values(run: Run) -> None:
    assert [f"{board}: {name}" for board, name, values in run.choices if not values] == []


def test_no_query_takes_longer_than_a_second(run: Run) -> None:
    slow = [f"{each.seconds:.1f} s: {each.board}, {each.panel}" for each in run.answers if each.seconds > LONGEST]
    assert slow == []
