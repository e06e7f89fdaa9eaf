"""From any document to facts: one line for each value, named by where it is.

What is in a list is found by its name where it has one, so that a new entry at the front does not move all others.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from ops.diff.model import Facts, Value

_NAMES = ("name", "alert", "record", "key", "refId", "id", "type", "role")
_ALTERNATIVES = re.compile(r"\(?(\w+(?:\|\w+){2,})\)?(?:\([\w|]+\)\?)?")


def flatten(value: Any, path: str = "") -> Facts:
    """Every value of the document by its path, such as `spec.containers[api].image`."""
    if isinstance(value, Mapping):
        return _mapping(cast("Mapping[str, Any]", value), path)
    if isinstance(value, list):
        return _list(cast("list[Any]", value), path)
    return {path: _scalar(value)}


def _mapping(value: Mapping[str, Any], path: str) -> Facts:
    if not value:
        return {path: "{}"}
    found = dict[str, Value]()
    for key, inner in value.items():
        found |= flatten(inner, f"{path}.{key}" if path else key)
    return found


def _list(value: list[Any], path: str) -> Facts:
    if not any(isinstance(inner, Mapping | list) for inner in value):
        return {path: tuple(_text(inner) for inner in value)}
    found = dict[str, Value]()
    for name, inner in zip(_names(value), value, strict=True):
        found |= flatten(inner, f"{path}[{name}]")
    return found


def _names(entries: Sequence[Any]) -> Sequence[str]:
    """How people call the entries: by the first field that all have and no two share, else by number."""
    if all(isinstance(entry, Mapping) for entry in entries):
        for field in _NAMES:
            names = [cast("Mapping[str, Any]", entry).get(field) for entry in entries]
            if all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
                return cast("list[str]", names)
    return [str(number) for number in range(1, len(entries) + 1)]


def _scalar(value: object) -> Value:
    text = _text(value)
    # A long list in a pattern, such as the metrics that are kept of an exporter.
    found = _ALTERNATIVES.fullmatch(text)
    return tuple(found[1].split("|")) if found else text


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def some(**facts: object) -> Facts:
    """The facts that there are. A name's `_` stands for a blank."""
    return {
        label.replace("_", " "): cast("tuple[str, ...]", value) if isinstance(value, tuple) else _text(value)
        for label, value in facts.items()
        if value is not None and value != ()
    }
