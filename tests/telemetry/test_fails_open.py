"""A service whose telemetry has nowhere to go answers all the same. Each is a process of its own, really broken."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from ops.plan.run import ROOT
from telemetry.exposition import WORKERS
from telemetry.output import _PATIENCE_MS
from telemetry.problems import STRICT
from tests.support.warm import Running, Warm

REQUESTS = 100
MANY = 400
"""Their lines are a multiple of what a pipe holds, and of what is kept for a slow reader."""

SERVICE = f"""
import asyncio, os, resource, sys
import httpx
from fastapi import FastAPI
import telemetry
from catalogue.metrics import SEARCH_QUERIES
from telemetry import output

if "SMALL_FILES" in os.environ:  # as a full disk, for whoever makes a file longer
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384))
output._PATIENCE_MS = int(os.environ.get("PATIENCE_MS", output._PATIENCE_MS))
app = FastAPI()
telemetry.start("api-gateway", app)

@app.get("/bills/{{number}}")
def bill(number: int):
    telemetry.logger("bills").info("read", padding="x" * 500)
    telemetry.count(SEARCH_QUERIES, search_type="bills", result="hit")
    telemetry.audit(action="bill.read", outcome=telemetry.Outcome.SUCCESS, user="u", target=str(number))
    return {{"id": number}}

requests = range(int(os.environ.get("REQUESTS", "{REQUESTS}")))

async def answered():
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return [(await client.get(f"/bills/{{number}}")).json() for number in requests]

answers = asyncio.run(answered())
assert answers == [{{"id": number}} for number in requests], answers
print("ANSWERED", file=sys.stderr)
"""


Start = Callable[..., Running]


@pytest.fixture
def start(warm: Warm) -> Start:
    """Starts the service, with this as its standard output."""

    def started(stdout: int | None, **environment: str) -> Running:
        kept = {name: value for name, value in os.environ.items() if name != STRICT}
        return warm.start(SERVICE, stdout=stdout, environment=kept | {"OPENPOLICY_ENVIRONMENT": "dev"} | environment)

    return started


def answered(process: Running) -> bool:
    """Whether every request got its answer."""
    return "ANSWERED" in process.ended().stderr


def lines(text: str) -> list[dict[str, object]]:
    """Every whole one."""
    return [json.loads(line) for line in text.splitlines()]


def test_a_full_disk_under_the_log_breaks_no_request(start: Start) -> None:
    with Path("/dev/full").open("wb") as full:
        assert answered(start(full.fileno()))


def test_a_reader_that_is_gone_breaks_no_request(start: Start) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(writing)
    os.close(writing)
    assert answered(process)


def test_a_closed_output_breaks_no_request(tmp_path: Path) -> None:
    program = tmp_path / "service.py"
    program.write_text(SERVICE, encoding="utf-8")
    command = ["sh", "-c", f"exec {sys.executable} {program} >&-"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=120, check=False, env=environment)
    assert "ANSWERED" in done.stderr, done.stderr


def test_a_reader_that_stopped_holds_no_request_up(start: Start) -> None:
    reading, writing = os.pipe()
    with start(writing, REQUESTS=str(MANY), PATIENCE_MS="100") as process, os.fdopen(reading, encoding="utf-8") as pipe:
        os.close(writing)
        # Nobody reads until the service has answered all of it.
        began = time.monotonic()
        assert any("ANSWERED" in line for line in process.stderr)
        assert time.monotonic() - began < 30, "it waits once, and not with every line"
        whole = lines(pipe.read().rpartition("\n")[0])
    assert 50 < len(whole) < 3 * MANY
    assert _PATIENCE_MS <= 1_000, "a client waits as long"


@contextmanager
def black_hole() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def nowhere() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    yield address


@pytest.mark.parametrize("where", [black_hole, nowhere])
def test_a_collector_that_is_away_breaks_no_request(
    start: Start, where: Callable[[], AbstractContextManager[str]], tmp_path: Path
) -> None:
    with where() as address, (tmp_path / "lines").open("wb") as output:
        process = start(output.fileno(), OTEL_EXPORTER_OTLP_ENDPOINT=address, OTEL_EXPORTER_OTLP_TIMEOUT="0.2")
        assert answered(process)
    found = lines((tmp_path / "lines").read_text(encoding="utf-8"))
    access = [each for each in found if each["message"] == "GET /bills/7 200"]
    assert len(str(access[0]["trace"])) > len("{'id': ''}"), "its lines have trace ids all the same"


AWAY = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_EXPORTER_OTLP_TIMEOUT": "0.1"}
SETTINGS = {
    "a folder that is not there": {WORKERS: "/nowhere/at/all"},
    "a folder that nobody can write to": {WORKERS: "/dev/null"},
    "a full disk under the folder": {WORKERS: "{folder}", "SMALL_FILES": "yes"},
    "a port that is none": {"OPENPOLICY_METRICS_PORT": "metrics"},
    "a level that is none": {"OPENPOLICY_LOG_LEVEL": "loud"},
    "an address that is none": {"OTEL_EXPORTER_OTLP_ENDPOINT": "collector, please"},
    "a protocol that is none": AWAY | {"OTEL_EXPORTER_OTLP_PROTOCOL": "x"},
    "a queue that is none": AWAY | {"OTEL_BSP_MAX_QUEUE_SIZE": "much"},
    "a queue of less than nothing": AWAY | {"OTEL_BSP_MAX_QUEUE_SIZE": "-1"},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_wrong_setting_breaks_no_request_and_costs_no_line(start: Start, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    given = {key: value.format(folder=folder) for key, value in SETTINGS[name].items()}
    done = start(None, **given).ended()
    assert "ANSWERED" in done.stderr, done.stderr[-2000:]
    found = lines(done.stdout)
    of_class = [each["labels"] for each in found]
    assert sum("'access'" in str(each) for each in of_class) == REQUESTS
    assert sum("'audit'" in str(each) for each in of_class) == REQUESTS


def test_no_page_of_a_shared_file_is_without_a_block(start: Start, tmp_path: Path) -> None:
    """A page without one is the end of the worker where the disk is full: SIGBUS."""
    with (tmp_path / "lines").open("wb") as output:
        shared = tmp_path / "shared"
        shared.mkdir()
        assert answered(start(output.fileno(), **{WORKERS: str(shared)}))
    files = [each.stat() for each in shared.iterdir()]
    assert files
    assert all(each.st_blocks * 512 >= each.st_size for each in files)
