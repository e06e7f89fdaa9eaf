"""Lines that telemetry and the demo really write, walked through the pipeline to class, fields and stream."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from catalogue.logs import LOG_CLASSES
from catalogue.services import API_GATEWAY, SCRAPER
from tests.support.elasticsearch import field
from tests.support.logstash.logstash import Pipeline, shipped
from tests.support.warm import LIBRARIES, warmed

_API = """
from fastapi.testclient import TestClient
from telemetry.demo import service
from telemetry.demo.faults import Faults
people = TestClient(service.app, raise_server_exceptions=False, client=("203.0.113.77", 50000))
people.get("/api/v1/bills/7", headers={"X-Request-ID": "r-1"})
people.get("/api/v1/search", params={"q": "act"})
people.get("/no/such/page")
people.get("/health")
people.post("/api/v1/bills", json={"title": "An Act", "jurisdiction": "federal", "kind": "bill"})
people.post("/api/v1/sessions", json={"user": "u-7"})
odd = {"number": 7, "nothing": None, "pair": {"a": [1, 2]}, "token": "hunter2", "text": "one\\ntwo", "url.path": "/x"}
service.log.info("odd", **odd)
service.log.debug("not written")
service.board.put(Faults(error_rate=1.0, log_flood=1))
people.get("/api/v1/bills")
import logging
logging.getLogger("library").error("of a library: %s", "caf\\udce9")
"""
_SCRAPER = """
import telemetry
from telemetry.demo import scraper
telemetry.start("scraper")
scraper.log.info("scraper starts", pause=1.0)
@telemetry.scraper("ontario", brings=("bill",))
def ontario(run):
    run.error(ValueError("a page without a title"))
    raise TimeoutError("ola.org did not answer")
try:
    ontario()
except TimeoutError:
    pass
"""
PROGRAMS = {API_GATEWAY.name: _API, SCRAPER.name: _SCRAPER}
# An address is cut, and where a line comes from is not its to say; the schema's version is not worth its place.
_CHANGED_ON_THE_WAY = {
    "@timestamp",
    "client.ip",
    "ecs.version",
    "labels.log_class",
    "service.environment",
    "service.node.name",
}


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Sequence[str]]:
    """What each service wrote."""
    found = dict[str, Sequence[str]]()
    environment = os.environ | {"DEMO_DATABASE": str(tmp_path_factory.mktemp("written") / "demo.db")}
    with warmed(*LIBRARIES, "sqlalchemy") as warm:
        for service, program in PROGRAMS.items():
            done = warm.start(program, environment=environment).ended()
            done.check_returncode()
            found[service] = done.stdout.splitlines()
    return found


@pytest.fixture(scope="module")
def walked(lines: Mapping[str, Sequence[str]], ingest: Pipeline) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each line with what became of it."""
    made = list[tuple[dict[str, Any], dict[str, Any]]]()
    for service, each in lines.items():
        for line in each:
            became = ingest.run(shipped(line, pod=service))
            assert became is not None, line
            made.append((json.loads(line), became))
    return made


def test_services_write_lines_of_every_class(lines: Mapping[str, Sequence[str]]) -> None:
    found = {json.loads(line)["labels"]["log_class"] for each in lines.values() for line in each}
    assert found == {each.name for each in LOG_CLASSES}


def test_each_line_comes_to_the_stream_of_the_class_that_it_names(
    walked: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    for written, became in walked:
        log_class = written["labels"]["log_class"]
        assert became["event"]["data_stream"]["dataset"] == f"openpolicy.{log_class}", written
        assert became["sent"] == ["evidence" if log_class in ("audit", "security") else "lines"], written
        assert not became["event"].get("tags"), written


def _flat(document: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found = dict[str, Any]()
    for name, value in document.items():
        found |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return found


def test_no_field_of_a_line_is_lost_or_changed_but_those_that_have_to_be(
    walked: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    for written, became in walked:
        for name, value in _flat(written).items():
            if name not in _CHANGED_ON_THE_WAY:
                assert field(became["event"], name) == value, (name, written)
        # Its own time, and not that at which it was read.
        assert became["event"]["@timestamp"][:23] == written["@timestamp"][:23]
    (asked,) = [became["event"] for written, became in walked if field(written, "http.request.id") == "r-1"]
    assert asked["client"]["ip"] == "203.0.113.0"
    assert len(asked["trace"]["id"]) == 32
    assert isinstance(asked["event"]["duration"], int)


def test_nothing_secret_is_in_what_leaves_the_service(lines: Mapping[str, Sequence[str]]) -> None:
    text = "\n".join(line for each in lines.values() for line in each)
    assert "hunter2" not in text
    assert "@example.org" not in text


def test_an_exception_is_one_line(walked: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    kinds = {field(became["event"], "error.type") for _, became in walked} - {None}
    assert kinds == {"RuntimeError", "ValueError", "TimeoutError"}
    assert all(
        "\n" in field(became["event"], "error.stack_trace") for _, became in walked if "error" in became["event"]
    )
