"""Refuses a stack whose parts contradict each other, before anything of it is registered."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from alerts.model import Alert, Inhibition, RuleGroup, Severity, alerts_of
from alerts.render.receivers import DEAD_MANS_SWITCH, SILENT
from alerts.render.routes import Config
from alerts.routing import Router
from alerts.sources import Known, unproduced, unused
from alerts.timing import misfits
from catalogue.model.catalogue import Catalogue
from catalogue.model.problem import Problem, nearest
from catalogue.model.time import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Everything that has to fit together."""

    catalogue: Catalogue
    """With the jobs that this stack scrapes."""

    library: tuple[RuleGroup, ...]
    """Every rule there is: runbooks and inhibitions know them all."""

    groups: tuple[RuleGroup, ...]
    """The rules of this stack."""

    inhibitions: tuple[Inhibition, ...]
    config: Config
    runbooks: AbstractSet[str]
    """Names of the alerts that have a page."""

    scrape_interval: Duration
    """Of jobs that have none of their own."""

    metrics_retention: Duration
    """How long Prometheus keeps samples."""

    shown: AbstractSet[str]
    """Names of the series that dashboards read."""

    namespace: str
    """Where the stack lives."""

    watched: str
    """Regular expression for the namespaces whose workloads rules read."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What forbids the stack, and what its owner ought to know."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def review(subject: Subject) -> Verdict:
    """Checks everything and stops at nothing, so that one message lists all."""
    catalogue, groups = subject.catalogue, subject.groups
    errors = (
        *_names(subject),
        *unproduced(groups, Known.of(groups, catalogue.exporters, catalogue.scrape_metrics)),
        *unused(groups, subject.shown),
        *misfits(
            groups,
            catalogue.exporters,
            scrape_interval=subject.scrape_interval,
            retention=subject.metrics_retention,
            # A stack for trying things may keep less than these, and is warned below.
            periods={slo.period for slo in catalogue.slos},
        ),
        *_owners(subject),
        *_receivers(subject),
        *_runbooks(subject),
        *_inhibitions(subject),
        *_series(subject),
        *_namespaces(subject),
    )
    return Verdict(errors, (*_history(subject), *_deliveries(subject)))


def _names(subject: Subject) -> Iterator[Problem]:
    seen = dict[str, str]()
    for group in subject.groups:
        for rule in group.rules:
            own = f"{rule.name} severity={rule.severity}" if isinstance(rule, Alert) else rule.name
            key = " ".join([own, *(f"{label}={value}" for label, value in sorted(rule.labels.items()))])
            key += f" service={rule.service.name}" if isinstance(rule, Alert) and rule.service else ""
            if key in seen:
                yield Problem(f"rule {rule.name}", f"{group.name} and {seen[key]} both define it", "remove one")
            seen[key] = group.name


def _owners(subject: Subject) -> Iterator[Problem]:
    catalogue = subject.catalogue
    known_teams, known_services, known_boards = map(set, (catalogue.teams, catalogue.services, catalogue.boards))
    for alert in alerts_of(subject.groups):
        where = f"alert {alert.identity}"
        if alert.team not in known_teams:
            teams = [team.name for team in catalogue.teams]
            yield Problem(where, f"the team {alert.team.name} is not in the catalogue", nearest(alert.team.name, teams))
        if alert.service and alert.service not in known_services:
            services = [service.name for service in catalogue.services]
            what = f"the service {alert.service.name} is not in the catalogue"
            yield Problem(where, what, nearest(alert.service.name, services))
        if alert.board not in known_boards:
            boards = [board.uid for board in catalogue.boards]
            yield Problem(where, f"its dashboard {alert.board.uid} does not exist", nearest(alert.board.uid, boards))


def _receivers(subject: Subject) -> Iterator[Problem]:
    known, router = {each["name"] for each in subject.config["receivers"]}, Router.of(subject.config["route"])
    for alert in alerts_of(subject.groups):
        where = f"alert {alert.identity}"
        labels = {"alertname": alert.name} | alert.static_labels
        told = router.receiver(labels)
        if told not in known:
            yield Problem(where, f"its receiver {told} does not exist", nearest(told, known))
        elif alert.severity in (Severity.CRITICAL, Severity.WARNING) and told != alert.team.name:
            yield Problem(
                where, f"it reaches {told} and not its team {alert.team.name}", "mend alerts/render/routes.py"
            )
        if alert.pages and router.muted(labels):
            yield Problem(where, "it pages, and yet waits for office hours", "mend alerts/render/routes.py")


def _runbooks(subject: Subject) -> Iterator[Problem]:
    names = {alert.name for alert in alerts_of(subject.library)}
    for name in sorted(names - subject.runbooks):
        yield Problem(f"alert {name}", "it has no runbook", f"write alerts/runbooks/{name}.md")
    for name in sorted(subject.runbooks - names):
        yield Problem(f"runbook {name}.md", "no alert has this name", nearest(name, names))


def _inhibitions(subject: Subject) -> Iterator[Problem]:
    names = {alert.name for alert in alerts_of(subject.library)}
    for inhibition in subject.inhibitions:
        for matchers in (inhibition.source, inhibition.target):
            for listed in re.findall(r'alertname=~?"([^"]*)"', matchers):
                for name in listed.split("|"):
                    if name not in names:
                        yield Problem(f"inhibition of {listed}", f"no alert is called {name}", nearest(name, names))


def _series(subject: Subject) -> Iterator[Problem]:
    ours = set(subject.catalogue.metrics)
    for exporter in subject.catalogue.exporters:
        bounded = [metric for metric in exporter.metrics if metric in ours]
        worst = sum(metric.worst_series for metric in bounded)
        if worst > exporter.sample_limit:
            what = (
                f"its metrics may make {worst} series, and a scrape of over {exporter.sample_limit} is rejected whole"
            )
            yield Problem(f"job {exporter.job}", what, "lower the labels' bounds or raise the job's sample limit")


def _namespaces(subject: Subject) -> Iterator[Problem]:
    if not re.fullmatch(subject.watched, subject.namespace):
        what = f"no rule would notice what happens to workloads in {subject.namespace}"
        yield Problem("openpolicy:cluster.namespace", what, "add it to WATCHED_NAMESPACES in catalogue/services.py")


def _history(subject: Subject) -> Iterator[Problem]:
    # The settings refuse this in production.
    for slo in subject.catalogue.slos:
        if subject.metrics_retention < slo.period:
            what = f"{subject.metrics_retention} of samples cannot show the error budget of {slo.period}"
            yield Problem(f"SLO {slo.name}", what, "set openpolicy:metrics.retention to more")


def _deliveries(subject: Subject) -> Iterator[Problem]:
    receivers = {each["name"]: each for each in subject.config["receivers"]}
    if not any("pagerduty_configs" in each for each in receivers.values()):
        yield Problem("paging", "PagerDuty is off: alerts are shown, and nobody is told")
    if DEAD_MANS_SWITCH not in receivers:
        yield Problem(
            "dead man's switch", f"it is off: Watchdog goes to {SILENT}, and nobody notices when alerting dies"
        )
