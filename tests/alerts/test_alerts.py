"""Every alert fires once and stays silent once, under the real promtool."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from alerts.library import LIBRARY
from alerts.model import Alert, Override, Severity, alerts_of
from alerts.render.rules import rule_file
from alerts.render.text import to_yaml
from alerts.scenario import Scenario
from alerts.tuning import tune
from catalogue.model.time import minutes
from tests.support.promtool import LINKS, write_test
from tests.support.tools import run

ALERTS = alerts_of(LIBRARY)


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.identity)
def test_an_alert_fires_and_stays_silent(alert: Alert, tmp_path: Path) -> None:
    verdict = run("promtool", "test", "rules", write_test(LIBRARY, alert, tmp_path))
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_only_watchdog_is_never_silent() -> None:
    assert [alert.name for alert in ALERTS if alert.silent is None] == ["Watchdog"]


def test_an_alert_without_a_silent_story_is_refused() -> None:
    with pytest.raises(ValueError, match="tell a story in which it stays silent"):
        replace(named("HighErrorRate"), silent=None)


def test_a_story_that_is_not_true_is_caught(tmp_path: Path) -> None:
    alert = named("HighMemoryUsage")
    assert alert.silent is not None
    # What should stay silent is the story in which it fires.
    swapped = replace(alert, silent=Scenario(given=alert.fires.given, at=alert.fires.at))
    groups = tuple(
        replace(group, rules=tuple(swapped if rule is alert else rule for rule in group.rules)) for group in LIBRARY
    )
    verdict = run("promtool", "test", "rules", write_test(groups, swapped, tmp_path))
    assert verdict.returncode != 0


def test_a_stack_s_threshold_decides_when_it_fires(tmp_path: Path) -> None:
    groups = tune(LIBRARY, {"HighErrorRate": Override(threshold=Decimal("0.25"))})
    tuned = next(alert for alert in alerts_of(groups) if alert.name == "HighErrorRate")
    # One request in five fails: too few for this stack.
    verdict = run("promtool", "test", "rules", write_test(groups, tuned, tmp_path))
    assert verdict.returncode != 0
    assert "HighErrorRate fires" in verdict.stdout + verdict.stderr


def test_promtool_accepts_every_rule_file(tmp_path: Path) -> None:
    for group in LIBRARY:
        (tmp_path / f"{group.name}.yaml").write_text(to_yaml(rule_file(group, LINKS)), encoding="utf-8")
    verdict = run("promtool", "check", "rules", "--lint=all", "--lint-fatal", *sorted(tmp_path.glob("*.yaml")))
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_what_pages_is_critical_and_says_so() -> None:
    for alert in ALERTS:
        assert (alert.severity is Severity.CRITICAL) == (alert.static_labels["page"] == "true")


def test_an_alert_waits_longer_than_one_evaluation() -> None:
    hasty = [alert.name for alert in ALERTS if alert.lasting < minutes(1) and alert.severity is not Severity.NONE]
    assert hasty == []


def named(name: str) -> Alert:
    return next(alert for alert in ALERTS if alert.name == name)
