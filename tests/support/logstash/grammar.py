"""The grammar of Logstash's configuration (LSCL), as its own parser has it: texts to trees of plain JSON.

It refuses what the real grammar refuses. Whether a plugin knows an option, `PLUGINS` says: each plugin that the
pipelines use, with the options that its documentation of version 9 names.
"""

import re
from typing import Any

_TOKEN = re.compile(
    r"""(?P<space>(?:\s|\#[^\n]*(?:\n|\Z))+)
      |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      |(?P<regex>/(?:\\.|[^/\\\n])*/)
      |(?P<selector>(?:\[[^\]\[,]+\])+)
      |(?P<arrow>=>)|(?P<operator>==|!=|<=|>=|=~|!~|<|>)
      |(?P<number>-?\d+(?:\.\d+)?)
      |(?P<word>[A-Za-z_][A-Za-z0-9_-]*)
      |(?P<mark>[{}\[\](),!])""",
    re.VERBOSE,
)

_COMMON = {"add_field", "remove_field", "add_tag", "remove_tag", "id"}
PLUGINS: dict[str, set[str]] = {
    "input beats": {
        "port",
        "ssl_enabled",
        "ssl_certificate",
        "ssl_key",
        "ssl_certificate_authorities",
        "ssl_client_authentication",
    },
    "input pipeline": {"address"},
    "input dead_letter_queue": {"path", "pipeline_id", "commit_offsets", "clean_consumed"},
    "filter ruby": _COMMON | {"path", "script_params", "code", "init"},
    "filter mutate": _COMMON | {"replace", "rename", "copy", "lowercase", "update"},
    "filter drop": _COMMON | {"percentage"},
    "filter geoip": _COMMON | {"source", "fields", "target", "default_database_type"},
    "filter useragent": _COMMON | {"source", "target"},
    "filter prune": _COMMON | {"whitelist_names", "blacklist_names"},
    "output pipeline": {"send_to"},
    "output elasticsearch": {"hosts", "user", "password", "ssl_certificate_authorities", "data_stream"},
}


class SyntaxWrongError(Exception):
    """The text is no configuration. The message says at which line."""


class _Tokens:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self._skip()

    def _skip(self) -> None:
        while (found := _TOKEN.match(self.text, self.at)) and found.lastgroup == "space":
            self.at = found.end()

    def fail(self, wanted: str) -> SyntaxWrongError:
        line = self.text.count("\n", 0, self.at) + 1
        return SyntaxWrongError(f"line {line}: expected {wanted} at {self.text[self.at : self.at + 30]!r}")

    def peek(self, text: str) -> bool:
        found = _TOKEN.match(self.text, self.at)
        return found is not None and found[0] == text

    def take(self, text: str) -> bool:
        if not self.peek(text):
            return False
        self.at += len(text)
        self._skip()
        return True

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.fail(repr(text))

    def kind(self, *kinds: str) -> tuple[str, str] | None:
        found = _TOKEN.match(self.text, self.at)
        if found is None or found.lastgroup not in kinds:
            return None
        self.at = found.end()
        self._skip()
        return str(found.lastgroup), found[0]


def parse(text: str) -> list[dict[str, Any]]:
    """Sections in order: `{"section": "filter", "body": [...]}`. Raises SyntaxWrongError."""
    tokens, sections = _Tokens(text), list[dict[str, Any]]()
    while tokens.at < len(text):
        name = tokens.kind("word")
        if name is None or name[1] not in ("input", "filter", "output"):
            raise tokens.fail("input, filter or output")
        sections.append({"section": name[1], "body": _block(tokens, name[1])})
    if not sections:
        raise tokens.fail("a section")
    return sections


def _block(tokens: _Tokens, section: str) -> list[dict[str, Any]]:
    tokens.need("{")
    body = list[dict[str, Any]]()
    while not tokens.take("}"):
        body.append(_branch(tokens, section) if tokens.peek("if") else _plugin(tokens, section))
    return body


def _branch(tokens: _Tokens, section: str) -> dict[str, Any]:
    if section == "input":
        raise tokens.fail("a plugin: inputs have no conditions")
    cases = list[dict[str, Any]]()
    tokens.need("if")
    cases.append({"if": _condition(tokens), "then": _block(tokens, section)})
    while tokens.take("else"):
        if tokens.take("if"):
            cases.append({"if": _condition(tokens), "then": _block(tokens, section)})
        else:
            cases.append({"if": None, "then": _block(tokens, section)})
            break
    return {"cases": cases}


def _plugin(tokens: _Tokens, section: str) -> dict[str, Any]:
    name = tokens.kind("word")
    if name is None:
        raise tokens.fail("a plugin")
    key = f"{section} {name[1]}"
    if key not in PLUGINS:
        raise tokens.fail(f"a plugin of {section}, not {name[1]}, before")
    tokens.need("{")
    options = dict[str, Any]()
    while not tokens.take("}"):
        option = tokens.kind("word", "string")
        if option is None or option[1] not in PLUGINS[key]:
            raise tokens.fail(f"an option of {key}, not {option and option[1]}, before")
        if option[1] in options:
            raise tokens.fail(f"{option[1]} once, before")
        tokens.need("=>")
        options[option[1]] = _value(tokens)
    return {"plugin": name[1], "options": options}


def _value(tokens: _Tokens) -> Any:
    if tokens.peek("{"):
        tokens.need("{")
        found = dict[str, Any]()
        while not tokens.take("}"):
            key = tokens.kind("string", "word")
            if key is None:
                raise tokens.fail("a key")
            tokens.need("=>")
            found[key[1].strip("\"'")] = _value(tokens)
        return found
    selector = tokens.kind("selector")
    if selector:
        # An array of plain words and a field reference look alike to a tokenizer; options of ours hold only arrays.
        return _array(selector[1])
    if tokens.take("["):
        values = list[Any]()
        while not tokens.take("]"):
            values.append(_value(tokens))
            if not tokens.take(",") and not tokens.peek("]"):
                raise tokens.fail("a comma")
        return values
    token = tokens.kind("string", "number", "word")
    if token is None:
        raise tokens.fail("a value")
    return float(token[1]) if token[0] == "number" else token[1][1:-1] if token[0] == "string" else token[1]


def _array(text: str) -> list[str]:
    return [text[1:-1].strip().strip("\"'")]


def _condition(tokens: _Tokens) -> list[Any]:
    left = _conjunction(tokens)
    while word := next((each for each in ("or", "xor", "nand") if tokens.take(each)), None):
        left = [word, left, _conjunction(tokens)]
    return left


def _conjunction(tokens: _Tokens) -> list[Any]:
    left = _term(tokens)
    while tokens.take("and"):
        left = ["and", left, _term(tokens)]
    return left


def _term(tokens: _Tokens) -> list[Any]:
    if tokens.take("!"):
        if tokens.take("("):
            inner = _condition(tokens)
            tokens.need(")")
            return ["not", inner]
        return ["not", _operand(tokens)]
    if tokens.take("("):
        inner = _condition(tokens)
        tokens.need(")")
        return inner
    left = _operand(tokens)
    if tokens.take("not"):
        tokens.need("in")
        return ["not", ["in", left, _operand(tokens)]]
    if tokens.take("in"):
        return ["in", left, _operand(tokens)]
    operator = tokens.kind("operator")
    return [operator[1], left, _operand(tokens)] if operator else left


def _operand(tokens: _Tokens) -> list[Any]:
    selector = tokens.kind("selector")
    if selector:
        names = re.findall(r"\[([^\]]+)\]", selector[1])
        if names[0][0] in "\"'":
            return ["value", _array(selector[1])]
        return ["field", names]
    if tokens.peek("["):
        return ["value", _value(tokens)]
    token = tokens.kind("string", "number", "regex")
    if token is None:
        raise tokens.fail("a field or a value")
    if token[0] == "number":
        return ["value", float(token[1])]
    return ["regex" if token[0] == "regex" else "value", token[1][1:-1]]
