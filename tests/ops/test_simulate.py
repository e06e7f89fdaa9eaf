"""The simulation decides as the real controller, and its traffic shows what it is there to show."""

import json
from dataclasses import replace

import pytest

from catalogue.model.quantity import Bytes
from catalogue.model.scaling import Targets
from catalogue.model.traffic import Traffic
from catalogue.scaling import API
from catalogue.traffic import API_POD, ELECTION, LEAK, MORNING, SPIKE, STEADY
from ops.simulate.controller import Controller, Engine
from ops.simulate.report import ENGINES, Run, rows
from ops.simulate.world import needed, simulate
from tests.support.command import ops_says
from tests.support.decisions import COUNT, RECORDED, ours, questions

TARGETS = Targets(least=3, most=50, cpu_percent=70, memory_percent=80, load=1000)


def run(traffic: Traffic, targets: Targets = TARGETS, engine: Engine = "hpa") -> Run:
    return Run(traffic=traffic, engine=engine, moments=simulate(traffic, API_POD, API, targets, engine))


def test_it_decides_as_kubernetes_own_controller() -> None:
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert len(recorded) == COUNT
    assert [list(ours(question)) for question in questions()] == recorded


def test_the_recorded_decisions_are_of_every_kind() -> None:
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    kinds = [
        (answer[0] == -1, answer[0] > question.current, answer[-1] > question.current, answer[-1] < question.current)
        for question, answer in zip(questions(), recorded, strict=True)
    ]
    assert all(50 < sum(each) < COUNT - 50 for each in zip(*kinds, strict=True))


def test_growth_is_twofold_or_by_four_in_half_a_minute() -> None:
    controller = Controller(autoscaler=API, targets=TARGETS)
    # Of the two steps the larger counts, and what was added half a minute ago counts no more.
    said = list[int]()
    current = 3
    for now in range(0, 91, 15):
        current = controller.decide(now, current, 50)
        said.append(current)
    assert said == [7, 7, 14, 14, 28, 28, 50]


def test_shrinking_waits_five_minutes_and_then_goes_by_one() -> None:
    controller = Controller(autoscaler=API, targets=TARGETS)
    controller.decide(0, 10, 10)
    assert controller.decide(285, 10, 3) == 10
    assert controller.decide(300, 10, 3) == 9
    assert controller.decide(315, 9, 3) == 9
    assert controller.decide(360, 9, 3) == 8


def test_even_traffic_changes_nothing() -> None:
    made = run(STEADY)
    assert (made.least, made.most, made.overshoot, made.refused) == (5, 5, 0, 0)


def test_a_ramp_is_followed_and_a_spike_is_not() -> None:
    assert run(MORNING).refused == 0
    assert run(MORNING).to_capacity.seconds <= 60
    assert 0.01 < run(SPIKE).refused < 0.1
    assert 60 < run(SPIKE).to_capacity.seconds < 300
    assert run(SPIKE).moments[-1].pods == run(SPIKE).moments[0].pods


def test_more_pods_at_least_refuse_less_and_cost_more() -> None:
    few, many = run(SPIKE), run(SPIKE, replace(TARGETS, least=20))
    assert many.refused < few.refused
    assert many.pod_hours > few.pod_hours


def test_an_election_reaches_the_most_and_stays_there() -> None:
    assert run(ELECTION).most == 50
    assert run(ELECTION, replace(TARGETS, most=20)).most == 20
    assert run(ELECTION, replace(TARGETS, most=20)).refused > 0


def test_a_leak_looks_like_growth() -> None:
    made = run(LEAK)
    assert made.overshoot > 10
    assert made.moments[-1].pods == made.most
    assert run(replace(LEAK, leak=None)).overshoot == 0


def test_a_leak_that_kills_pods_ends() -> None:
    # At the limit a pod is killed and begins anew, so the average falls.
    made = run(replace(LEAK, leak=Bytes.parse("4Gi")), replace(TARGETS, most=6))
    assert max(moment.refused for moment in made.moments) > 0


def test_both_engines_do_the_same_where_the_processor_decides() -> None:
    for traffic in (MORNING, SPIKE):
        assert run(traffic, engine="hpa").moments == run(traffic, engine="keda").moments


@pytest.mark.parametrize("engine", ENGINES)
def test_a_lower_target_for_requests_decides(engine: Engine) -> None:
    assert run(STEADY, replace(TARGETS, load=40), engine).most >= 10
    assert run(STEADY, replace(TARGETS, load=None), engine).most == 5


def test_needed_keeps_to_the_bounds() -> None:
    assert needed(0, API_POD, TARGETS) == 3
    assert needed(100_000, API_POD, TARGETS) == 50
    assert needed(400, API_POD, TARGETS, tolerated=True) <= needed(400, API_POD, TARGETS)


def test_traffic_is_a_line_between_its_points() -> None:
    traffic = Traffic(name="x", says="-", points=((0, 100), (10, 200)))
    assert [traffic.at(second) for second in (0, 300, 600)] == [100, 150, 200]
    with pytest.raises(ValueError, match="its minutes begin at 0, and rise"):
        replace(traffic, points=((5, 1), (5, 2)))
    with pytest.raises(ValueError, match="nobody takes a request back"):
        replace(traffic, points=((0, 1), (5, -2)))


def test_a_row_says_what_the_run_was() -> None:
    assert rows([run(STEADY)]) == [("Steady", "hpa", "5–5", "5", "0", "0s", "0.0%", "5.0")]


def test_the_command_shows_every_traffic_under_both_engines() -> None:
    said = ops_says("simulate", "hpa", "--load", "150")
    assert (said.status, said.err) == (0, "")
    assert sum("hpa " in line for line in said.out.splitlines()) == 5
    assert sum("keda " in line for line in said.out.splitlines()) == 5


def test_a_load_that_is_none_is_refused() -> None:
    for given in ("0", "-4", "x"):
        said = ops_says("simulate", "hpa", f"--load={given}")
        assert said.status == 2
        assert "is no number of requests: write 1 or more" in said.err
