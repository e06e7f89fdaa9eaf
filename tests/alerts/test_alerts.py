"""Every alert fires once and stays silent once, under the real promtool."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from alerts.library import LIBRARY
from alerts.model import Alert, Severity, alerts_of
from alerts.render.rules import rule_file
from alerts.render.text import to_yaml
from alerts.scenario import Scenario
from alerts.tuning import Override, tune
from catalogue.exporters import ELASTICSEARCH_EXPORTER
from catalogue.model.time import minutes
from tests.support.promtool import LINKS, verdicts, write_test
from tests.support.tools import run

ALERTS = alerts_of(LIBRARY)


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What promtool says against each alert that is asked for."""
    params = (getattr(each, "callspec", None) for each in request.session.items)
    alerts = (each.params.get("alert") for each in params if each is not None)
    asked = {each.key: each for each in alerts if isinstance(each, Alert)}
    paths = {key: write_test(LIBRARY, alert, tmp_path_factory.mktemp("alert")) for key, alert in asked.items()}
    said = verdicts([*paths.values()])
    return {key: said[path] for key, path in paths.items()}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: f"{alert.identity} {alert.severity}")
def test_an_alert_fires_and_stays_silent(alert: Alert, told: Mapping[str, str]) -> None:
    assert told[alert.key] == ""


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
    assert "HighErrorRate critical fires" in verdict.stdout + verdict.stderr


def test_promtool_accepts_every_rule_file(tmp_path: Path) -> None:
    for group in LIBRARY:
        (tmp_path / f"{group.name}.yaml").write_text(to_yaml(rule_file(group, LINKS)), encoding="utf-8")
    verdict = run("promtool", "check", "rules", "--lint=all", "--lint-fatal", *sorted(tmp_path.glob("*.yaml")))
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_what_pages_is_critical_and_says_so() -> None:
    for alert in ALERTS:
        assert (alert.severity is Severity.CRITICAL) == (alert.static_labels["page"] == "true")


def test_an_alert_waits_longer_than_one_evaluation() -> None:
    told = [alert for alert in ALERTS if alert.severity is not Severity.NONE]
    # What happens once is told at once, and for as long as somebody needs to look.
    hasty = [alert.name for alert in told if alert.lasting < minutes(1) and alert.keep_firing < minutes(5)]
    assert hasty == []


def test_elasticsearch_s_cluster_does_not_take_the_place_of_ours() -> None:
    # Its exporter names Elasticsearch's cluster in the label by which Alertmanager tells ours apart. What is added up
    # loses that label; what is not still has its target's instance.
    for alert in ALERTS:
        labels = alert.when.expr.labels
        assert "cluster" not in labels, alert.identity
        if any(source.job == ELASTICSEARCH_EXPORTER.job for source in alert.when.expr.reads):
            assert "instance" not in labels, alert.identity


def named(name: str) -> Alert:
    return next(alert for alert in ALERTS if alert.name == name)
