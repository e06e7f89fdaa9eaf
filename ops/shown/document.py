"""Documents as JSON: canonical, and so that a diff shows just the line that changed."""

import orjson

_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def to_json(document: object) -> str:
    """JSON with sorted keys, one value a line. Raises TypeError for what JSON does not know."""
    # Python's own writes with indents ten times slower, and a plan writes megabytes.
    return orjson.dumps(document, option=_OPTIONS).decode()
