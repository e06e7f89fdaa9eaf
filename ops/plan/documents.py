"""From what was registered to files that people, promtool, amtool and kubectl read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from alerts.render.text import to_yaml
from ops.plan.matrix import page
from ops.plan.recorder import Recording, Resource
from ops.plan.unhindered import DEFINITION
from ops.shown.document import on_one_line, to_json

_RULE_ORDER = ("alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations")
_GROUP_ORDER = ("name", "interval", "rules")
_DASHBOARD = "grafana:oss/dashboard:Dashboard"
_VENDORS = ("datadog", "pagerduty")

Files = dict[str, str]
"""Texts by their path within the stack's folder."""


def files(recording: Recording) -> Files:
    """Every document of the stack. Raises ValueError when two would have the same name."""
    resources = sorted(recording.resources.values(), key=lambda resource: resource.urn)
    made: Files = {"resources.json": to_json([_entry(resource) for resource in resources])}
    for path, text in (
        *_kubernetes(resources),
        *_rules(resources),
        *_alertmanager(resources),
        *_vendors(resources),
        *_network(resources),
        *_boards(resources),
    ):
        if path in made:
            raise ValueError(f"two resources make the document {path}")
        made[path] = text
    return made


def _entry(resource: Resource) -> Mapping[str, Any]:
    inputs = resource.inputs
    if resource.type == DEFINITION:
        # Thousands of lines that are upstream's; the manifest has them.
        inputs = {**inputs, "spec": f"see kubernetes/{_manifest_name(resource)}"}
    if boards := dict(_uids(resource)):
        # The same for a board, which has a document of its own.
        told = {f"{uid}.json": f"see grafana/{uid}.json" for uid in boards}
        inputs = {**inputs, **({"data": told} if is_manifest(resource) else {"configJson": told.popitem()[1]})}
    entry = {
        "urn": resource.urn,
        "type": resource.type,
        "inputs": inputs,
        "parent": resource.parent,
        "provider": resource.provider.rpartition("::")[0],
        "dependencies": resource.dependencies,
        "secrets": resource.secrets,
        "protect": resource.protect,
        "retainOnDelete": resource.retain_on_delete,
        "ignoreChanges": resource.ignore_changes,
        "aliases": resource.aliases,
    }
    return {key: value for key, value in entry.items() if value or key in ("urn", "type", "inputs", "parent")}


def is_manifest(resource: Resource) -> bool:
    """Whether it is a Kubernetes object."""
    return resource.custom and resource.type.startswith("kubernetes:") and "kind" in resource.inputs


def _manifest_name(resource: Resource) -> str:
    metadata = resource.inputs["metadata"]
    return f"{resource.inputs['kind'].lower()}-{metadata['name']}.yaml"


def _kubernetes(resources: list[Resource]) -> Iterator[tuple[str, str]]:
    public = {inputs["spec"]["configSecret"] for inputs in _of_kind(resources, "Alertmanager")}
    for resource in filter(is_manifest, resources):
        open_ = resource.inputs["kind"] == "Secret" and resource.inputs["metadata"]["name"] in public
        inputs = resource.plain if open_ else resource.inputs
        # JSON is YAML. A definition of 100 kB is upstream's, and nobody reads it here.
        text = on_one_line(inputs) if resource.type == DEFINITION else to_yaml(inputs)
        yield f"kubernetes/{_manifest_name(resource)}", text


def _of_kind(resources: Iterable[Resource], kind: str) -> Iterator[Mapping[str, Any]]:
    return (resource.inputs for resource in resources if is_manifest(resource) and resource.inputs["kind"] == kind)


def _ordered(mapping: Mapping[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    return {key: mapping[key] for key in order if key in mapping}


def _rules(resources: Iterable[Resource]) -> Iterator[tuple[str, str]]:
    for inputs in _of_kind(resources, "PrometheusRule"):
        groups = [
            _ordered(group | {"rules": [_ordered(rule, _RULE_ORDER) for rule in group["rules"]]}, _GROUP_ORDER)
            for group in inputs["spec"]["groups"]
        ]
        yield f"prometheus/rules/{inputs['metadata']['name']}.yaml", to_yaml({"groups": groups})


def _alertmanager(resources: list[Resource]) -> Iterator[tuple[str, str]]:
    # The operator wants the configuration in a Secret, though keys and addresses are in files beside it.
    secrets = {each.inputs["metadata"]["name"]: each for each in resources if each.inputs.get("kind") == "Secret"}
    for inputs in _of_kind(resources, "Alertmanager"):
        texts = cast("dict[str, str]", secrets[inputs["spec"]["configSecret"]].plain["stringData"])
        for name, text in texts.items():
            yield f"alertmanager/{'alertmanager.yml' if name == 'alertmanager.yaml' else name}", text


def _vendors(resources: Iterable[Resource]) -> Iterator[tuple[str, str]]:
    for resource in resources:
        vendor, _, kind = resource.type.partition(":")
        if vendor in _VENDORS:
            yield f"{vendor}/{kind.rpartition(':')[2].lower()}-{resource.name}.json", to_json(resource.inputs)


def _network(resources: Iterable[Resource]) -> Iterator[tuple[str, str]]:
    yield "network/reach.md", page([resource.inputs for resource in resources if is_manifest(resource)])


def _boards(resources: Iterable[Resource]) -> Iterator[tuple[str, str]]:
    for resource in resources:
        for uid, text in _uids(resource):
            # Grafana reads it on one line; people do not.
            yield f"grafana/{uid}.json", to_json(json.loads(text))


def _uids(resource: Resource) -> Iterator[tuple[str, str]]:
    """The boards that the resource brings to Grafana, by uid: as a ConfigMap, or through the API."""
    if is_manifest(resource) and "grafana_dashboard" in resource.inputs["metadata"].get("labels", {}):
        yield from ((Path(name).stem, text) for name, text in resource.inputs["data"].items())
    if resource.type == _DASHBOARD:
        text = resource.inputs["configJson"]
        yield json.loads(text)["uid"], text
