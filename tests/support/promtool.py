"""From an alert's two stories to a promtool test, with the texts that people would read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote_plus
from xml.etree import ElementTree as ET

from alerts.library import LIBRARY
from alerts.model import Alert, RuleGroup, alerts_of
from alerts.render.rules import Links, rule_file
from alerts.render.text import to_yaml
from alerts.scenario import Firing, Scenario
from alerts.texts import placeholders
from dashboards.library import dashboards
from dashboards.links import panel_links
from tests.support.recalled import contents, recalled
from tests.support.tools import run

_TEST = "test.yaml"

LINKS: Links = {
    "runbooks": "https://runbooks.example.org",
    "dashboards": "https://grafana.example.org",
    "panels": panel_links(dashboards(LIBRARY)),
}


def needed(groups: tuple[RuleGroup, ...], alert: Alert) -> list[RuleGroup]:
    """The alert, its namesakes, and what records what they read, in the groups and the order that they have."""
    read = {source.metric for each in alerts_of(groups) if each.name == alert.name for source in each.when.expr.reads}
    recordings = [rule for group in groups for rule in group.recordings]
    while more := {
        source.metric
        for rule in recordings
        if rule.name in read
        for source in rule.expr.reads
        if source.metric not in read
    }:
        read |= more
    narrowed = [
        replace(group, rules=tuple(rule for rule in group.rules if rule.name in {*read, alert.name}))
        for group in groups
    ]
    return [group for group in narrowed if group.rules]


def write_test(groups: tuple[RuleGroup, ...], alert: Alert, folder: Path) -> Path:
    """Writes the rule files and the test of both stories; returns the test's path."""
    alone = [each.name for each in alerts_of(groups)].count(alert.name) == 1
    tests = [
        _test(alert, alert.fires, _firing(alert, alert.fires, alone=alone), "fires"),
        *([_test(alert, alert.silent, _silent(alert, alert.silent), "stays silent")] if alert.silent else []),
    ]
    return written(folder, rules_of(needed(groups, alert)), str(alert.fires.step), tests)


def rules_of(groups: Sequence[RuleGroup]) -> Mapping[str, Any]:
    """Their rule files, by the groups' names."""
    return {group.name: rule_file(group, LINKS) for group in groups}


def written(folder: Path, rules: Mapping[str, Any], step: str, tests: Sequence[Mapping[str, Any]]) -> Path:
    """Writes the rule files and tests of them, which are evaluated every `step`; returns the tests' path."""
    for name, document in rules.items():
        (folder / f"{name}.yaml").write_text(to_yaml(document), encoding="utf-8")
    path = folder / _TEST
    document = {
        "rule_files": [f"{name}.yaml" for name in rules],
        "evaluation_interval": step,
        # Prometheus evaluates groups side by side; here a recording must come before what reads it.
        "group_eval_order": [*rules],
        "tests": [*tests],
    }
    path.write_text(to_yaml(document), encoding="utf-8")
    return path


def complaint(path: Path) -> str:
    """What promtool says against the tests, or nothing."""
    return verdicts([path])[path]


def verdicts(paths: Sequence[Path]) -> Mapping[Path, str]:
    """What promtool says against each test, or nothing. Each has a folder of its own, with all that it reads."""
    said = recalled("promtool", {path.parent: contents(path.parent) for path in paths}, _judged)
    return {path: said[path.parent] for path in paths}


def _judged(folders: Sequence[Path]) -> Mapping[Path, str]:
    """One process reads them all, for much of one is its start."""
    with TemporaryDirectory() as scratch:
        told = Path(scratch, "verdicts.xml")
        done = run("promtool", "test", "rules", f"--junit={told}", *(folder / _TEST for folder in folders))
        suites = ET.parse(told).getroot()  # noqa: S314 promtool's own
    said = {Path(suite.get("name", "")).parent: "\n".join(suite.itertext()) for suite in suites}
    assert said.keys() == {*folders}, done.stdout + done.stderr
    assert (done.returncode == 0) == (not any(said.values())), done.stderr
    return said


def _test(alert: Alert, scenario: Scenario, expected: Mapping[str, Any], what: str) -> dict[str, Any]:
    series = [{"series": each.series, "values": each.values} for each in scenario.given]
    return {"name": f"{alert.key} {what}", "interval": str(scenario.step), "input_series": series, **expected}


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
            "dashboard_url": LINKS["dashboards"] + opened(LINKS["panels"][alert.key], labels),
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


def opened(link: str, labels: Mapping[str, str]) -> str:
    """The link as a person follows it."""
    return re.sub(r"\{\{ \$labels\.(\w+) \| urlquery \}\}", lambda match: quote_plus(labels[match[1]]), link)


def read(text: str, labels: Mapping[str, str], value: str) -> str:
    """The text as a person reads it."""
    for name, shown in placeholders(text):
        if name == "value":
            assert value, f"the scenario does not say how the value reads in {text!r}"
            text = text.replace(f"{{value:{shown}}}", value)
        else:
            text = text.replace(f"{{{name}}}", labels[name])
    return text
