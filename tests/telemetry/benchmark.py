"""What telemetry costs a request: `python -m tests.telemetry.benchmark` compares it with none and with the stock one.

Each way of observing runs in a process of its own, with the same FastAPI application called without a socket, so that
the difference is the telemetry and not the network. All ways take turns, and processor time is counted and not the
clock's, for a machine is rarely idle. Spans go to a collector that listens and forgets; lines go to a file.
With `--record` the table in telemetry/README.md is made anew.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.loopback import Quiet, serving
from tests.support.pages import ROOT, record
from tests.support.warm import warmed

_ROUNDS = 6
_BATCHES, _BATCH = 10, 200
_WARM = 300
_PROGRAM = """
import json
from tests.telemetry.benchmark import measure
print(json.dumps(measure({!r}, {})))
"""

WAYS = {
    "bare": "nothing",
    "telemetry.start": "metrics, access line, span, request id",
    "stock": "FastAPIInstrumentor and prometheus-fastapi-instrumentator: metrics and spans, no lines",
    "stock and a line": "the same, and a JSON line by structlog for each request",
}


def application() -> Any:
    """What is observed."""
    from fastapi import APIRouter, FastAPI

    app, api = FastAPI(), APIRouter()

    @api.get("/bills/{bill_id}")
    async def bill(bill_id: int) -> dict[str, int]:
        return {"id": bill_id}

    app.include_router(api, prefix="/api/v1")
    return app


def _ours(app: Any) -> None:
    import telemetry

    telemetry.start("api-gateway", app, stream=Path(os.environ["BENCHMARK_LINES"]).open("ab"))  # noqa: SIM115 for the process's life


def _stock(app: Any) -> None:
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from prometheus_fastapi_instrumentator import Instrumentator

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    Instrumentator().instrument(app)
    FastAPIInstrumentor.instrument_app(app)


def _stock_and_a_line(app: Any) -> None:
    import structlog

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(Path(os.environ["BENCHMARK_LINES"]).open("a", encoding="utf-8")),  # noqa: SIM115 for the process's life
        cache_logger_on_first_use=True,
    )
    log = structlog.get_logger()

    class Access:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            started = time.perf_counter()
            await self.app(scope, receive, send)
            log.info("request", method=scope["method"], path=scope["path"], duration=time.perf_counter() - started)

    app.add_middleware(Access)
    _stock(app)


_PREPARE: dict[str, Callable[[Any], None]] = {
    "bare": lambda _: None,
    "telemetry.start": _ours,
    "stock": _stock,
    "stock and a line": _stock_and_a_line,
}


async def _spent(app: Any, requests: int) -> float:
    """Microseconds of processor time for each request, whichever thread of this process spent them."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Any) -> None:
        """Forgets."""

    started = time.process_time()
    for number in range(requests):
        path = f"/api/v1/bills/{number % 50}"
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
            "headers": [(b"host", b"test"), (b"user-agent", b"benchmark")],
            "client": ("127.0.0.1", 1), "server": ("test", 80),
        }  # fmt: skip
        await app(scope, receive, send)
    return (time.process_time() - started) * 1e6 / requests


def measure(way: str, batches: int) -> list[float]:
    """Microseconds of a request, batch by batch, in this process."""
    app = application()
    _PREPARE[way](app)
    asyncio.run(_spent(app, _WARM))
    return [asyncio.run(_spent(app, _BATCH)) for _ in range(batches)]


class _Forgets(Quiet):
    def do_POST(self) -> None:
        self.body()
        self.answer()


def compare(rounds: int = _ROUNDS, batches: int = _BATCHES) -> dict[str, list[float]]:
    """Microseconds of a request by every way, batch by batch, all rounds together."""
    spent: dict[str, list[float]] = {way: [] for way in WAYS}
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(_Forgets) as address,
        warmed("fastapi", "tests.telemetry.benchmark") as warm,
    ):
        environment = os.environ | {
            "BENCHMARK_LINES": f"{folder}/lines",
            "OTEL_EXPORTER_OTLP_ENDPOINT": address,
        }
        for _ in range(rounds):
            for way in WAYS:
                done = warm.start(_PROGRAM.format(way, batches), environment=environment).ended()
                done.check_returncode()
                spent[way] += json.loads(done.stdout.splitlines()[-1])
    return spent


def table(spent: dict[str, list[float]]) -> str:
    """Medians, side by side."""
    bare = statistics.median(spent["bare"])
    lines = ["| Way | µs a request | Added | Nine in ten batches below | What it does |", "|---|---|---|---|---|"]
    for way, found in spent.items():
        median, high = statistics.median(found), statistics.quantiles(found, n=10)[8]
        lines.append(f"| {way} | {median:.0f} | {median - bare:.0f} | {high:.0f} | {WAYS[way]} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:] == ["--record"]:
        record(ROOT / "telemetry" / "README.md", "overhead", table(compare()))
    else:
        print(table(compare()))
