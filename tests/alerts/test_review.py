"""A stack whose parts contradict each other is refused. Each check catches a planted fault."""

from dataclasses import replace
from typing import Any

import pytest

from alerts.expression import Expr, Source
from alerts.inhibitions import INHIBITIONS
from alerts.library import LIBRARY, RUNBOOKS
from alerts.model import Alert, Inhibition, Recording, RuleGroup
from alerts.review import Subject, review
from catalogue import CATALOGUE
from catalogue.model.board import Board
from catalogue.model.ownership import Service, Team
from catalogue.model.time import days
from tests.support.examples import config

GOOD = Subject(
    catalogue=CATALOGUE,
    groups=LIBRARY,
    inhibitions=INHIBITIONS,
    config=config(),
    runbooks=RUNBOOKS,
    metrics_retention=days(45),
)
STRANGERS = Team(name="strangers", mission="Nobody knows them.", tickets_wait=False)


def with_rule(name: str, **changes: Any) -> Subject:
    """The good subject, with one rule changed."""
    groups = tuple(
        replace(
            group,
            rules=tuple(replace(rule, **changes) if rule.name == name else rule for rule in group.rules),
        )
        for group in LIBRARY
    )
    return replace(GOOD, groups=groups)


def without_rule(name: str) -> Subject:
    groups = tuple(replace(group, rules=tuple(rule for rule in group.rules if rule.name != name)) for group in LIBRARY)
    return replace(GOOD, groups=groups)


def reading(job: str, metric: str) -> Expr:
    expr = next(rule for group in LIBRARY for rule in group.recordings).expr
    return replace(expr, reads=frozenset({Source(job, metric)}))


def errors(subject: Subject) -> list[str]:
    return [str(problem) for problem in review(subject).errors]


def alert(name: str) -> Alert:
    return next(each for group in LIBRARY for each in group.alerts if each.name == name)


def twice(name: str) -> Subject:
    again = RuleGroup(name="again", interval=LIBRARY[0].interval, rules=(alert(name),))
    return replace(GOOD, groups=(*LIBRARY, again))


def recorded_twice() -> Subject:
    rule: Recording = LIBRARY[0].recordings[0]
    again = RuleGroup(name="again", interval=LIBRARY[0].interval, rules=(rule,))
    return replace(GOOD, groups=(*LIBRARY, again))


def misrouted() -> Subject:
    broken = config()
    broken["route"]["routes"] = [each for each in broken["route"].get("routes", []) if each.get("receiver") != "data"]
    return replace(GOOD, config=broken)


def muted() -> Subject:
    broken = config()
    for team in broken["route"].get("routes", []):
        for route in team.get("routes", []):
            route["mute_time_intervals"] = ["out-of-hours"]
    return replace(GOOD, config=broken)


def without_receiver() -> Subject:
    broken = config()
    broken["receivers"] = [each for each in broken["receivers"] if each["name"] != "database"]
    return replace(GOOD, config=broken)


def greedy() -> Subject:
    exporters = tuple(
        replace(each, sample_limit=100) if each.job == "openpolicy" else each for each in CATALOGUE.exporters
    )
    return replace(GOOD, catalogue=replace(CATALOGUE, exporters=exporters))


INHIBITION = Inhibition(because="-", source='alertname="ServiceDwn"', target='alertname="HighErrorRate"', equal=())
FAULTS: dict[str, tuple[Subject, str]] = {
    "an alert defined twice": (
        twice("ServiceDown"),
        "rule ServiceDown: again and openpolicy-api-alerts both define it",
    ),
    "a series recorded twice": (recorded_twice(), "again and openpolicy-services both define it"),
    "a recording that nobody makes": (
        without_rule("service:http_requests:rate5m"),
        "rule HighErrorRate: no rule records service:http_requests:rate5m",
    ),
    "a job that nothing scrapes": (
        with_rule("service:http_requests:rate5m", expr=reading("openpolcy", "http_requests_total")),
        "nothing scrapes the job openpolcy; did you mean openpolicy?",
    ),
    "a metric that the job does not expose": (
        with_rule("service:http_requests:rate5m", expr=reading("openpolicy", "http_request_total")),
        "the job openpolicy does not expose http_request_total; did you mean http_requests_total?",
    ),
    "a team that is not in the catalogue": (
        with_rule("HighErrorRate", team=STRANGERS),
        "alert HighErrorRate: the team strangers is not in the catalogue",
    ),
    "a service that is not in the catalogue": (
        with_rule("HighMemoryUsage", service=Service(name="nodes", team=STRANGERS, purpose="-")),
        "the service nodes is not in the catalogue; did you mean node?",
    ),
    "a dashboard that does not exist": (
        with_rule("HighErrorRate", board=Board("op-overview", "Overview")),
        "its dashboard op-overview does not exist",
    ),
    "an alert that reaches another team": (
        misrouted(),
        "alert ScraperFailures service=scraper: it reaches platform and not",
    ),
    "a page that waits for office hours": (muted(), "it pages, and yet waits for office hours"),
    "a receiver that does not exist": (without_receiver(), "its receiver database does not exist"),
    "an alert without a runbook": (
        replace(GOOD, runbooks=RUNBOOKS - {"ServiceDown"}),
        "alert ServiceDown: it has no runbook; write alerts/runbooks/ServiceDown.md",
    ),
    "a runbook without an alert": (
        replace(GOOD, runbooks=RUNBOOKS | {"ServceDown"}),
        "runbook ServceDown.md: no alert has this name; did you mean ServiceDown?",
    ),
    "an inhibition of an alert that does not exist": (
        replace(GOOD, inhibitions=(INHIBITION,)),
        "no alert is called ServiceDwn; did you mean ServiceDown?",
    ),
    "more series than a scrape may bring": (greedy(), "job openpolicy: its metrics may make"),
}


def test_the_stack_as_it_is_passes() -> None:
    assert review(GOOD).errors == ()
    assert review(GOOD).warnings == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_refused(fault: str) -> None:
    subject, complaint = FAULTS[fault]
    assert any(complaint in error for error in errors(subject)), errors(subject)


def test_all_faults_are_told_at_once() -> None:
    subject = replace(GOOD, runbooks=RUNBOOKS - {"ServiceDown"}, inhibitions=(INHIBITION,))
    assert len(errors(subject)) == 2


def test_development_may_keep_less_and_tell_nobody_and_hears_of_it() -> None:
    quiet = config(pages=False, dead_mans_switch=False)
    verdict = review(replace(GOOD, metrics_retention=days(15), config=quiet))
    assert verdict.errors == ()
    said = " ".join(map(str, verdict.warnings))
    assert "error budget" in said
    assert "PagerDuty is off" in said
    assert "nobody notices when alerting dies" in said
