"""From an objective to alerts, in exact numbers; and a refusal of what could never page."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from alerts.burnrate import BAD_EVENTS, Measured
from alerts.library import LIBRARY
from alerts.library.objectives import OBJECTIVES, rule_groups
from alerts.library.recordings import NODE_RECORDINGS, SERVICE_RECORDINGS
from alerts.model import alerts_of
from alerts.render.rules import rule_file
from alerts.render.text import to_yaml
from alerts.windows import WINDOWS
from catalogue.model.time import days, hours
from tests.support.promtool import LINKS, complaint, rules_of, written

AVAILABILITY, LATENCY = OBJECTIVES


def thresholds(measured: Measured) -> list[str]:
    return [str(measured.threshold(window).normalize()) for window in WINDOWS]


def test_thresholds_are_factor_times_budget_and_exact() -> None:
    assert thresholds(AVAILABILITY) == ["0.072", "0.03", "0.015", "0.005"]
    assert thresholds(LATENCY) == ["0.72", "0.3", "0.15", "0.05"]


def test_each_window_spends_what_it_says() -> None:
    for window in WINDOWS:
        spent = window.factor * window.long.seconds / days(30).seconds
        assert f"{spent * 100:.0f}%" == window.spends


def test_no_rule_shows_a_rounding_error() -> None:
    for group in rule_groups(OBJECTIVES):
        text = to_yaml(rule_file(group, LINKS))
        assert "00000" not in text
        assert "99999" not in text


@pytest.mark.parametrize("objective", ["0.93", "0.9", "0.5"])
def test_an_objective_whose_page_could_never_fire_is_refused(objective: str) -> None:
    slo = replace(AVAILABILITY.slo, objective=Decimal(objective))
    with pytest.raises(ValueError, match=r"its 1h page could never fire.* an objective is above 0\.9306"):
        replace(AVAILABILITY, slo=slo)


def test_a_period_shorter_than_its_windows_is_refused() -> None:
    with pytest.raises(ValueError, match="its period 1d is shorter than 3d"):
        replace(AVAILABILITY, slo=replace(AVAILABILITY.slo, period=days(1)))


def test_every_window_has_an_alert_of_the_objective_s_name() -> None:
    breaches = [alert for alert in alerts_of(LIBRARY) if alert.name == "LatencySLOBreach"]
    assert [alert.labels["long_window"] for alert in breaches] == [str(window.long) for window in WINDOWS]


# Series of half a minute: who fails, and how many.
_LABELS = 'job="openpolicy",namespace="openpolicy",service="api-gateway",method="GET",endpoint="/x",pod="a"'
STORIES = {
    "a burn that is over does not page, though the hour is still bad": (
        [("200", "0+900x40 36000+1000x80"), ("503", "0+100x40 4000+0x80")],
        "35m",
        [],
    ),
    "one failed request at night does not page": (
        [("200", "0+0x9 1+0x9 2+0x100"), ("503", "0+0x20 1+0x100")],
        "15m",
        [],
    ),
    "a tenth failing pages in the fast window": (
        [("200", "0+900x120"), ("503", "0+100x120")],
        "15m",
        ["1h"],
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_when_the_fast_windows_page(story: str, tmp_path: Path) -> None:
    series, at, windows = STORIES[story]
    groups = [group for group in LIBRARY if "slo" in group.name or "services" in group.name]
    own = 'alertname="AvailabilitySLOBreach",alertstate="firing",long_window="1h"'
    samples = [{"labels": f'{{long_window="{window}"}}', "value": 1} for window in windows]
    test = {
        "interval": "30s",
        "input_series": [
            {"series": f'http_requests_total{{{_LABELS},status="{status}"}}', "values": values}
            for status, values in series
        ],
        "promql_expr_test": [
            {"expr": f"count by (long_window) (ALERTS{{{own}}})", "eval_time": at, "exp_samples": samples}
        ],
    }
    assert complaint(written(tmp_path, rules_of(groups), "30s", [test])) == ""


def test_the_guard_counts_bad_requests_and_not_all() -> None:
    texts = [alert.when.expr.text for alert in AVAILABILITY.alerts if alert.name == AVAILABILITY.slo.alert]
    assert all(
        f'increase{window.long}{{slo="availability"}} >= {BAD_EVENTS}' in text
        for window, text in zip(WINDOWS, texts, strict=True)
    )


def test_what_alerts_read_is_recorded_before() -> None:
    order = [group.name for group in LIBRARY]
    assert order.index("openpolicy-services") < order.index("openpolicy-slo-sli") < order.index("openpolicy-slo-alerts")
    assert hours(1) == WINDOWS[0].long
    assert {rule.name for rule in (*SERVICE_RECORDINGS, *NODE_RECORDINGS)} <= {
        rule.name for group in LIBRARY for rule in group.recordings
    }
