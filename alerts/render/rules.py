"""Rule groups as Prometheus reads them."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from alerts.model import NEVER, Alert, Recording, RuleGroup
from alerts.texts import template

# `for` is a keyword, so these two are written in the functional form.
RuleDocument = TypedDict(
    "RuleDocument",
    {
        "alert": NotRequired[str],
        "record": NotRequired[str],
        "expr": str,
        "for": NotRequired[str],
        "keep_firing_for": NotRequired[str],
        "labels": NotRequired[dict[str, str]],
        "annotations": NotRequired[dict[str, str]],
    },
)


class GroupDocument(TypedDict):
    """One group of a rule file."""

    name: str
    interval: str
    rules: list[RuleDocument]


class Links(TypedDict):
    """Where the pages that annotations link to live, without a slash at the end."""

    runbooks: str
    dashboards: str
    panels: Mapping[str, str]
    """Path and query below `dashboards` of the panel that shows an alert, by the alert's identity."""


def rule_file(group: RuleGroup, links: Links) -> dict[str, list[GroupDocument]]:
    """A rule file with this one group; also the `spec` of a PrometheusRule."""
    return {
        "groups": [
            {
                "name": group.name,
                "interval": str(group.interval),
                "rules": [
                    _recording(rule) if isinstance(rule, Recording) else _alert(rule, links) for rule in group.rules
                ],
            }
        ]
    }


def _recording(rule: Recording) -> RuleDocument:
    document: RuleDocument = {"record": rule.name, "expr": rule.expr.text}
    if rule.labels:
        document["labels"] = dict(rule.labels)
    return document


def _alert(alert: Alert, links: Links) -> RuleDocument:
    document: RuleDocument = {"alert": alert.name, "expr": alert.when.expr.text}
    if alert.lasting != NEVER:
        document["for"] = str(alert.lasting)
    if alert.keep_firing != NEVER:
        document["keep_firing_for"] = str(alert.keep_firing)
    document["labels"] = alert.static_labels
    document["annotations"] = annotations(alert, links)
    return document


def annotations(alert: Alert, links: Links) -> dict[str, str]:
    """What a person reads, as Prometheus' templates, and where they read on."""
    return {
        "summary": template(alert.summary, alert.static_labels),
        "description": template(alert.description, alert.static_labels),
        "runbook_url": f"{links['runbooks']}/{alert.name}",
        "dashboard_url": f"{links['dashboards']}{links['panels'][alert.key]}",
    }
