"""Holds objects of our kinds against the real definitions, as an API server that refuses unknown fields would."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.operators import definitions

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_BROUGHT = Path(__file__).parent / "kinds"
_GROUPS = ("monitoring.coreos.com/", "keda.sh/", "cert-manager.io/")


def brought() -> list[dict[str, Any]]:
    """Definitions of kinds that the cluster brings along, for those of our objects that need them."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(_BROUGHT.glob("*.json"))]


@cache
def _validators() -> "Mapping[tuple[str, str], Draft202012Validator]":
    # It brings a grammar of all addresses, which takes a second.
    from jsonschema import Draft202012Validator

    found = dict[tuple[str, str], Draft202012Validator]()
    for definition in (*definitions(), *brought()):
        spec = definition["spec"]
        for version in spec["versions"]:
            schema = _strict(version["schema"]["openAPIV3Schema"])
            found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = Draft202012Validator(schema)
    return found


def _strict(schema: Any) -> Any:
    """The schema with unknown fields refused, where the API server would prune them in silence."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {key: _strict(value) for key, value in schema.items()}
    if schema.get("x-kubernetes-int-or-string"):
        strict.pop("type", None)
        strict.pop("anyOf", None)
        strict["type"] = ["integer", "string"]
    if schema.get("nullable") and isinstance(schema.get("type"), str):
        strict["type"] = [schema["type"], "null"]
    properties = schema.get("properties")
    if isinstance(properties, dict) and not schema.get("x-kubernetes-preserve-unknown-fields"):
        # Metadata is the API server's own, and no definition spells it out.
        strict.setdefault("additionalProperties", False)
        strict["properties"] = {key: _strict(value) for key, value in properties.items()}
        if "metadata" in properties and properties["metadata"] == {"type": "object"}:
            strict["properties"]["metadata"] = {"type": "object"}
    return strict


def problems(inputs: Mapping[str, Any]) -> list[str]:
    """What is wrong with the object, each with its path. Kinds that are not ours are not judged."""
    kind = (str(inputs.get("apiVersion")), str(inputs.get("kind")))
    if kind not in _validators():
        ours = kind[0].startswith(_GROUPS) or ".k8s.elastic.co/" in kind[0]
        return [f"{kind[1]}: no such kind in {kind[0]}"] if ours else []
    name = inputs["metadata"]["name"]
    return [
        f"{kind[1]} {name}: {error.json_path}: {error.message}" for error in _validators()[kind].iter_errors(inputs)
    ]
