"""Documents as JSON: canonical, and so that a diff shows just the line that changed."""

import orjson

_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def to_json(document: object) -> str:
    """JSON with sorted keys, one value a line. Raises TypeError for what JSON does not know."""
    # Python's own writes with indents ten times slower, and a plan writes megabytes.
    return orjson.dumps(document, option=_CANONICAL | orjson.OPT_INDENT_2).decode()


def on_one_line(document: object) -> str:
    """The same for what nobody reads."""
    return orjson.dumps(document, option=_CANONICAL).decode()
