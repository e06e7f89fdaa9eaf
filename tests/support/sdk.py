"""Holds documents that are registered as they go over the wire against the types of the vendors' SDKs."""

import gc
import inspect
import re
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from pulumi import _types

_CHOICES = re.compile(r"[Vv]alid values are ((?:`[^`]+`(?:, )?)+)")


@cache
def datadog() -> ModuleType:
    """Datadog's, which the program itself never imports. It makes a million objects and no garbage."""
    collected = gc.isenabled()
    gc.disable()
    try:
        import pulumi_datadog
    finally:
        if collected:
            gc.enable()
    return pulumi_datadog


def problems(kind: Any, document: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Unknown keys, missing ones, wrong types, and values that are none of the choices which the SDK documents."""
    names = {wire: name for name, wire in _types.input_type_py_to_pulumi_names(kind).items()}
    types = _types.input_type_types(kind)
    required = inspect.signature(kind.__init__).parameters
    for key, name in names.items():
        if key not in document and required[name].default is inspect.Parameter.empty:
            yield f"{path}{key}: is missing"
    for key, value in document.items():
        if key not in names:
            yield f"{path}{key}: is unknown"
            continue
        yield from _wrong(types[key], value, f"{path}{key}")
        choices = _choices(kind, names[key])
        if choices and isinstance(value, str) and value not in choices:
            yield f"{path}{key}: {value!r} is none of {', '.join(sorted(choices))}"


def _choices(kind: Any, name: str) -> set[str]:
    found = _CHOICES.search(getattr(kind, name).__doc__ or "")
    return set(re.findall(r"`([^`]+)`", found[1])) if found else set()


def _wrong(expected: Any, value: Any, path: str) -> Iterator[str]:
    """`expected` is what the SDK says of a property, without Input and Optional."""
    origin = typing.get_origin(expected)
    if origin is None and isinstance(value, dict) and _types.is_input_type(expected):
        yield from problems(expected, value, f"{path}.")
    elif origin is not None and issubclass(origin, Mapping) and isinstance(value, dict):
        inner = _types.unwrap_type(typing.get_args(expected)[1])
        for key, each in value.items():
            yield from _wrong(inner, each, f"{path}.{key}")
    elif origin is not None and not issubclass(origin, Mapping) and isinstance(value, list):
        inner = _types.unwrap_type(typing.get_args(expected)[0])
        for index, each in enumerate(value):
            yield from _wrong(inner, each, f"{path}[{index}]")
    elif origin is not None or not isinstance(value, expected) or isinstance(value, bool) is not (expected is bool):
        yield f"{path}: {value!r} is no {getattr(expected, '__name__', expected)}"
