"""Queries and the pool: `watch(engine)` for SQLAlchemy, `query("select", "bills")` for anything else."""

import functools
import inspect
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, cast

from catalogue.metrics import DB_POOL_AVAILABLE, DB_POOL_SIZE, DB_QUERY_DURATION
from telemetry.metrics import known, observe, set_to
from telemetry.problems import Quietly
from telemetry.tracing import instrumentation

P = ParamSpec("P")
R = TypeVar("R")

_STARTED = "openpolicy_query_started"
_DDL = frozenset({"create", "alter", "drop", "truncate"})


class query:  # noqa: N801 read as a verb, like contextlib's
    """Times a query: around a block with `with`, or as a decorator of a function or coroutine function."""

    def __init__(self, query_type: str, table: str) -> None:
        self._labels = {"query_type": query_type, "table": table}
        self._started = 0.0

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> None:
        observe(DB_QUERY_DURATION, time.perf_counter() - self._started, **self._labels)

    def __call__(self, work: Callable[P, R]) -> Callable[P, R]:
        """Times every call. Each has its own start, for calls overlap."""
        if inspect.iscoroutinefunction(work):

            async def awaited(*args: P.args, **kwargs: P.kwargs) -> object:
                with query(**self._labels):
                    return await cast("Awaitable[object]", work(*args, **kwargs))

            return cast("Callable[P, R]", functools.wraps(work)(awaited))

        @functools.wraps(work)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            with query(**self._labels):
                return work(*args, **kwargs)

        return called


def watch(engine: Any, *, tables: Iterable[str]) -> None:
    """Times and traces the queries of a SQLAlchemy engine, and counts its connections.

    `tables` have series of their own; all others share one.
    """
    with Quietly("watching a database"):
        from sqlalchemy import event

        engine = getattr(engine, "sync_engine", engine)
        allowed = frozenset(tables)
        known(DB_QUERY_DURATION, table=sorted(allowed))
        event.listen(engine, "before_cursor_execute", _before)
        event.listen(engine, "after_cursor_execute", functools.partial(_after, allowed))
        _Pool(engine)
        if instrumentor := instrumentation("sqlalchemy", "SQLAlchemyInstrumentor"):
            instrumentor().instrument(engine=engine)


def _before(_connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:  # noqa: FBT001 SQLAlchemy's signature
    setattr(context, _STARTED, time.perf_counter())


def _after(
    allowed: frozenset[str],
    _connection: Any,
    _cursor: Any,
    statement: str,
    _parameters: Any,
    context: Any,
    _many: bool,  # noqa: FBT001 SQLAlchemy's signature
) -> None:
    with Quietly("timing a query"):
        verb = statement.split(None, 1)[0].lower()
        named = [table for table in _tables(context) if table in allowed]
        observe(
            DB_QUERY_DURATION,
            time.perf_counter() - getattr(context, _STARTED),
            query_type="ddl" if verb in _DDL else verb,
            table=named[0] if named else "other",
        )


def _tables(context: Any) -> list[str]:
    """Names of the tables that a statement is about, the first first. None of them for SQL given as text."""
    statement: Any = getattr(getattr(context, "compiled", None), "statement", None)
    if (table := getattr(statement, "table", None)) is not None:
        return [str(table.name)]
    froms = statement.get_final_froms() if hasattr(statement, "get_final_froms") else ()
    return [str(source.name) for source in froms if hasattr(source, "name")]


class _Pool:
    """Connections that are out, counted as they come and go: the pool itself counts one back only after it was told.

    Told at every change, for a worker cannot be asked when another answers a scrape.
    """

    def __init__(self, engine: Any) -> None:
        from sqlalchemy import event

        self._engine, self._out, self._lock = engine, 0, threading.Lock()
        for name, change in (("checkout", 1), ("checkin", -1), ("detach", -1)):
            event.listen(engine, name, functools.partial(self._changed, change))
        self._changed(0)

    def _changed(self, change: int, *_: object) -> None:
        with Quietly("counting connections"), self._lock:
            self._out += change
            pool = self._engine.pool
            # A pool without a bound has no such number, and cannot be exhausted.
            if (size := getattr(pool, "size", None)) is not None:
                most = size() + max(getattr(pool, "_max_overflow", 0), 0)
                set_to(DB_POOL_SIZE, most)
                set_to(DB_POOL_AVAILABLE, most - self._out)
