"""A request is counted under its route, logged once, and answered as if nothing watched."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import StreamingResponse
from flask import Flask
from httpx import ASGITransport, AsyncClient, Client, Response, WSGITransport
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.samples import Sample
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import telemetry
from catalogue.metrics import HTTP_REQUEST_DURATION, HTTP_REQUESTS
from catalogue.model.metric import Metric
from telemetry import asgi, exchange, wsgi
from telemetry.metrics import Instruments
from telemetry.problems import STRICT
from tests.telemetry.conftest import Written

log = telemetry.logger("test")


@pytest.fixture(autouse=True)
def instruments(monkeypatch: pytest.MonkeyPatch) -> Instruments:
    """Metrics of this test alone."""
    made = Instruments()
    monkeypatch.setattr(exchange, "count", made.count)
    monkeypatch.setattr(exchange, "observe", made.observe)
    return made


def exposed(instruments: Instruments, metric: Metric) -> list[Sample]:
    return [sample for family in instruments.of(metric).parent.collect() for sample in family.samples]


def counted(instruments: Instruments) -> dict[tuple[str, str, str], float]:
    found = [sample for sample in exposed(instruments, HTTP_REQUESTS) if sample.name.endswith("_total")]
    return {(each.labels["method"], each.labels["endpoint"], each.labels["status"]): each.value for each in found}


def fastapi() -> FastAPI:
    app, router = FastAPI(), APIRouter()

    @router.get("/bills/{bill_id}")
    async def bill(bill_id: int) -> dict[str, int]:
        log.info("within")
        return {"id": bill_id}

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("password=hunter2")

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield b"x"
                await asyncio.sleep(0.05)

        return StreamingResponse(pieces())

    @app.get("/health")
    async def health() -> None:
        return None

    @app.get("/slow")
    async def slow() -> None:
        await asyncio.sleep(10)

    sub = FastAPI()

    @sub.get("/things/{thing}")
    async def thing(thing: str) -> str:
        return thing

    app.include_router(router, prefix="/api/v1")
    app.mount("/sub", sub)
    asgi.watch(app)
    return app


def starlette() -> Starlette:
    async def bill(request: Request) -> PlainTextResponse:
        log.info("within")
        return PlainTextResponse(request.path_params["bill_id"])

    app = Starlette(routes=[Route("/api/v1/bills/{bill_id}", bill)])
    asgi.watch(app)
    return app


def flask() -> Flask:
    app = Flask("test")

    @app.get("/api/v1/bills/<int:bill_id>")
    def bill(bill_id: int) -> dict[str, int]:
        log.info("within")
        return {"id": bill_id}

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("broken")

    wsgi.watch(app)
    return app


def ask(app: Any, method: str, path: str, headers: dict[str, str] | None = None) -> Response:
    if hasattr(app, "wsgi_app"):
        with Client(transport=WSGITransport(app), base_url="http://test") as client:
            return client.request(method, path, headers=headers)

    async def asked() -> Response:
        transport = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(asked())


each = pytest.mark.parametrize("make", [fastapi, starlette, flask])


@each
@pytest.mark.usefixtures("written")
def test_a_request_counts_under_its_route(make: Any, instruments: Instruments) -> None:
    app = make()
    for number in (7, 8):
        assert ask(app, "GET", f"/api/v1/bills/{number}").status_code == 200
    assert counted(instruments) == {("GET", "/api/v1/bills/{bill_id}", "200"): 2}
    (spent,) = [each.value for each in exposed(instruments, HTTP_REQUEST_DURATION) if each.name.endswith("_sum")]
    assert 0 < spent < 5


@each
@pytest.mark.usefixtures("written")
def test_what_no_route_matches_is_one_series(make: Any, instruments: Instruments) -> None:
    app = make()
    for path in ("/a", "/b", "/wp-login.php"):
        assert ask(app, "GET", path).status_code == 404
    assert counted(instruments) == {("GET", "__unmatched__", "404"): 3}


@each
def test_a_request_has_one_access_line_with_its_ids(make: Any, written: Written) -> None:
    answer = ask(make(), "GET", "/api/v1/bills/7?q=hunter2", {"x-request-id": "from-ingress", "user-agent": "test"})
    assert answer.headers["x-request-id"] == "from-ingress"
    (line,) = written.of("access")
    assert line["http"]["request"] == {"id": "from-ingress", "method": "GET"}
    assert line["http"]["response"] == {"status_code": 200}
    assert line["url"] == {"path": "/api/v1/bills/7"}
    assert line["labels"]["route"] == "/api/v1/bills/{bill_id}"
    assert line["user_agent"] == {"original": "test"}
    assert line["event"]["duration"] > 0
    (within,) = written.of("app")
    assert within["http"]["request"]["id"] == "from-ingress"
    assert b"hunter2" not in written.getvalue()


@pytest.mark.parametrize("given", ["", "x" * 65, "two words", 'q"uote', "../../etc"])
def test_an_odd_request_id_is_replaced(given: str, written: Written) -> None:
    answer = ask(fastapi(), "GET", "/api/v1/bills/7", {"x-request-id": given})
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers["x-request-id"] == written.of("access")[0]["http"]["request"]["id"]


def test_a_request_leaves_no_id_behind(written: Written) -> None:
    ask(flask(), "GET", "/api/v1/bills/7")
    log.info("after")
    assert "http" not in written.lines[-1]


@pytest.mark.parametrize("make", [fastapi, flask])
def test_a_failure_is_a_500_and_one_line_of_class_error(make: Any, instruments: Instruments, written: Written) -> None:
    assert ask(make(), "GET", "/broken").status_code == 500
    assert counted(instruments) == {("GET", "/broken", "500"): 1}
    (line,) = written.of("error")
    assert line["error"]["type"] == "RuntimeError"
    assert "def broken" not in written.of("access")[0]["message"]
    assert line["http"]["request"]["id"] == written.of("access")[0]["http"]["request"]["id"]
    assert b"hunter2" not in written.getvalue()


@pytest.mark.usefixtures("written")
def test_a_mounted_application_is_named_with_its_place(instruments: Instruments) -> None:
    ask(fastapi(), "GET", "/sub/things/7")
    ((_, endpoint, _),) = counted(instruments)
    assert endpoint in {"/sub", "/sub/things/{thing}"}, "its path is never among them"


def test_a_stream_is_measured_to_its_end_and_arrives_in_pieces(written: Written) -> None:
    assert ask(fastapi(), "GET", "/stream").text == "xxx"
    assert written.of("access")[0]["event"]["duration"] > 100_000_000


def test_a_probe_is_counted_and_leaves_no_line(instruments: Instruments, written: Written) -> None:
    ask(fastapi(), "GET", "/health")
    assert counted(instruments) == {("GET", "/health", "200"): 1}
    assert written.lines == []


@pytest.mark.usefixtures("written")
def test_a_caller_who_does_not_wait_is_no_server_error(instruments: Instruments) -> None:
    async def gone() -> None:
        transport = ASGITransport(fastapi())
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            await asyncio.wait_for(client.get("/slow"), 0.1)

    with pytest.raises(TimeoutError):
        asyncio.run(gone())
    assert counted(instruments) == {("GET", "/slow", "499"): 1}


def test_requests_at_once_keep_their_ids_apart(written: Written) -> None:
    app = fastapi()

    async def all_at_once() -> None:
        transport = ASGITransport(app)
        async with AsyncClient(transport=transport, base_url="http://test") as client:
            await asyncio.gather(
                *(client.get(f"/api/v1/bills/{n}", headers={"x-request-id": f"r-{n}"}) for n in range(20))
            )

    asyncio.run(all_at_once())
    for line in written.of("access"):
        assert line["http"]["request"]["id"] == f"r-{line['url']['path'].rpartition('/')[2]}"
    assert len({line["http"]["request"]["id"] for line in written.of("app")}) == 20


@pytest.mark.parametrize("make", [fastapi, flask])
def test_telemetry_that_fails_everywhere_breaks_no_request(
    make: Any, monkeypatch: pytest.MonkeyPatch, written: Written
) -> None:
    monkeypatch.delenv(STRICT)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("telemetry is broken")

    broken = Instruments()
    monkeypatch.setattr(broken, "of", fail)
    monkeypatch.setattr(exchange, "count", broken.count)
    monkeypatch.setattr(exchange, "observe", broken.observe)
    monkeypatch.setattr(exchange, "record", fail)
    monkeypatch.setattr(exchange, "bind_contextvars", fail)
    monkeypatch.setattr(exchange, "unbind_contextvars", fail)
    assert ask(make(), "GET", "/api/v1/bills/7").json() == {"id": 7}
    told = [line for line in written.lines if line["log"]["logger"] == "telemetry"]
    assert any("counting http_requests_total" in line["message"] for line in told)
    assert len(told) == len({line["message"] for line in told}), "each problem is told once"


def test_trace_line_and_exemplar_share_one_id(
    instruments: Instruments, written: Written, spans: InMemorySpanExporter
) -> None:
    from prometheus_client.openmetrics.exposition import generate_latest

    from telemetry.exposition import registry

    ask(fastapi(), "GET", "/api/v1/bills/7")
    (span,) = spans.get_finished_spans()
    assert span.context is not None
    number = f"{span.context.trace_id:032x}"
    assert {line["trace"]["id"] for line in written.lines} == {number}
    assert f'trace_id="{number}"'.encode() in generate_latest(registry(instruments))
    assert span.attributes is not None
    assert span.attributes["http.route"] == "/api/v1/bills/{bill_id}"


@pytest.mark.usefixtures("written")
def test_probes_leave_no_spans_and_bodies_none_either(spans: InMemorySpanExporter) -> None:
    app = fastapi()
    ask(app, "GET", "/health")
    assert spans.get_finished_spans() == ()
    ask(app, "GET", "/stream")
    assert len(spans.get_finished_spans()) == 1
