"""Runs of scrapers: `@scraper("federal-bills", brings=("bill",))` around a function that takes its run.

A run counts when it is over, as a success unless it raised or said that it is incomplete. Errors count by their class:
a message names the page that failed, and every page would be a series.
"""

import functools
import inspect
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar, cast

from opentelemetry import trace
from structlog.contextvars import bound_contextvars

from catalogue.metrics import RECORDS_SCRAPED, SCRAPER_DURATION, SCRAPER_ERRORS, SCRAPER_LAST_SUCCESS, SCRAPER_RUNS
from telemetry.logs import logger
from telemetry.metrics import count, known, observe, set_to

P = ParamSpec("P")
R = TypeVar("R")

_log = logger("telemetry.scraping")


class Run:
    """A run that is going on."""

    def __init__(self, scraper: str) -> None:
        self.scraper = scraper
        self.status = "success"

    def records(self, entity_type: str, amount: int = 1) -> None:
        """Records that it brought in."""
        count(RECORDS_SCRAPED, amount, scraper=self.scraper, entity_type=entity_type)

    def error(self, error: Exception) -> None:
        """An error that the run survives: a page that could not be read."""
        count(SCRAPER_ERRORS, scraper=self.scraper, error_type=type(error).__name__)
        _log.warning("scraper met an error", exc_info=error)

    def incomplete(self) -> None:
        """Says that something is missing, though the run goes on to its end."""
        self.status = "partial"


def scraper(name: str, *, brings: tuple[str, ...] = ()) -> Callable[[Callable[Concatenate[Run, P], R]], Callable[P, R]]:
    """Makes a function, or a coroutine function, a scraper. `brings` are the kinds of records that it brings in."""
    known(SCRAPER_RUNS, scraper=[name])
    known(RECORDS_SCRAPED, scraper=[name], entity_type=brings)

    def decorate(work: Callable[Concatenate[Run, P], R]) -> Callable[P, R]:
        if inspect.iscoroutinefunction(work):

            async def awaited(*args: P.args, **kwargs: P.kwargs) -> object:
                with _running(name) as run:
                    return await cast("Awaitable[object]", work(run, *args, **kwargs))

            return cast("Callable[P, R]", functools.wraps(work)(awaited))

        @functools.wraps(work)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            with _running(name) as run:
                return work(run, *args, **kwargs)

        return cast("Callable[P, R]", called)

    return decorate


@contextmanager
def _running(name: str) -> Generator[Run]:
    run, started = Run(name), time.perf_counter()
    tracer = trace.get_tracer("telemetry.scraping")
    with bound_contextvars(scraper=name), tracer.start_as_current_span(f"scrape {name}"):
        try:
            yield run
        except Exception as error:
            run.status = "failure"
            count(SCRAPER_ERRORS, scraper=name, error_type=type(error).__name__)
            _log.exception("scraper failed", exc_info=error)
            raise
        finally:
            observe(SCRAPER_DURATION, time.perf_counter() - started, scraper=name)
            count(SCRAPER_RUNS, scraper=name, status=run.status)
            if run.status == "success":
                set_to(SCRAPER_LAST_SUCCESS, time.time(), scraper=name)
