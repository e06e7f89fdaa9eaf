"""Runs of scrapers and queries of databases leave what the catalogue promises, and their results untouched."""

import asyncio
import time
from pathlib import Path

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select, text
from sqlalchemy.pool import QueuePool

import telemetry
from catalogue.metrics import (
    DB_POOL_AVAILABLE,
    DB_POOL_SIZE,
    DB_QUERY_DURATION,
    RECORDS_SCRAPED,
    SCRAPER_DURATION,
    SCRAPER_ERRORS,
    SCRAPER_LAST_SUCCESS,
    SCRAPER_RUNS,
)
from catalogue.model.metric import Metric
from telemetry import database, scraping
from telemetry.metrics import Instruments
from tests.telemetry.conftest import Written


@pytest.fixture(autouse=True)
def instruments(monkeypatch: pytest.MonkeyPatch) -> Instruments:
    """Metrics of this test alone."""
    made = Instruments()
    for module in (scraping, database):
        for verb in ("count", "observe", "set_to", "known"):
            monkeypatch.setattr(module, verb, getattr(made, verb), raising=False)
    return made


def values(instruments: Instruments, metric: Metric) -> dict[tuple[str, ...], float]:
    """Values by their labels' values; of a histogram, how often it was observed."""
    if metric.name not in instruments.made:
        return {}
    name = f"{metric.name}_count" if metric.buckets else metric.name
    found = [each for family in instruments.of(metric).parent.collect() for each in family.samples if each.name == name]
    return {tuple(each.labels[label.name] for label in metric.labels): each.value for each in found}


def test_a_run_that_ends_is_a_success(instruments: Instruments, written: Written, spans: InMemorySpanExporter) -> None:
    @telemetry.scraper("federal-bills", brings=("bill", "vote"))
    def scrape(run: telemetry.Run, pages: int) -> int:
        run.records("bill", 20)
        run.error(TimeoutError("page 3"))
        return pages

    assert values(instruments, SCRAPER_RUNS)["federal-bills", "success"] == 0, "known before its first run"
    assert values(instruments, RECORDS_SCRAPED) == {("federal-bills", "bill"): 0, ("federal-bills", "vote"): 0}
    assert scrape(7) == 7
    assert values(instruments, SCRAPER_RUNS) == {
        ("federal-bills", "success"): 1, ("federal-bills", "failure"): 0, ("federal-bills", "partial"): 0,
    }  # fmt: skip
    assert values(instruments, RECORDS_SCRAPED)["federal-bills", "bill"] == 20
    assert values(instruments, SCRAPER_ERRORS) == {("federal-bills", "TimeoutError"): 1}
    assert values(instruments, SCRAPER_DURATION) == {("federal-bills",): 1}
    assert values(instruments, SCRAPER_LAST_SUCCESS)["federal-bills",] == pytest.approx(time.time(), abs=5)
    assert [span.name for span in spans.get_finished_spans()] == ["scrape federal-bills"]
    assert written.line["labels"]["scraper"] == "federal-bills"


def test_a_run_that_raises_is_a_failure_and_still_raises(instruments: Instruments, written: Written) -> None:
    @telemetry.scraper("federal-bills")
    def scrape(_run: telemetry.Run) -> None:
        raise ConnectionError("no route")

    with pytest.raises(ConnectionError, match="no route"):
        scrape()
    assert values(instruments, SCRAPER_RUNS)["federal-bills", "failure"] == 1
    assert values(instruments, SCRAPER_ERRORS) == {("federal-bills", "ConnectionError"): 1}
    assert values(instruments, SCRAPER_LAST_SUCCESS) == {}
    assert written.line["labels"]["log_class"] == "error"


def test_an_incomplete_run_is_partial(instruments: Instruments) -> None:
    @telemetry.scraper("federal-bills")
    async def scrape(run: telemetry.Run) -> str:
        await asyncio.sleep(0.01)
        run.incomplete()
        return "done"

    assert asyncio.run(scrape()) == "done"
    assert values(instruments, SCRAPER_RUNS)["federal-bills", "partial"] == 1
    assert values(instruments, SCRAPER_LAST_SUCCESS) == {}


def test_a_query_is_timed_in_every_form(instruments: Instruments) -> None:
    @telemetry.query("select", "bills")
    def plain(number: int) -> int:
        return number

    @telemetry.query("update", "bills")
    async def awaited(number: int) -> int:
        await asyncio.sleep(0.01)
        return number

    assert plain(7) == 7
    assert asyncio.run(awaited(8)) == 8
    with pytest.raises(KeyError), telemetry.query("vacuum", "bills"):
        raise KeyError("still counted")
    assert values(instruments, DB_QUERY_DURATION) == {
        ("select", "bills"): 1, ("update", "bills"): 1, ("other", "bills"): 1,
    }  # fmt: skip


def test_queries_at_once_have_their_own_starts(instruments: Instruments) -> None:
    @telemetry.query("select", "bills")
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def both() -> None:
        await asyncio.gather(sleep(0.2), sleep(0.1))

    asyncio.run(both())
    families = instruments.of(DB_QUERY_DURATION).parent.collect()
    (spent,) = [each.value for family in families for each in family.samples if each.name.endswith("_sum")]
    assert spent == pytest.approx(0.3, abs=0.08)


METADATA = MetaData()
BILLS = Table("bills", METADATA, Column("id", Integer, primary_key=True), Column("title", String))
SECRET = Table("drafts_of_jane", METADATA, Column("id", Integer, primary_key=True))


def test_an_engine_tells_its_queries_and_its_pool(
    instruments: Instruments, tmp_path: Path, spans: InMemorySpanExporter
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/test.db", poolclass=QueuePool, pool_size=3, max_overflow=2)
    telemetry.watch(engine, tables=["bills"])
    assert values(instruments, DB_POOL_SIZE) == {(): 5}
    assert values(instruments, DB_POOL_AVAILABLE) == {(): 5}
    METADATA.create_all(engine)
    with engine.begin() as connection:
        assert values(instruments, DB_POOL_AVAILABLE) == {(): 4}
        connection.execute(insert(BILLS).values(title="An Act"))
        assert connection.execute(select(BILLS.c.title)).scalar() == "An Act"
        connection.execute(select(SECRET))
        connection.execute(text("SELECT 1"))
    assert values(instruments, DB_POOL_AVAILABLE) == {(): 5}
    timed = {labels: count for labels, count in values(instruments, DB_QUERY_DURATION).items() if count}
    assert timed.pop(("ddl", "other")) >= 2
    assert timed.pop(("insert", "bills")) == 1
    assert timed.pop(("select", "bills")) == 1
    assert timed.pop(("select", "other")) == 2, "neither a table that is not allowed nor plain text has a series"
    assert {table for _, table in timed} <= {"other"}
    assert any("bills" in str((span.attributes or {}).get("db.query.text", "")) for span in spans.get_finished_spans())
    engine.dispose()
