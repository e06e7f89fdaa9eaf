"""The shape of a line: Elastic Common Schema, so that no field of ours collides with anybody else's.

A field that the schema knows keeps its place; any other goes below `labels` as text. So a careless
`log.info("…", payload={…})` cannot add fields to an index until that refuses to grow.
"""

import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType

from telemetry.redaction import GONE, named_secret, redacted, redacted_text

VERSION = "9.1.0"
"""Of the schema."""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

# Field sets that an application may fill. What the shipper fills (agent, container, host …) is not among them.
_FIELD_SETS = frozenset(
    {"client", "destination", "error", "event", "http", "log", "network", "process", "server", "source", "url", "user"}
    | {"user_agent"}
)
# A runtime splits lines at 16 KiB, and what a person reads is at the end of a trace.
_LONGEST = 8_000


def shaped(message: str, level: str, fields: Mapping[str, object]) -> dict[str, object]:
    """A line's document, redacted. `fields` are named `http.request.method` or `{"http": …}`; others are labels."""
    document: dict[str, object] = {
        "@timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "log": {"level": level},
        "message": _cut(redacted_text(message)),
        "ecs": {"version": VERSION},
    }
    labels: dict[str, object] = {}
    for name, value in fields.items():
        if value is None:
            continue
        kept = GONE if named_secret(name) and not isinstance(value, bool | int | float) else redacted(value)
        *folders, last = name.split(".")
        if (folders or isinstance(value, Mapping)) and name.partition(".")[0] in _FIELD_SETS:
            _below(document, folders)[last] = kept
        else:
            labels[name.replace(".", "_")] = kept if isinstance(kept, str) else str(kept)
    document["labels"] = labels
    return document


def error_fields(exc_info: ExcInfo) -> dict[str, object]:
    """An exception in one line."""
    kind, error, trace = exc_info
    return {
        "error.type": kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}",
        "error.message": _cut(str(error)),
        "error.stack_trace": _cut("".join(traceback.format_exception(kind, error, trace))),
    }


def _below(document: dict[str, object], folders: list[str]) -> dict[str, object]:
    for folder in folders:
        inner = document.setdefault(folder, {})
        if not isinstance(inner, dict):
            inner = document[folder] = {}
        document = inner  # pyright: ignore[reportUnknownVariableType] a dict of ours has text for keys
    return document


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"… {text[-_LONGEST:]}"
