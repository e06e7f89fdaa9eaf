"""What a stack changes about single alerts, held against the alerts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from alerts.model import RuleGroup, Severity, alerts_of
from alerts.tuning import Override, check_overrides
from catalogue.model.problem import Problem
from components.settings.given import Given


def read_overrides(settings: Given) -> dict[str, Override]:
    """By the alerts' names: everything in them that is right by itself."""
    return {name: _override(settings, f"alerts.{name}") for name in settings.get("alerts", ())}


def _override(settings: Given, path: str) -> Override:
    severity = settings.get(f"{path}.severity")
    return Override(
        threshold=settings.get(f"{path}.threshold"),
        lasting=settings.get(f"{path}.for"),
        severity=Severity(severity) if severity else None,
    )


def refused_overrides(
    groups: tuple[RuleGroup, ...], overrides: Mapping[str, Override], where: str
) -> Iterator[Problem]:
    """What the alerts refuse; `where` is the setting's path."""
    heartbeats = {alert.name for alert in alerts_of(groups) if alert.severity is Severity.NONE}
    for name, override in overrides.items():
        if name in heartbeats:
            yield Problem(
                f"{where}.{name}", "this alert proves that alerting works, and is the same everywhere", "remove it"
            )
            continue
        for problem in check_overrides(groups, {name: override}, where):
            # What the alert itself refuses is a threshold, and it knows no path.
            yield (
                problem
                if problem.remedy
                else replace(problem, where=f"{problem.where}.threshold", remedy="choose another, or remove it")
            )
