"""From an alert's two stories to a promtool test, with the texts that people would read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alerts.model import Alert, RuleGroup, alerts_of
from alerts.render.rules import Links, rule_file
from alerts.render.text import to_yaml
from alerts.scenario import Firing, Scenario
from alerts.texts import placeholders

LINKS: Links = {"runbooks": "https://runbooks.example.org", "dashboards": "https://grafana.example.org"}


def needed(groups: tuple[RuleGroup, ...], alert: Alert) -> list[RuleGroup]:
    """The alert's group and those that record what it reads, in the order in which they are evaluated."""
    chosen = {group.name for group in groups if alert in group.alerts}
    while True:
        metrics = {source.metric for group in groups if group.name in chosen for source in group.reads}
        more = {group.name for group in groups if any(rule.name in metrics for rule in group.recordings)}
        if more <= chosen:
            return [group for group in groups if group.name in chosen]
        chosen |= more


def write_test(groups: tuple[RuleGroup, ...], alert: Alert, folder: Path) -> Path:
    """Writes the rule files and the test of both stories; returns the test's path."""
    files = list[str]()
    for group in needed(groups, alert):
        files.append(f"{group.name}.yaml")
        (folder / files[-1]).write_text(to_yaml(rule_file(group, LINKS)), encoding="utf-8")
    alone = [each.name for each in alerts_of(groups)].count(alert.name) == 1
    path = folder / "test.yaml"
    document = {
        "rule_files": files,
        "evaluation_interval": str(alert.fires.step),
        # Prometheus evaluates groups side by side; here a recording must come before what reads it.
        "group_eval_order": [group.name for group in needed(groups, alert)],
        "tests": [
            _test(alert, alert.fires, _firing(alert, alert.fires, alone=alone), "fires"),
            *([_test(alert, alert.silent, _silent(alert, alert.silent), "stays silent")] if alert.silent else []),
        ],
    }
    path.write_text(to_yaml(document), encoding="utf-8")
    return path


def _test(alert: Alert, scenario: Scenario, expected: Mapping[str, Any], what: str) -> dict[str, Any]:
    series = [{"series": each.series, "values": each.values} for each in scenario.given]
    return {"name": f"{alert.identity} {what}", "interval": str(scenario.step), "input_series": series, **expected}


def _firing(alert: Alert, scenario: Firing, *, alone: bool) -> dict[str, Any]:
    labels = dict(scenario.labels) | alert.static_labels
    if not alone:
        return _alerts_series(alert, scenario, [{"labels": _series(alert, labels), "value": 1}])
    expected = {
        "exp_labels": labels,
        "exp_annotations": {
            "summary": read(alert.summary, labels, scenario.value),
            "description": read(alert.description, labels, scenario.value),
            "runbook_url": f"{LINKS['runbooks']}/{alert.name}",
            "dashboard_url": f"{LINKS['dashboards']}/d/{alert.board.uid}",
        },
    }
    return {"alert_rule_test": [{"eval_time": str(scenario.at), "alertname": alert.name, "exp_alerts": [expected]}]}


def _silent(alert: Alert, scenario: Scenario) -> dict[str, Any]:
    return _alerts_series(alert, scenario, [])


def _alerts_series(alert: Alert, scenario: Scenario, samples: list[dict[str, Any]]) -> dict[str, Any]:
    """What fires under this name, told apart from others of that name by the labels that the rule sets."""
    own = {"alertname": alert.name, "alertstate": "firing"} | alert.static_labels
    selector = ",".join(f'{label}="{value}"' for label, value in own.items())
    return {
        "promql_expr_test": [{"expr": f"ALERTS{{{selector}}}", "eval_time": str(scenario.at), "exp_samples": samples}]
    }


def _series(alert: Alert, labels: Mapping[str, str]) -> str:
    pairs = {"alertname": alert.name, "alertstate": "firing"} | dict(labels)
    return "ALERTS{" + ",".join(f'{label}="{value}"' for label, value in pairs.items()) + "}"


def read(text: str, labels: Mapping[str, str], value: str) -> str:
    """The text as a person reads it."""
    for name, shown in placeholders(text):
        if name == "value":
            assert value, f"the scenario does not say how the value reads in {text!r}"
            text = text.replace(f"{{value:{shown}}}", value)
        else:
            text = text.replace(f"{{{name}}}", labels[name])
    return text
