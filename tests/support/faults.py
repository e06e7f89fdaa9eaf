"""A stack that passes, and faults planted in it: each is one way in which its parts can contradict each other."""

from dataclasses import replace
from typing import Any

from alerts.expression import Expr, Source
from alerts.library import LIBRARY, RUNBOOKS
from alerts.library.inhibitions import INHIBITIONS
from alerts.model import Alert, Inhibition, Recording, RuleGroup
from alerts.review import Subject
from catalogue import CATALOGUE
from catalogue.model.board import Board
from catalogue.model.ownership import Service, Team
from catalogue.model.time import Duration, days, minutes, seconds
from catalogue.services import WATCHED_NAMESPACES
from dashboards.library import dashboards
from dashboards.model import shown
from tests.support.examples import config

GOOD = Subject(
    catalogue=CATALOGUE,
    library=LIBRARY,
    groups=LIBRARY,
    inhibitions=INHIBITIONS,
    config=config(),
    runbooks=RUNBOOKS,
    scrape_interval=seconds(15),
    metrics_retention=days(45),
    namespace="observability",
    watched=WATCHED_NAMESPACES,
    shown=shown(dashboards(LIBRARY)),
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
    return replace(GOOD, groups=groups, library=groups)


def without_rule(name: str) -> Subject:
    groups = tuple(replace(group, rules=tuple(rule for rule in group.rules if rule.name != name)) for group in LIBRARY)
    return replace(GOOD, groups=groups, library=groups)


def reading(job: str, metric: str) -> Expr:
    expr = next(rule for group in LIBRARY for rule in group.recordings).expr
    return replace(expr, reads=frozenset({Source(job, metric)}))


def alert(name: str) -> Alert:
    return next(each for group in LIBRARY for each in group.alerts if each.name == name)


def twice(name: str) -> Subject:
    again = RuleGroup(name="again", interval=LIBRARY[0].interval, rules=(alert(name),))
    return replace(GOOD, groups=(*LIBRARY, again), library=(*LIBRARY, again))


def recorded_twice() -> Subject:
    rule: Recording = LIBRARY[0].recordings[0]
    again = RuleGroup(name="again", interval=LIBRARY[0].interval, rules=(rule,))
    return replace(GOOD, groups=(*LIBRARY, again), library=(*LIBRARY, again))


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


def with_job(job: str, **changes: Any) -> Subject:
    """The good subject, with one scrape job changed."""
    exporters = tuple(replace(each, **changes) if each.job == job else each for each in CATALOGUE.exporters)
    return replace(GOOD, catalogue=replace(CATALOGUE, exporters=exporters))


def greedy() -> Subject:
    return with_job("openpolicy", sample_limit=100)


def scraped_every(job: str, interval: Duration) -> Subject:
    return with_job(job, interval=interval)


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
    "a recording that nothing reads": (
        replace(GOOD, shown=frozenset[str]()),
        "rule slo:current_burn_rate:ratio: no rule and no dashboard reads what it records",
    ),
    "a rate over fewer than four scrapes": (
        replace(GOOD, scrape_interval=seconds(90)),
        "rule service:http_requests:rate5m: 5m of http_requests_total hold less than 4 samples",
    ),
    "a rate that a job's own interval starves": (
        scraped_every("openpolicy", minutes(2)),
        "5m of http_requests_total hold less than 4 samples, for there is one every 2m",
    ),
    "a value over less than two samples": (
        replace(GOOD, scrape_interval=seconds(45)),
        "rule DatabasePoolExhausted: 1m of db_connection_pool_available hold less than 2 samples",
    ),
    "a window beyond what is kept": (
        replace(GOOD, metrics_retention=days(2)),
        "slo:sli_error:ratio_rate3d: it looks 3d back, and samples are kept for 2d",
    ),
    "a group that is evaluated more often than there are samples": (
        replace(GOOD, scrape_interval=minutes(1)),
        "rule group openpolicy-services: it is evaluated every 30s, and there are new samples every 1m",
    ),
    "an alert that waits for less than an evaluation": (
        with_rule("HighErrorRate", lasting=seconds(10)),
        "alert HighErrorRate: for is 10s, and openpolicy-api-alerts is evaluated every 30s",
    ),
    "an alert on something missing that fires at every start": (
        with_rule("ServiceAbsent", lasting=minutes(1)),
        "alert ServiceAbsent service=api-gateway: it looks for what is missing, and after a start everything is",
    ),
    "an alert that keeps firing for less than an evaluation": (
        with_rule("HighErrorRate", keep_firing=seconds(10)),
        "alert HighErrorRate: keep_firing_for is 10s",
    ),
    "a namespace whose workloads nobody watches": (
        replace(GOOD, namespace="observability-2"),
        "no rule would notice what happens to workloads in observability-2; add it to WATCHED_NAMESPACES",
    ),
    "more series than a scrape may bring": (greedy(), "job openpolicy: its metrics may make"),
}
