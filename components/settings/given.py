"""What is right among settings, of which others may be wrong."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any, cast, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from components.settings.messages import keys_of, present

Given = Mapping[str, Any]
"""The settings that are right by themselves, by path. A check needs only those that it compares."""


def given(section: Any, value: object) -> dict[str, Any]:
    """Everything in the section that fits its type, by path, so that one wrong setting hides no other problem."""
    found = dict[str, Any]()
    _gather(section, value, "", found)
    return found


def _gather(section: Any, value: object, path: str, found: dict[str, Any]) -> None:
    entries = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    known = keys_of(section)
    for key in known.keys() & entries.keys():
        kind, at, entry = known[key].annotation, f"{path}.{key}" if path else key, entries[key]
        if get_origin(kind) is dict:
            _gather_named(get_args(kind)[1], entry, at, found)
        elif keys_of(inner := present(kind)) and entry is not None:
            if inner is not kind and isinstance(entry, dict):
                # What may be null counts as a whole, too: it decides which secrets are needed.
                found[at] = cast("dict[str, object]", entry)
            _gather(inner, cast("object", entry), at, found)
        else:
            with suppress(ValidationError):
                found[at] = _adapter(section, key).validate_python(entry, strict=True)


def _gather_named(section: Any, value: object, path: str, found: dict[str, Any]) -> None:
    if isinstance(value, dict):
        sections = cast("dict[str, object]", value)
        found[path] = sections
        for name, each in sections.items():
            _gather(section, each, f"{path}.{name}", found)


@cache
def _adapter(section: Any, key: str) -> TypeAdapter[Any]:
    return TypeAdapter(keys_of(section)[key].rebuild_annotation())
