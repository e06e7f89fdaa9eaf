"""Pulumi.<stack>.yaml, read as the Pulumi CLI reads it, without needing its secrets."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from catalogue.model.problem import Problem, nearest
from ops.plan.scalars import TAG, composed

_TOP = ("config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment")
_CONFIG = "config"
_SECURE = "secure"
# Aliases of aliases grow without bounds; a stack has some forty mappings and lists.
_LARGEST = 10_000

# What people call each kind of scalar, and how it is read.
_KINDS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "str": ("text", str),
    "null": ("null", lambda _: None),
    "bool": ("truth value", lambda text: {"true": True, "false": False}[text.lower()]),
    # Base 0 refuses 017, which some readers take for 15.
    "int": ("whole number", lambda text: int(text, 0)),
    "float": ("number", lambda text: float(re.sub(r"\.(inf|nan)$", r"\1", text.lower()))),
}


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


def read(path: Path) -> Configuration:
    """Reads the file. Raises StackFileError with everything that the CLI would refuse."""
    reader = _Reader(file=path.name)
    try:
        root = composed(_decoded(path))
        if root is not None:
            reader.root(root)
    except yaml.MarkedYAMLError as error:
        raise StackFileError(_syntax(path.name, error)) from None
    except RecursionError:
        raise StackFileError(Problem(path.name, "it is nested too deeply", "mend its brackets")) from None
    if reader.problems:
        raise StackFileError(*reader.problems)
    return Configuration(values=reader.values, secret_keys=frozenset(reader.secret_keys))


def _syntax(file: str, error: yaml.MarkedYAMLError) -> Problem:
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    what = error.problem or "it is no YAML"
    if what.startswith("but ") and error.context:
        what = f"{error.context}, {what}"
    remedy = "indent with spaces: YAML takes no tabs" if "'\\t'" in what else "mend this line or the one before"
    return Problem(f"{file}:{line}", what, remedy)


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StackFileError(Problem(path.name, f"it cannot be read: {error.strerror}", "make it readable")) from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise StackFileError(Problem(f"{path.name}:{line}", "it is not UTF-8", "save the file as UTF-8")) from None
    if wrong := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, wrong.start()) + 1
        what = f"the character U+{ord(wrong[0]):04X} has no place in YAML"
        raise StackFileError(Problem(f"{path.name}:{line}", what, "remove it"))
    return text


class _Secret(dict[str, str]):
    """An encrypted value."""


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Makes settings of YAML's nodes, and gathers what is wrong with them."""

    file: str
    problems: list[Problem] = field(default_factory=list[Problem])
    values: dict[str, str] = field(default_factory=dict[str, str])
    secret_keys: set[str] = field(default_factory=set[str])
    _around: set[int] = field(default_factory=set[int])
    """The nodes that the present one is within: an alias may stand for any of them."""

    _size: int = 0

    def root(self, node: yaml.Node) -> None:
        """Reads the whole file."""
        if _is_null(node):
            return
        for key, part in self._entries(node, self.file, "begin it with `config:`", within=f"{self.file}: "):
            if key not in _TOP:
                self._refuse(f"{self.file}: {key}", "unknown part", nearest(key, _TOP), part)
            elif key == _CONFIG and not _is_null(part):
                for name, value in self._entries(part, f"{self.file}: config", "write one setting a line below it"):
                    self._setting(name, value)

    def _setting(self, key: str, node: yaml.Node) -> None:
        if not re.fullmatch(r"[^:]+:[^:]+", key):
            where = f"{self.file}: {key}"
            self._refuse(where, "a setting is named <project>:<setting>", "write it like openpolicy:metrics", node)
        value = self._value(node, key, key)
        if isinstance(node, yaml.ScalarNode):
            # The CLI hands over what is written, and nothing for null.
            self.values[key] = "" if value is None else node.value
        elif isinstance(value, _Secret):
            self.values[key] = value[_SECURE]
        else:
            self.values[key] = json.dumps(value)

    def _value(self, node: yaml.Node, path: str, key: str) -> object:
        """The value of a setting or of a part of it. An encrypted part stays a mapping, which no plain setting is."""
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        self._size += 1
        if self._size > _LARGEST:
            raise StackFileError(Problem(self.file, "aliases of aliases make it too large", "write the values out"))
        if id(node) in self._around:
            return self._refuse(path, "an alias stands for what it is within", "write the value out", node)
        self._around.add(id(node))
        value = self._parts(node, path, key)
        self._around.remove(id(node))
        return value

    def _parts(self, node: yaml.Node, path: str, key: str) -> object:
        if isinstance(node, yaml.SequenceNode):
            items: list[yaml.Node] = node.value
            return [self._value(item, f"{path}[{index}]", key) for index, item in enumerate(items)]
        entries = dict(self._entries(node, path, "write `key: value` lines", within=f"{path}."))
        if entries.keys() == {_SECURE} and entries[_SECURE].tag == f"{TAG}str":
            self.secret_keys.add(key)
            return _Secret({_SECURE: stand_in(key) if entries[_SECURE].value.strip() else ""})
        return {name: self._value(part, f"{path}.{name}", key) for name, part in entries.items()}

    def _scalar(self, node: yaml.ScalarNode, path: str) -> object:
        kind = node.tag.removeprefix(TAG)
        if kind not in _KINDS:
            return self._refuse(path, f"settings know no {kind}", "remove the tag", node)
        called, parse = _KINDS[kind]
        try:
            return parse(node.value)
        except (KeyError, ValueError):
            # What stands there is not repeated: it may be a secret that belongs elsewhere.
            return self._refuse(path, f"it is no {called}", "correct it, or put it in quotes", node)

    def _entries(self, node: yaml.Node, path: str, remedy: str, *, within: str = "") -> Iterator[tuple[str, yaml.Node]]:
        """What a mapping holds: keys are texts, and none stands twice."""
        if not isinstance(node, yaml.MappingNode):
            self._refuse(path, "it is no mapping", remedy, node)
            return
        seen = set[str]()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "a list or mapping"
            if key.tag != f"{TAG}str":
                self._refuse(f"{within}{name}", f"the key {name} is no text", "put the key in quotes", key)
            elif name in seen:
                self._refuse(f"{within}{name}", "it stands there twice", "remove one", key)
            else:
                seen.add(name)
                yield name, value

    def _refuse(self, where: str, what: str, remedy: str, node: yaml.Node) -> None:
        self.problems.append(Problem(where, f"{what} (line {node.start_mark.line + 1})", remedy))


def _is_null(node: yaml.Node) -> bool:
    return node.tag == f"{TAG}null"
