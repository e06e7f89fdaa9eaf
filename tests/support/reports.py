"""What real servers answered to both reports, kept so that reports can be made without them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx

from ops.plan.run import settings_of
from ops.report.ask import Asked
from ops.report.make import report
from ops.report.model import LENGTHS, Period, Report
from ops.sources.server import ALERTMANAGER, PROMETHEUS, Server
from tests.support.pages import ROOT
from tests.support.planned import planned

FILE = ROOT / "tests" / "support" / "report-answers.json"
END = datetime(2025, 6, 2, tzinfo=UTC)
"""Where the recorded history ends."""

Answers = Mapping[str, Any]


def question(request: httpx.Request) -> str:
    """What is asked, whoever is asked."""
    return " ".join([request.url.path, *(f"{name}={value}" for name, value in sorted(request.url.params.items()))])


def replayed(answers: Answers) -> httpx.MockTransport:
    """Answers as they did. What they were not asked fails."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=answers[question(request)])

    return httpx.MockTransport(answer)


def empty() -> httpx.MockTransport:
    """Servers that know nothing at all."""

    def answer(request: httpx.Request) -> httpx.Response:
        kind = "matrix" if request.url.path.endswith("_range") else "vector"
        nothing = {"status": "success", "data": {"resultType": kind, "result": []}}
        return httpx.Response(200, json=nothing if "/api/v1/" in request.url.path else [])

    return httpx.MockTransport(answer)


@cache
def recorded() -> Answers:
    """All of them."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def made(name: str, transport: httpx.BaseTransport | None = None) -> Report:
    """A report of production, from other answers than the recorded ones where there are any."""
    return _report(name, transport) if transport else _recorded_report(name)


@cache
def _recorded_report(name: str) -> Report:
    return _report(name, replayed(recorded()))


def _report(name: str, transport: httpx.BaseTransport) -> Report:
    servers = [
        Server(kind=kind, address=f"http://{kind.name.lower()}", transport=transport)
        for kind in (PROMETHEUS, ALERTMANAGER)
    ]
    asked = Asked(prometheus=servers[0], period=Period(name=name, end=END))
    return report("prod", asked, servers[1], settings_of("prod"), planned("prod").bill)


class Recorder(httpx.BaseTransport):
    """Asks the real servers, and keeps what they say: values to six digits, which is more than anybody reads."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = addresses
        self._network = httpx.HTTPTransport()
        self.answers = dict[str, Any]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        real = httpx.URL(self._addresses[request.url.host]).copy_with(
            raw_path=request.url.raw_path,
        )
        answer = self._network.handle_request(httpx.Request(request.method, real))
        answer.read()
        self.answers[question(request)] = _rounded(answer.json())
        return httpx.Response(answer.status_code, json=self.answers[question(request)])


def _rounded(value: Any) -> Any:
    match value:
        case dict():
            return {key: _rounded(inner) for key, inner in value.items()}
        case [int() | float() as at, str() as text]:
            return [at, f"{float(text):.6g}"]
        case list():
            return [_rounded(inner) for inner in value]
        case _:
            return value


def write(answers: Answers) -> None:
    """Keeps them, a question a line."""
    lines = [f"{json.dumps(key)}: {json.dumps(answers[key], separators=(',', ':'))}" for key in sorted(answers)]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def record(addresses: Mapping[str, str]) -> None:
    """Asks for both reports, and keeps what was answered. `addresses` by the kinds' names in lower case."""
    recorder = Recorder(addresses)
    for name in LENGTHS:
        made(name, recorder)
    write(recorder.answers)
