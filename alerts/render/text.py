"""Documents as text: canonical, and so that a diff shows just the line that changed."""

import orjson
import yaml

_JSON = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


class _Dumper(yaml.CSafeDumper):
    """Texts of several lines as they are, and nothing by reference."""

    def ignore_aliases(self, data: object) -> bool:
        """An anchor would tie lines together that only look alike."""
        del data
        return True


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)  # pyright: ignore[reportUnknownMemberType] its stub is untyped


_Dumper.add_representer(str, _represent_text)


def to_yaml(document: object) -> str:
    """YAML in the order of the document's keys, never folded."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)


def to_json(document: object) -> str:
    """JSON with sorted keys, one value a line. Raises TypeError for what JSON does not know."""
    # Python's own writes with indents ten times slower, and a plan writes megabytes.
    return orjson.dumps(document, option=_JSON).decode()
