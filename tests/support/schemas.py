"""Holds objects of our kinds against the real definitions, as an API server that refuses unknown fields would."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from components.operators import definitions

_BROUGHT = Path(__file__).parent / "kinds"
_GROUPS = ("monitoring.coreos.com/", "keda.sh/", "cert-manager.io/")


def brought() -> list[dict[str, Any]]:
    """Definitions of kinds that the cluster brings along, for those of our objects that need them."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(_BROUGHT.glob("*.json"))]


@cache
def _schemas() -> Mapping[tuple[str, str], Any]:
    """By the version of the API, and the kind."""
    return {
        (f"{definition['spec']['group']}/{version['name']}", definition["spec"]["names"]["kind"]): version["schema"][
            "openAPIV3Schema"
        ]
        for definition in (*definitions(), *brought())
        for version in definition["spec"]["versions"]
    }


@cache
def _validator(kind: tuple[str, str]) -> Draft202012Validator:
    return Draft202012Validator(_strict(_schemas()[kind]))


def _strict(schema: Any) -> Any:
    """The schema with unknown fields refused, where the API server would prune them in silence."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    properties = schema.get("properties")
    # Names of properties are no words of a schema.
    strict = {key: _strict(value) for key, value in schema.items() if value is not properties}
    if schema.get("x-kubernetes-int-or-string"):
        strict.pop("type", None)
        strict.pop("anyOf", None)
        strict["type"] = ["integer", "string"]
    if schema.get("nullable") and isinstance(schema.get("type"), str):
        strict["type"] = [schema["type"], "null"]
    if isinstance(properties, dict):
        strict["properties"] = {name: _strict(value) for name, value in properties.items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            # Metadata is the API server's own, and no definition spells it out.
            strict.setdefault("additionalProperties", False)
            if properties.get("metadata") == {"type": "object"}:
                strict["properties"]["metadata"] = {"type": "object"}
    return strict


def problems(inputs: Mapping[str, Any]) -> list[str]:
    """What is wrong with the object, each with its path. Kinds that are not ours are not judged."""
    kind = (str(inputs.get("apiVersion")), str(inputs.get("kind")))
    if kind not in _schemas():
        ours = kind[0].startswith(_GROUPS) or ".k8s.elastic.co/" in kind[0]
        return [f"{kind[1]}: no such kind in {kind[0]}"] if ours else []
    name = inputs["metadata"]["name"]
    return [
        f"{kind[1]} {name}: {_path(error)}: {error.message}" for error in _validator(kind).iter_errors(dict(inputs))
    ]


def _path(error: ValidationError) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path)
