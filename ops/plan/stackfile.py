"""Pulumi.<stack>.yaml, read as the Pulumi CLI reads it, without needing its secrets."""

import json
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from catalogue.model.problem import Problem, nearest

_TOP = ("config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment")
_CONFIG_TOP = "config"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the program is given: texts by full key, and which of the keys are secret."""

    values: Mapping[str, str]
    secret_keys: frozenset[str]

    def with_stand_ins(self, keys: frozenset[str]) -> "Configuration":
        """The same with a stand-in for each secret that is not set."""
        missing = {key: stand_in(key) for key in sorted(keys - self.values.keys())}
        return Configuration(values={**self.values, **missing}, secret_keys=self.secret_keys | missing.keys())


def stand_in(key: str) -> str:
    """A value nobody mistakes for a secret, and that a search finds."""
    return f"stand-in-for-{key.rpartition(':')[2]}"


class StackFileError(Exception):
    """The file cannot be read; `problems` says why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class _Loader(yaml.SafeLoader):
    """YAML 1.2, as the CLI reads it: `yes` is text, and no key stands twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 the base class's form

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set[object]()
        for key_node, _ in node.value:
            key: Any = self.construct_object(key_node, deep=True)  # pyright: ignore[reportUnknownMemberType] untyped stub
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is no text", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key} stands there twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("bool", r"true|false|True|False|TRUE|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+0123456789.",
    ),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


def read(path: Path) -> Configuration:
    """Reads the file. Raises StackFileError with everything that the CLI would refuse."""
    content = _parse(path)
    if unknown := [str(key) for key in content if key not in _TOP]:
        raise StackFileError(*(Problem(f"{path.name}: {key}", "unknown part", nearest(key, _TOP)) for key in unknown))
    config = content.get(_CONFIG_TOP) or {}
    if not isinstance(config, dict):
        raise StackFileError(Problem(f"{path.name}: config", "is no mapping", "write one setting a line below it"))
    values, secret = dict[str, str](), set[str]()
    for key, value in config.items():
        if not re.fullmatch(r"[^:]+:[^:]+", key):
            where = f"{path.name}: {key}"
            raise StackFileError(Problem(where, "a setting is named <project>:<setting>", f"write openpolicy:{key}"))
        plain, found = _plain(value, key)
        values[key] = plain if isinstance(plain, str) else _text(plain)
        if found:
            secret.add(key)
    return Configuration(values=values, secret_keys=frozenset(secret))


def _parse(path: Path) -> dict[str, Any]:
    try:
        content: Any = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 it derives from SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{path.name}:{mark.line + 1}" if mark else path.name
        raise StackFileError(Problem(where, error.problem or "it is no YAML", "mend the file")) from None
    except (yaml.YAMLError, ValueError) as error:
        raise StackFileError(Problem(path.name, f"it is no YAML: {error}", "mend the file")) from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise StackFileError(Problem(path.name, "it holds no mapping", "it begins with `config:`"))
    return content


def _plain(value: Any, key: str) -> tuple[Any, bool]:
    """The value with a stand-in for each encrypted part, and whether there was one."""
    if isinstance(value, dict):
        if value.keys() == {"secure"}:
            return stand_in(key), True
        parts = {name: _plain(part, key) for name, part in value.items()}
        return {name: part for name, (part, _) in parts.items()}, any(found for _, found in parts.values())
    if isinstance(value, list):
        items = [_plain(part, key) for part in value]
        return [part for part, _ in items], any(found for _, found in items)
    return value, False


def _text(value: Any) -> str:
    return json.dumps(value)
