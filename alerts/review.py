"""Refuses a stack whose parts contradict each other, before anything of it is registered."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from alerts.expression import Source
from alerts.model import Alert, Inhibition, RuleGroup, Severity, alerts_of, expression
from alerts.render.receivers import DEAD_MANS_SWITCH, SILENT
from alerts.render.routes import Config
from alerts.routing import muted, receiver
from catalogue.model.catalogue import Catalogue
from catalogue.model.problem import Problem, nearest
from catalogue.model.time import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Everything that has to fit together."""

    catalogue: Catalogue
    groups: tuple[RuleGroup, ...]
    inhibitions: tuple[Inhibition, ...]
    config: Config
    runbooks: AbstractSet[str]
    """Names of the alerts that have a page."""

    metrics_retention: Duration
    """How long Prometheus keeps samples."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What forbids the stack, and what its owner ought to know."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def review(subject: Subject) -> Verdict:
    """Checks everything and stops at nothing, so that one message lists all."""
    errors = (
        *_names(subject),
        *_sources(subject),
        *_owners(subject),
        *_receivers(subject),
        *_runbooks(subject),
        *_inhibitions(subject),
        *_series(subject),
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


def _sources(subject: Subject) -> Iterator[Problem]:
    exposed = {
        Source(exporter.job, metric.name)
        for exporter in subject.catalogue.exporters
        for metric in (*exporter.metrics, *subject.catalogue.scrape_metrics)
    }
    recorded = {rule.name for group in subject.groups for rule in group.recordings}
    jobs = {source.job for source in exposed}
    for group in subject.groups:
        for rule in group.rules:
            for source in sorted(expression(rule).reads - exposed):
                where = f"rule {rule.name}"
                if not source.job:
                    if source.metric not in recorded:
                        yield Problem(where, f"no rule records {source.metric}", nearest(source.metric, recorded))
                elif source.job not in jobs:
                    yield Problem(where, f"nothing scrapes the job {source.job}", nearest(source.job, jobs))
                else:
                    names = [each.metric for each in exposed if each.job == source.job]
                    what = f"the job {source.job} does not expose {source.metric}"
                    yield Problem(where, what, nearest(source.metric, names))


def _owners(subject: Subject) -> Iterator[Problem]:
    catalogue = subject.catalogue
    for alert in alerts_of(subject.groups):
        where = f"alert {alert.identity}"
        if alert.team not in catalogue.teams:
            teams = [team.name for team in catalogue.teams]
            yield Problem(where, f"the team {alert.team.name} is not in the catalogue", nearest(alert.team.name, teams))
        if alert.service and alert.service not in catalogue.services:
            services = [service.name for service in catalogue.services]
            what = f"the service {alert.service.name} is not in the catalogue"
            yield Problem(where, what, nearest(alert.service.name, services))
        if alert.board not in catalogue.boards:
            boards = [board.uid for board in catalogue.boards]
            yield Problem(where, f"its dashboard {alert.board.uid} does not exist", nearest(alert.board.uid, boards))


def _receivers(subject: Subject) -> Iterator[Problem]:
    known = {each["name"] for each in subject.config["receivers"]}
    for alert in alerts_of(subject.groups):
        where = f"alert {alert.identity}"
        labels = {"alertname": alert.name} | alert.static_labels
        told = receiver(subject.config, labels)
        if told not in known:
            yield Problem(where, f"its receiver {told} does not exist", nearest(told, known))
        elif alert.severity in (Severity.CRITICAL, Severity.WARNING) and told != alert.team.name:
            yield Problem(
                where, f"it reaches {told} and not its team {alert.team.name}", "mend alerts/render/routes.py"
            )
        if alert.pages and muted(subject.config, labels):
            yield Problem(where, "it pages, and yet waits for office hours", "mend alerts/render/routes.py")


def _runbooks(subject: Subject) -> Iterator[Problem]:
    names = {alert.name for alert in alerts_of(subject.groups)}
    for name in sorted(names - subject.runbooks):
        yield Problem(f"alert {name}", "it has no runbook", f"write alerts/runbooks/{name}.md")
    for name in sorted(subject.runbooks - names):
        yield Problem(f"runbook {name}.md", "no alert has this name", nearest(name, names))


def _inhibitions(subject: Subject) -> Iterator[Problem]:
    names = {alert.name for alert in alerts_of(subject.groups)}
    for inhibition in subject.inhibitions:
        for matchers in (inhibition.source, inhibition.target):
            for listed in re.findall(r'alertname=~?"([^"]*)"', matchers):
                for name in listed.split("|"):
                    if name not in names:
                        yield Problem(f"inhibition of {listed}", f"no alert is called {name}", nearest(name, names))


def _series(subject: Subject) -> Iterator[Problem]:
    for exporter in subject.catalogue.exporters:
        bounded = [metric for metric in exporter.metrics if metric in subject.catalogue.metrics]
        worst = sum(metric.worst_series for metric in bounded)
        if worst > exporter.sample_limit:
            what = (
                f"its metrics may make {worst} series, and a scrape of over {exporter.sample_limit} is rejected whole"
            )
            yield Problem(f"job {exporter.job}", what, "lower the labels' bounds or raise the job's sample limit")


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
