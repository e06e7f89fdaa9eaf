"""The demo's database: SQLite behind a real pool, with a query that can be made slow."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, create_engine, event, func, insert, select
from sqlalchemy.pool import QueuePool

import telemetry
from telemetry.demo.faults import Switchboard

SIZE, OVERFLOW = 5, 5

_METADATA = MetaData()
BILLS = Table(
    "bills",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("jurisdiction", String, nullable=False),
    Column("type", String, nullable=False),
    Column("title", String, nullable=False),
)


class Database:
    """Bills, and connections that can be taken and not given back."""

    def __init__(self, path: Path, board: Switchboard) -> None:
        self._board = board
        # A request that finds no connection fails soon: people see errors, and the pool's alert as their cause.
        self._engine = create_engine(
            # By its name, as spans would tell it of a server's database; the file is this machine's own affair.
            "sqlite:///openpolicy",
            creator=lambda: sqlite3.connect(path, check_same_thread=False),
            poolclass=QueuePool,
            pool_size=SIZE,
            max_overflow=OVERFLOW,
            pool_timeout=0.2,
        )
        self._taken: list[Any] = []
        event.listen(self._engine, "connect", _prepare_connection)
        telemetry.watch(self._engine, tables=_METADATA.tables)
        _prepare(self._engine)

    @property
    def _slowness(self) -> Any:
        # A query by itself: as a column it would wait for every row.
        return select(func.sleep(self._board.faults.slow_query)).scalar_subquery()

    def titles(self, limit: int) -> list[str]:
        """Titles of the newest bills."""
        query = select(BILLS.c.title, self._slowness).order_by(BILLS.c.id.desc())
        with self._engine.connect() as connection:
            return [row[0] for row in connection.execute(query.limit(limit))]

    def bill(self, number: int) -> str | None:
        """A bill's title."""
        query = select(BILLS.c.title, self._slowness).where(BILLS.c.id == number)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
            return row[0] if row else None

    def add(self, jurisdiction: str, kind: str, title: str) -> int:
        """Adds a bill, and returns its number."""
        with self._engine.begin() as connection:
            made = connection.execute(insert(BILLS).values(jurisdiction=jurisdiction, type=kind, title=title))
            return int((made.inserted_primary_key or (0,))[0])

    def take(self) -> None:
        """Takes as many connections as the switchboard says, as a leak would."""
        wanted = min(self._board.faults.taken_connections, SIZE + OVERFLOW)
        while len(self._taken) < wanted:
            self._taken.append(self._engine.connect())
        while len(self._taken) > wanted:
            self._taken.pop().close()


def _prepare_connection(connection: Any, _record: Any) -> None:
    # Who reads slowly keeps nobody from writing, as in a server.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.create_function("sleep", 1, _sleep)


def _sleep(seconds: float) -> int:
    time.sleep(seconds)
    return 0


def _prepare(engine: Engine) -> None:
    _METADATA.drop_all(engine)
    _METADATA.create_all(engine)
    with engine.begin() as connection:
        rows = [{"jurisdiction": "federal", "type": "bill", "title": f"An Act, number {n}"} for n in range(1, 51)]
        connection.execute(insert(BILLS), rows)
