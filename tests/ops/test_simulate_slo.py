"""Simulated outages fire what the real rules fire, in the same half minute, under the real promtool."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from alerts.library import LIBRARY
from alerts.model import alerts_of
from alerts.promql import number
from alerts.windows import Window
from catalogue.model.time import Duration, days, hours, minutes
from catalogue.slos import AVAILABILITY
from ops.simulate.slo.alarms import alarms
from ops.simulate.slo.asked import AskedError, asked, objective
from ops.simulate.slo.outage import STEP, Counters, Outage, counters
from ops.simulate.slo.policies import OURS, POLICIES, PYRRA, SINGLE, SLOTH, Policy, Threshold
from ops.simulate.slo.report import outages, tell
from ops.simulate.slo.shapes import DAY, NIGHT, QUIET, STEADY
from tests.support.promtool import needed, rules_of, verdicts, written

BREACH = next(alert for alert in alerts_of(LIBRARY) if alert.name == AVAILABILITY.alert)
# Early in their first day: what the long windows read is little, and promtool is quick.
SAMPLE = (
    Outage(share=Decimal(1), lasts=minutes(10), shape=replace(STEADY, begins=1)),
    Outage(share=Decimal("0.2"), lasts=hours(1), shape=replace(DAY, begins=5)),
    Outage(share=Decimal("0.05"), lasts=hours(3), shape=NIGHT),
    Outage(share=Decimal("0.5"), lasts=minutes(40), shape=QUIET),
    Outage(share=Decimal("0.01"), lasts=hours(2), shape=QUIET),
)
OTHERS: Sequence[Policy | Threshold] = (SLOTH, PYRRA, SINGLE)


@dataclass(frozen=True)
class Point:
    """Whether something fires at a step, by the labels that tell it apart."""

    labels: str
    step: int
    fires: bool


def seen(outage: Outage) -> Counters:
    return counters(outage, before=days(0), after=hours(4))


def points(policy: Policy | Threshold, counted: Counters, labels: Mapping[str, str]) -> list[Point]:
    """Both sides of every edge, and every half an hour between. `labels` are by the alarm's name."""
    found = alarms(policy, counted, AVAILABILITY.budget)
    edges = chain.from_iterable((each.since - 1, each.since, each.until - 1, each.until) for each in found)
    steps = sorted({*edges, *range(2, len(counted.failed), 60)})
    return [
        Point(told, step, any(each.alert == name and each.since <= step < each.until for each in found))
        for name, told in labels.items()
        for step in steps
        if step < len(counted.failed)
    ]


def named(window: Window) -> str:
    return f"{window.long} and {window.short} above {window.factor}x"


def series(counted: Counters) -> list[dict[str, str]]:
    values = {"200": counted.answered, "503": counted.failed}
    own = f'job="openpolicy",namespace="openpolicy",service="{AVAILABILITY.service.name}",endpoint="/bills"'
    return [
        {
            "series": f'http_requests_total{{{own},status="{status}"}}',
            "values": " ".join(str(int(value)) for value in counter),
        }
        for status, counter in values.items()
    ]


def write(folder: Path, rules: Mapping[str, Any], counted: Counters, told: Sequence[Point]) -> Path:
    """A test of them for promtool."""
    asked_for = [
        {
            "expr": f"count(ALERTS{{{each.labels},alertstate='firing'}})",
            "eval_time": f"{each.step * STEP}s",
            "exp_samples": [{"value": 1}] if each.fires else [],
        }
        for each in told
    ]
    test = {"interval": f"{STEP}s", "input_series": series(counted), "promql_expr_test": asked_for}
    return written(folder, rules, f"{STEP}s", [test])


def ours() -> tuple[Mapping[str, Any], dict[str, str]]:
    rules = rules_of(needed(LIBRARY, BREACH))
    labels = {
        named(each): f"alertname='{AVAILABILITY.alert}',slo='availability',long_window='{each.long}'"
        for each in OURS.windows
    }
    return rules, labels


def theirs(policy: Policy | Threshold) -> tuple[dict[str, Any], dict[str, str]]:
    """Their rules for this objective, written here from what they publish."""
    if isinstance(policy, Threshold):
        rule = {
            "alert": "HighErrorRate",
            "expr": 'rate(http_requests_total{status=~"5.."}[5m]) > 0.1',
            "for": str(policy.lasting),
        }
        return {"them": {"groups": [{"name": "them", "rules": [rule]}]}}, {
            f"above {policy.above}/s": "alertname='HighErrorRate'"
        }

    def ratio(window: Duration) -> str:
        failed = f'sum(rate(http_requests_total{{status=~"5.."}}[{window}]))'
        return f"{failed} / (sum(rate(http_requests_total[{window}])) > 0)"

    rules = [
        {
            "alert": f"Burn{index}",
            "expr": f"{ratio(each.long)} > {number(each.factor * AVAILABILITY.budget)} "
            f"and {ratio(each.short)} > {number(each.factor * AVAILABILITY.budget)}",
            "for": str(each.lasting),
        }
        for index, each in enumerate(policy.windows)
    ]
    labels = {named(each): f"alertname='Burn{index}'" for index, each in enumerate(policy.windows)}
    return {"them": {"groups": [{"name": "them", "rules": rules}]}}, labels


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What promtool says against each simulation, by what is simulated. One process judges them all."""
    paths = dict[str, Path]()
    rules, labels = ours()
    for outage in SAMPLE:
        counted = seen(outage)
        where = tmp_path_factory.mktemp("ours")
        paths[name(outage)] = write(where, rules, counted, points(OURS, counted, labels))
    counted = seen(SAMPLE[0])
    late = [Point(each.labels, each.step + 1, each.fires) for each in points(OURS, counted, labels)]
    paths["late"] = write(tmp_path_factory.mktemp("late"), rules, counted, late)
    counted = seen(SAMPLE[1])
    for policy in OTHERS:
        rules, labels = theirs(policy)
        where = tmp_path_factory.mktemp("theirs")
        paths[policy.name] = write(where, rules, counted, points(policy, counted, labels))
    said = verdicts([*paths.values()])
    return {key: said[path] for key, path in paths.items()}


def name(outage: Outage) -> str:
    return f"{outage.share}-{outage.lasts}-{outage.shape.name}"


@pytest.mark.parametrize("outage", SAMPLE, ids=name)
def test_our_rules_fire_when_the_simulation_says(outage: Outage, told: Mapping[str, str]) -> None:
    assert told[name(outage)] == ""


@pytest.mark.parametrize("policy", OTHERS, ids=lambda each: each.name)
def test_others_rules_fire_when_the_simulation_says(policy: Policy | Threshold, told: Mapping[str, str]) -> None:
    assert told[policy.name] == ""


def test_a_simulation_that_is_half_a_minute_late_is_caught(told: Mapping[str, str]) -> None:
    assert "exp" in told["late"]


def test_the_sample_has_alerts_of_every_window_but_the_longest() -> None:
    fired = {alarm.alert for outage in SAMPLE for alarm in alarms(OURS, seen(outage), AVAILABILITY.budget)}
    assert fired >= {named(each) for each in OURS.windows[:3]}


def test_a_budget_is_spent_once_by_three_hours_and_a_half_of_nothing_but_failures() -> None:
    whole = Outage(share=Decimal(1), lasts=minutes(216), shape=STEADY)
    assert tell(whole)[0].spent() == pytest.approx(1, abs=1e-6)


def test_one_failed_request_at_night_wakes_nobody_here() -> None:
    # Two a minute, and one of them fails: half of what is asked.
    blink = Outage(share=Decimal("0.5"), lasts=minutes(2), shape=QUIET)
    told = {each.policy.name: each.to_page for each in tell(blink)}
    assert told[OURS.name] is None


def test_many_outages_are_told_under_every_policy() -> None:
    told = tell(outages()[0])
    assert [each.policy for each in told] == list(POLICIES)


@pytest.mark.parametrize(
    ("fails", "lasts", "traffic", "said"),
    [
        ("5%", None, "day", "both --fails and --for"),
        ("five", "1h", "day", "'five' is no share: write it like 5% or 0.05"),
        ("5%", "soon", "day", "'soon' is no duration"),
        ("0%", "1h", "day", "above 0%"),
        ("5%", "1h", "nigth", "did you mean night?"),
        ("5%", "31d", "day", "an outage lasts from 30s to 30d"),
    ],
)
def test_what_makes_no_sense_is_refused(fails: str, lasts: str | None, traffic: str, said: str) -> None:
    with pytest.raises(AskedError, match=said.replace("?", r"\?")):
        asked(fails, lasts, traffic)


def test_an_unknown_objective_is_refused() -> None:
    with pytest.raises(AskedError, match="did you mean latency"):
        objective("latencies")


def test_a_shape_has_a_whole_day() -> None:
    with pytest.raises(ValueError, match="24 hours"):
        replace(STEADY, a_minute=(1, 2, 3))
