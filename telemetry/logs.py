"""Logs: one JSON object a line on standard output, whoever writes it.

The service's own lines come from structlog, those of libraries from the standard logging; both take the same way, so
both are redacted, carry the request and the trace that they belong to, and name the class by which they are kept.
Nothing here raises: a line that cannot be made is replaced by one that says so, without its content.
"""

import io
import json
import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import BinaryIO, cast

import structlog
from opentelemetry import trace
from structlog.typing import FilteringBoundLogger

from catalogue.logs import APP, ERROR
from catalogue.model.logs import LogClass
from telemetry.ecs import ExcInfo, error_fields, shaped
from telemetry.identity import Identity
from telemetry.output import Output
from telemetry.problems import tell

CLASS = "_class"
"""Key under which a line of a special class carries it: an object, which no caller's text can imitate."""

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SERIOUS = frozenset({"error", "critical"})
# Servers that write lines of their own beside the root logger's.
_SERVERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "gunicorn.error", "gunicorn.access", "hypercorn.error")
# Each of their lines holds a whole address, with what somebody searched for; a span says the same without.
_CLIENTS = ("httpx", "httpcore")
_LOGGED = "_openpolicy_logged"


def logger(name: str) -> FilteringBoundLogger:
    """A logger: `log.info("bill created", bill_id=7)`. What it is given beside the message becomes labels."""
    return cast("FilteringBoundLogger", structlog.get_logger(**{"log.logger": name}))


def start(identity: Identity, *, level: str, stream: BinaryIO | None = None) -> None:
    """Makes every logger of this process write lines. `stream` is standard output where none is given."""
    lines = _Lines(identity, stream or _standard())
    _writing[:] = [lines]
    known = logging.getLevelNamesMapping()
    number = known.get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[lines.render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=number, handlers=[_Bridge(lines)], force=True)
    for name in _SERVERS:
        server = logging.getLogger(name)
        server.handlers.clear()
        server.propagate = not name.endswith(".access")
    logging.getLogger("uvicorn.error").addFilter(_not_logged)
    for name in _CLIENTS:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    if level.upper() not in known:
        tell(
            "starting logs",
            ValueError(f"level {level!r} is none of {', '.join(known)}; lines are written from INFO on"),
        )


def record(message: str, fields: Mapping[str, object]) -> None:
    """Writes a line that no level hides, at "info". Does nothing before the start."""
    if _writing:
        _writing[-1].write(_writing[-1].render(None, "info", {"event": message, **fields}))


def mark_logged(error: BaseException) -> None:
    """Remembers that the exception has its line: the server, which meets it next, writes none."""
    error.__dict__[_LOGGED] = True


class _Lines:
    """Where lines go."""

    def __init__(self, identity: Identity, stream: BinaryIO) -> None:
        self._output = Output(stream)
        self._service = {
            "name": identity.service,
            "version": identity.version,
            "environment": identity.environment,
            "node": {"name": identity.instance},
        }

    def render(self, _: object, level: str, event: MutableMapping[str, object]) -> bytes:
        """Structlog's only processor. A child's fields win over those of the request."""
        try:
            fields = structlog.contextvars.get_contextvars() | dict(event)
            return self._rendered("error" if level == "exception" else level, fields)
        except Exception as error:  # noqa: BLE001 a field's own code may fail in any way
            return self._rendered("error", {"event": f"a line could not be made: {type(error).__name__}"})

    def write(self, line: bytes) -> None:
        """Writes it, and after a break how much was lost in it."""
        if self._output.write(line) and (lost := self._output.lost):
            self._output.lost = 0
            text = f"{lost} lines are lost: standard output was full, or nobody read it"
            self._output.write(self._rendered("warning", {"event": text, "log.logger": "telemetry"}))

    debug = info = warning = error = critical = exception = msg = log = write

    def _rendered(self, level: str, fields: dict[str, object]) -> bytes:
        message = str(fields.pop("event", ""))
        if (exc_info := _exc_info(fields.pop("exc_info", None))) is not None:
            fields |= error_fields(exc_info)
        # An exception that was survived is an error to whoever looks for its cause.
        log_class = fields.pop(CLASS, ERROR if level in _SERIOUS or exc_info else APP)
        document = shaped(message, level, fields)
        document["service"] = self._service
        labels = cast("dict[str, object]", document["labels"])
        labels["log_class"] = log_class.name if isinstance(log_class, LogClass) else APP.name
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            document["trace"] = {"id": f"{context.trace_id:032x}"}
            document["span"] = {"id": f"{context.span_id:016x}"}
        # Half a character is none, and as an escape a reader would refuse the whole line for it.
        return _JSON.encode(document).encode("utf-8", "replace")


class _Bridge(logging.Handler):
    """Takes the lines of libraries."""

    def __init__(self, lines: _Lines) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        try:
            message = record.getMessage()
        except Exception as error:  # noqa: BLE001 wrong arguments to a message fail in any way
            message = f"a line of {record.name} could not be made: {type(error).__name__}"
        fields: dict[str, object] = {"event": message, "log.logger": record.name, "exc_info": record.exc_info}
        self._lines.write(self._lines.render(None, record.levelname.lower(), fields))


def _standard() -> BinaryIO:
    # None where the process was started with it closed.
    return sys.stdout.buffer if sys.stdout is not None else io.BytesIO()  # pyright: ignore[reportUnnecessaryComparison] typeshed does not know


def _not_logged(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not (error is not None and error.__dict__.get(_LOGGED))


def _exc_info(given: object) -> ExcInfo | None:
    """What `exc_info` may be: an exception, a triple, or true for the one that is being handled."""
    if isinstance(given, BaseException):
        return type(given), given, given.__traceback__
    found = cast("tuple[object, ...]", given if isinstance(given, tuple) else sys.exc_info() if given else ())
    return cast("ExcInfo", found) if len(found) == 3 and isinstance(found[1], BaseException) else None  # noqa: PLR2004 a triple


_writing: list[_Lines] = []
