"""Who is told: our walk of the routing tree, and the real amtool, agree for every alert."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from alerts import words
from alerts.library import LIBRARY
from alerts.library.inhibitions import INHIBITIONS
from alerts.model import Alert, Inhibition, Severity, alerts_of
from alerts.render.receivers import DEAD_MANS_SWITCH, SILENT, TEMPLATES
from alerts.render.routes import inhibit_rules
from alerts.render.text import to_yaml
from alerts.routing import Router, inhibits, matches
from catalogue import CATALOGUE
from tests.support.examples import config
from tests.support.recalled import recalled
from tests.support.tools import run

ALERTS = alerts_of(LIBRARY)
CONFIG = config()
ROUTER = Router.of(CONFIG["route"])
STRANGERS: list[Mapping[str, str]] = [
    {"alertname": "Unheard", "severity": "critical", "team": "nobody"},
    {"alertname": "Unheard", "severity": "critical"},
    {"alertname": "Unheard"},
    {"alertname": "Unheard", "severity": "Critical", "team": "database"},
    {"alertname": "Unheard", "severity": "warning", "team": "platform2"},
    {"alertname": "Unheard", "severity": "critical", "team": "data", "slo": "freshness"},
]


def labels(alert: Alert) -> dict[str, str]:
    return {"alertname": alert.name} | dict(alert.fires.labels) | alert.static_labels


def told_by_amtool(path: Path, of: Mapping[str, str]) -> str:
    """Asks once for all alerts that differ in nothing that the configuration speaks of."""
    text = path.read_text(encoding="utf-8")
    named = {label: value for label, value in of.items() if label in text}
    if named["alertname"] not in text:
        del named["alertname"]
    pairs = tuple(f"{label}={value}" for label, value in named.items())
    return recalled("amtool", {pairs: f"{text}\0{pairs}"}, lambda _: {pairs: _asked(path, pairs)})[pairs]


@cache
def _asked(path: Path, pairs: Sequence[str]) -> str:
    verdict = run("amtool", "config", "routes", "test", f"--config.file={path}", *pairs)
    assert verdict.returncode == 0, verdict.stderr
    return verdict.stdout.strip()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("routes") / "alertmanager.yml"
    path.write_text(to_yaml(CONFIG), encoding="utf-8")
    return path


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: f"{alert.identity} {alert.severity}")
def test_an_alert_reaches_its_team_and_amtool_agrees(alert: Alert, written: Path) -> None:
    told = ROUTER.receiver(labels(alert))
    assert told_by_amtool(written, labels(alert)) == told
    match alert.severity:
        case Severity.CRITICAL | Severity.WARNING:
            assert told == alert.team.name
        case Severity.INFO:
            assert told == SILENT
        case Severity.NONE:
            assert told == (DEAD_MANS_SWITCH if alert.name == "Watchdog" else SILENT)


@pytest.mark.parametrize("stranger", STRANGERS, ids=str)
def test_what_no_route_claims_is_not_lost(stranger: Mapping[str, str], written: Path) -> None:
    told = ROUTER.receiver(stranger)
    assert told_by_amtool(written, stranger) == told
    known = {team.name for team in CATALOGUE.teams}
    assert told == (stranger["team"] if stranger.get("team") in known else CATALOGUE.last_resort.name)


def test_nothing_critical_waits_for_office_hours() -> None:
    critical = [labels(alert) for alert in ALERTS if alert.pages] + [
        {"alertname": "Unheard", "severity": "critical", "team": team.name, "slo": slo}
        for team in CATALOGUE.teams
        for slo in ("", "availability")
    ]
    assert [each for each in critical if ROUTER.muted(each)] == []


def test_the_tickets_of_a_team_that_waits_wait() -> None:
    waiting = {alert.name for alert in ALERTS if ROUTER.muted(labels(alert))}
    assert "ScraperFailures" in waiting
    assert "HighMemoryUsage" not in waiting


def test_one_incident_for_each_objective_whichever_window_burns() -> None:
    breaches = [labels(alert) for alert in ALERTS if alert.name == "AvailabilitySLOBreach"]
    groupings = {tuple(list(ROUTER.walk(each))[-1].get("group_by", [])) for each in breaches}
    assert groupings == {("slo", "service", "namespace")}


def test_without_vendors_teams_are_receivers_that_tell_nobody() -> None:
    quiet = config(pages=False, dead_mans_switch=False)
    assert (
        Router.of(quiet["route"]).receiver(labels(next(alert for alert in ALERTS if alert.name == "Watchdog")))
        == SILENT
    )
    assert all("pagerduty_configs" not in each for each in quiet["receivers"])


@pytest.mark.parametrize(
    ("source", "target", "inhibited"),
    [
        ("ServiceDown", "HighErrorRate", True),
        ("ServiceDown", "DatabasePoolExhausted", True),
        ("DatabasePoolExhausted", "DatabasePoolNearlyExhausted", True),
        ("HighErrorRate", "ServiceDown", False),
        ("ServiceDown", "HighMemoryUsage", False),
        ("DatabasePoolExhausted", "HighErrorRate", False),
    ],
)
def test_what_explains_what(source: str, target: str, inhibited: bool) -> None:  # noqa: FBT001 the table's third column
    by_name = {alert.name: labels(alert) for alert in ALERTS}
    found = any(inhibits(rule, by_name[source], by_name[target]) for rule in CONFIG["inhibit_rules"])
    assert found == inhibited


@pytest.mark.parametrize("inhibition", INHIBITIONS, ids=lambda each: each.because)
def test_an_inhibition_hides_what_it_names(inhibition: Inhibition) -> None:
    (rule,) = inhibit_rules([inhibition])
    hidden = [*words.hidden(rule, ALERTS)]
    assert hidden, "no alert can ever be hidden by it"
    # What only one of the two has would never be equal.
    for source, target in hidden:
        for label in inhibition.equal:
            missing = (
                label not in {"cluster", "alertname"}
                and label not in source.when.expr.labels | source.static_labels.keys()
            )
            assert not (missing and label in target.when.expr.labels), (
                f"{source.name} has no {label}, {target.name} has"
            )


def test_no_ticket_hides_a_page() -> None:
    hiding = [
        f"{source.key} hides {target.key}"
        for rule in inhibit_rules(INHIBITIONS)
        for source, target in words.hidden(rule, ALERTS)
        if target.pages and not source.pages
    ]
    assert hiding == []


def test_fast_burning_inhibits_slow_burning_of_the_same_objective_only() -> None:
    def breach(name: str, window: str) -> dict[str, str]:
        return next(labels(each) for each in ALERTS if each.name == name and each.labels.get("long_window") == window)

    fast = breach("AvailabilitySLOBreach", "1h")
    rules = CONFIG["inhibit_rules"]
    assert any(inhibits(rule, fast, breach("AvailabilitySLOBreach", "3d")) for rule in rules)
    assert not any(inhibits(rule, fast, breach("LatencySLOBreach", "3d")) for rule in rules)


def test_another_service_is_not_inhibited() -> None:
    by_name = {alert.name: labels(alert) for alert in ALERTS}
    other = by_name["HighErrorRate"] | {"service": "scraper"}
    assert not any(inhibits(rule, by_name["ServiceDown"], other) for rule in CONFIG["inhibit_rules"])


def test_every_inhibition_says_why_and_looks_at_the_cluster() -> None:
    assert all(each.because and "cluster" in each.equal for each in INHIBITIONS)


@pytest.mark.parametrize(
    ("matcher", "value", "expected"),
    [
        ('team="data"', "data", True),
        ('team="data"', "database", False),
        ('team=~"data|web"', "web", True),
        ('team=~"data"', "database", False),
        ('team!="data"', "", True),
        ('slo!=""', "", False),
        ('team!~"data.*"', "database", False),
    ],
)
def test_matchers_match_whole_values(matcher: str, value: str, expected: bool) -> None:  # noqa: FBT001 the table's third column
    assert matches([matcher], {"team": value, "slo": value} if value else {}) == expected


def test_the_templates_say_what_a_person_needs(tmp_path: Path) -> None:
    (tmp_path / "openpolicy.tmpl").write_text(TEMPLATES, encoding="utf-8")
    (tmp_path / "data.json").write_text(
        '{"receiver": "platform", "status": "firing", "alerts": [{"status": "firing", "labels": {"alertname": "X"},'
        ' "annotations": {"summary": "High error rate on api-gateway", "description": "20% fail."}}],'
        ' "commonLabels": {"severity": "critical"}, "externalURL": "https://alertmanager.example.org"}',
        encoding="utf-8",
    )

    def rendered(name: str, of: str = ".") -> str:
        text = f'{{{{ template "openpolicy.{name}" {of} }}}}'
        arguments = ("--template.glob", tmp_path / "*.tmpl", "--template.data", tmp_path / "data.json")
        verdict = run("amtool", "template", "render", *arguments, "--template.text", text)
        assert verdict.returncode == 0, verdict.stderr
        return verdict.stdout.strip()

    assert rendered("severity") == "critical"
    assert rendered("title") == "[FIRING:1] High error rate on api-gateway"
    assert rendered("alerts_url") == "https://alertmanager.example.org/#/alerts?receiver=platform"
    assert "20% fail." in rendered("instances", ".Alerts.Firing")
