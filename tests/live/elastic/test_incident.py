"""What `ops incident` reads of logs, in a real Elasticsearch: the lines of a trace, and errors by service and kind."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.sources import elasticsearch
from ops.sources.server import ELASTICSEARCH
from ops.sources.server import Server as Asked
from ops.sources.times import Window
from tests.live.elastic.server import Server
from tests.support.lines import ERROR, TRACE, ecs
from tests.support.logstash.logstash import ingested

# Other tests of the same server write lines of the last hours; what is a week old counts as new.
BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
OURS = Window(start=BEGAN - timedelta(seconds=1), end=BEGAN + timedelta(minutes=1))
NUMBER = TRACE[::-1]


@pytest.fixture(scope="module")
def asked(node: Server) -> Asked:
    def at(seconds: int, **fields: Any) -> str:
        moment = (BEGAN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")
        return ecs(**{"@timestamp": moment, "trace.id": NUMBER} | fields)

    request = {"url.path": "/mp", "http.response.status_code": 500}
    lines: Sequence[tuple[str, str]] = [
        ("api-gateway", at(3, **request, message="GET /mp 500")),
        ("api-gateway", at(2, message="request failed", exception=ERROR)),
        ("api-gateway", at(1, message="a search")),
        ("scraper", at(9, message="gave up", **{"log.level": "error", "trace.id": "f" * 32})),
        ("scraper", at(12, message="gave up again", **{"log.level": "error", "trace.id": "f" * 32})),
        ("scraper", at(600, message="much later", exception=ERROR, **{"trace.id": "e" * 32})),
    ]
    assert {each["status"] for each in node.create(ingested(lines, namespace="incident"))} == {201}
    return Asked(kind=ELASTICSEARCH, address=node.address)


def test_the_lines_of_a_trace_are_of_every_class_and_in_order(asked: Asked) -> None:
    found = elasticsearch.lines(asked, NUMBER)
    assert [each.message for each in found] == ["a search", "request failed", "GET /mp 500"]
    assert found[0].at == BEGAN + timedelta(seconds=1)
    assert found[1].error is not None
    assert (found[1].error.type, found[1].error.message) == ("ValueError", "bad bill")


def test_errors_of_a_time_are_counted_by_service_and_kind(asked: Asked) -> None:
    by_service = {each.service: each for each in elasticsearch.errors(asked, OURS)}
    assert {name: (each.kind, each.count) for name, each in by_service.items()} == {
        "api-gateway": ("ValueError", 1),
        "scraper": ("without a type", 2),
    }
    scraper = by_service["scraper"]
    assert scraper.first - BEGAN == timedelta(seconds=9)
    assert scraper.last - BEGAN == timedelta(seconds=12)
    assert scraper.example.message == "gave up"


def test_where_nothing_is_nothing_is_found(asked: Asked) -> None:
    assert elasticsearch.lines(asked, "0" * 32) == []
    assert [*elasticsearch.errors(asked, Window(start=BEGAN - timedelta(days=9), end=BEGAN - timedelta(days=8)))] == []
