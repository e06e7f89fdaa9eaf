"""Alerts: when each fires, who is told, and what they read.

The documents hold PromQL. What its numbers mean is known from the library, where an alert of that name is in it; of
others the numbers are told as they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import promql_parser

from alerts.expression import Op
from alerts.model import Alert
from alerts.words import compared
from catalogue.model.metric import Unit
from ops.diff.documents import Document, Documents
from ops.diff.facts import some
from ops.diff.model import Facts, Item

_COMMON = ("severity", "team", "page")
_OPERATORS = {str(op): op for op in Op}


def rules(documents: Documents) -> Iterator[tuple[Document, Document]]:
    """Every rule, with its group."""
    for inputs in documents.of_kind("PrometheusRule"):
        for group in inputs["spec"]["groups"]:
            yield from ((group, rule) for rule in group["rules"])


def read(documents: Documents, library: Mapping[str, Alert]) -> Sequence[Item]:
    """The alerting rules."""
    return [
        Item(
            name=rule["alert"],
            also=", ".join(f"{label} {value}" for label, value in identity(rule).items()),
            facts=_facts(rule, group, documents, library.get(rule["alert"])),
        )
        for group, rule in rules(documents)
        if "alert" in rule
    ]


def recordings(documents: Documents) -> Sequence[Item]:
    """The recording rules."""
    return [
        Item(
            name=rule["record"],
            also=", ".join(f"{label} {value}" for label, value in rule.get("labels", {}).items()),
            facts=some(
                expression=_pretty(rule["expr"]), evaluated_every=group.get("interval"), **rule.get("labels", {})
            ),
        )
        for group, rule in rules(documents)
        if "record" in rule
    ]


def identity(rule: Document) -> Mapping[str, str]:
    """What tells the alert from others of its name."""
    labels = rule.get("labels", {})
    own = {label: value for label, value in labels.items() if label not in _COMMON}
    return {**own, "severity": labels.get("severity", "none")}


def told(documents: Documents, rule: Document) -> str:
    """Who is told, and how."""
    labels = {"alertname": rule["alert"], **rule.get("labels", {})}
    routes, router = documents.routes, documents.router
    if routes is None or router is None:
        return "nobody is told"
    who = router.receiver(labels)
    ways = next((each for each in routes["receivers"] if each["name"] == who), {"name": who})
    if not ways.keys() - {"name"}:
        return "nobody is told"
    if labels.get("page") == "true":
        return f"pages {who} at any hour"
    return f"tells {who}, in office hours" if router.muted(labels) else f"tells {who}"


def _facts(rule: Document, group: Document, documents: Documents, known: Alert | None) -> Facts:
    measure, threshold, guards = _parts(rule["expr"], known.when.measure.unit if known else Unit.COUNT)
    labels: dict[str, str] = rule.get("labels", {})
    notes: dict[str, str] = rule.get("annotations", {})
    own = {f"label {label}": value for label, value in labels.items() if label not in _COMMON}
    return {
        **some(
            receiver=told(documents, rule),
            severity=labels.get("severity"),
            team=labels.get("team"),
            threshold=threshold,
            duration=f"for {rule['for']}" if "for" in rule else "at once",
            stays_after_that=rule.get("keep_firing_for"),
            expression=measure,
            only_while=guards,
            evaluated_every=group.get("interval"),
        ),
        **own,
        **some(
            summary=notes.get("summary"),
            description=notes.get("description"),
            runbook=notes.get("runbook_url"),
            board=notes.get("dashboard_url"),
        ),
    }


def _parts(text: str, unit: Unit) -> tuple[str, str | None, tuple[str, ...]]:
    """What is measured, with what it is compared, and what else must hold."""
    node: Any = _unwrapped(promql_parser.parse(text))
    guards = list[str]()
    while isinstance(node, promql_parser.BinaryExpr) and str(node.op) == "and":
        guards.append(_one_line(node.rhs))
        node = _unwrapped(node.lhs)
    if isinstance(node, promql_parser.BinaryExpr) and isinstance(node.rhs, promql_parser.NumberLiteral):
        op = _OPERATORS.get(str(node.op))
        if op is not None and node.rhs.val >= 0:
            limit = compared(op, Decimal(str(node.rhs.val)), unit)
            return _one_line(node.lhs), limit, tuple(reversed(guards))
    return _one_line(node), None, tuple(reversed(guards))


def _unwrapped(node: Any) -> Any:
    return _unwrapped(node.expr) if isinstance(node, promql_parser.ParenExpr) else node


def _pretty(text: str) -> str:
    return _one_line(promql_parser.parse(text))


def _one_line(node: Any) -> str:
    return " ".join(node.prettify().split())
