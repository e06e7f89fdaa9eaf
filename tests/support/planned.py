"""The documents of a planned stack, to change one and see what is said of it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from alerts.library import LIBRARY
from alerts.model import alerts_of
from ops.diff.documents import Documents
from ops.diff.model import Change, Comparison
from ops.diff.read import Reading, comparison
from ops.plan.documents import is_manifest
from ops.plan.run import Plan, plan

Texts = dict[str, str]
KNOWN = {alert.name: alert for alert in alerts_of(LIBRARY)}


@cache
def planned(stack: str) -> Plan:
    """Planned once, for all who look at it."""
    return plan(stack)


@cache
def manifests(stack: str) -> Sequence[Mapping[str, Any]]:
    """What it asks of the cluster."""
    return [each.inputs for each in planned(stack).recording.resources.values() if is_manifest(each)]


def pods(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every pod within a manifest, at any depth, by the name of what it is a pod of."""

    def within(value: object) -> Iterator[Mapping[str, Any]]:
        if isinstance(value, dict):
            if isinstance(value.get("containers"), list):
                yield value
            for inner in value.values():
                yield from within(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from within(inner)

    # A kind's definition is about pods, and has none.
    if manifest["kind"] != "CustomResourceDefinition":
        name = manifest["metadata"]["labels"]["app.kubernetes.io/name"]
        yield from ((name, pod) for pod in within(manifest))


def production() -> Plan:
    return planned("prod")


def prod() -> Texts:
    return dict(production().files)


def edited(texts: Texts, edit: Callable[[list[dict[str, Any]]], object]) -> Texts:
    """The same stack after an edit of its resources."""
    resources = json.loads(texts["resources.json"])
    edit(resources)
    return texts | {"resources.json": json.dumps(resources)}


def found(resources: list[dict[str, Any]], kind: str, name: str = "") -> dict[str, Any]:
    """Inputs of the first resource of the kind, or of that type, with that name."""
    return next(
        each["inputs"]
        for each in resources
        if kind in (each["inputs"].get("kind"), each["type"].rpartition(":")[2])
        and name in ("", each["inputs"].get("metadata", {}).get("name"), each["urn"].rpartition("::")[2])
    )


def reading(texts: Texts) -> Reading:
    return Reading(Documents(texts), KNOWN)


@cache
def as_planned() -> Reading:
    """Production before any edit, which most are compared with."""
    return reading(prod())


def compared(old: Texts, new: Texts) -> Comparison:
    before = as_planned() if old == prod() else reading(old)
    return comparison("prod", "main (0123456)", before, reading(new))


def planted(edit: Callable[[list[dict[str, Any]]], object]) -> Comparison:
    """What is said of an edit of production's resources."""
    return compared(prod(), edited(prod(), edit))


def changes(comparison: Comparison, title: str) -> dict[str, Change]:
    """Those of one subject, by name."""
    return {each.name: each for section in comparison.sections if section.title == title for each in section.changes}
