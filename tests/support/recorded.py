"""What real servers answered to ops, kept to be answered again: `python -m tests.live.demo.record` makes it anew."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from ops.incident.gather import Sources
from ops.sources.server import ALERTMANAGER, ELASTICSEARCH, JAEGER, PROMETHEUS, Kind, Server

FILE = Path(__file__).parent / "incident" / "recorded.json"

Recorded = dict[str, Any]


def key(kind: Kind, request: httpx.Request) -> str:
    """A question, in words that do not depend on where it was asked."""
    body = json.dumps(json.loads(request.content), sort_keys=True) if request.content else ""
    return f"{kind.name} {request.method} {request.url.raw_path.decode()} {body}".strip()


class Recorder(httpx.BaseTransport):
    """Asks the real one, and keeps the answer."""

    def __init__(self, kind: Kind, inner: httpx.BaseTransport | None, answers: dict[str, Any]) -> None:
        self._kind, self._inner, self._answers = kind, inner, answers

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        # One for each request: a client closes what it has used, and another thread may be using it.
        with self._inner or httpx.HTTPTransport() as inner:
            answer = inner.handle_request(request)
            content = answer.read()
        self._answers[key(self._kind, request)] = [answer.status_code, _read(json.loads(content))]
        return httpx.Response(answer.status_code, content=content)


def sources(answers: Mapping[str, Any], *, without: Kind | None = None) -> Sources:
    """The servers as they were. `without`: one that nobody answers for."""

    def one(kind: Kind) -> Server:
        def answer(request: httpx.Request) -> httpx.Response:
            if kind is without:
                raise httpx.ConnectError("[Errno 111] Connection refused")
            status, body = answers[key(kind, request)]
            return httpx.Response(status, json=body)

        return Server(kind=kind, address=f"http://{kind.name.lower()}", transport=httpx.MockTransport(answer))

    return Sources(
        jaeger=one(JAEGER),
        prometheus=one(PROMETHEUS),
        alertmanager=one(ALERTMANAGER),
        elasticsearch=one(ELASTICSEARCH),
    )


def recorded() -> Recorded:
    """`from`, `to`, `trace` and `answers`."""
    return json.loads(FILE.read_text(encoding="utf-8"))


_LEFT_OUT = {"generatorURL", "flags", "scope", "kind", "updatedAt", "fingerprint"}
_SHOWN = {"service.name", "db.query.text", "http.route", "exception.message", "exception.type"}


def _read(answer: Any) -> Any:
    """Without the attributes of spans that nobody looks at, and without addresses of the machine: a fifth is left."""
    if isinstance(answer, dict):
        made: dict[str, Any] = {name: _read(value) for name, value in answer.items() if name not in _LEFT_OUT}
        if isinstance(attributes := made.get("attributes"), list):
            made["attributes"] = [each for each in attributes if each["key"] in _SHOWN]
        return made
    return [_read(each) for each in answer] if isinstance(answer, list) else answer
