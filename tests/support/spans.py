"""Traces as applications send them: OTLP by HTTP, in JSON."""

import json
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.request import Request, urlopen

SECOND = 1_000_000_000
_SERVER = 2
_ERROR = 2


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A request to the gateway, which asks the database twice."""

    number: str
    operation: str
    seconds: float
    fails: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    event: Mapping[str, str] = field(default_factory=dict[str, str])
    """What its first span tells of an exception."""

    def spans(self, ended: int) -> dict[str, list[dict[str, object]]]:
        """Its three spans, by service."""
        root = self._span("01" * 8, "", ended, self.operation, self.seconds)
        root["attributes"] = _attributes(self.attributes)
        if self.event:
            event = {"name": "exception", "timeUnixNano": str(ended), "attributes": _attributes(self.event)}
            root["events"] = [event]
        # Whatever fails fails within, and the request is answered all the same.
        asked = [
            self._span(f"0{number}" * 8, "01" * 8, ended, "SELECT", self.seconds / 4, fails=self.fails and number == 2)
            for number in (2, 3)
        ]
        return {"api-gateway": [root], "scraper": asked}

    def _span(
        self, span: str, parent: str, ended: int, name: str, seconds: float, *, fails: bool = False
    ) -> dict[str, object]:
        return {
            "traceId": self.number,
            "spanId": span,
            "parentSpanId": parent,
            "name": name,
            "kind": _SERVER,
            "startTimeUnixNano": str(ended - int(seconds * SECOND)),
            "endTimeUnixNano": str(ended),
            "status": {"code": _ERROR} if fails else {},
        }


def traces(count: int, operation: str, seconds: float, seed: int, *, fails: bool = False) -> list[Trace]:
    """So many of a kind. The same seed makes the same numbers, and so the same decisions."""
    dice = random.Random(seed)  # noqa: S311 no secret
    return [
        Trace(number=f"{dice.getrandbits(128):032x}", operation=operation, seconds=seconds, fails=fails)
        for _ in range(count)
    ]


def send(address: str, sent: Sequence[Trace]) -> None:
    """Sends each service's spans by themselves, as the services do: a trace comes in parts."""
    now = time.time_ns()
    for service in ("api-gateway", "scraper"):
        for start in range(0, len(sent), 100):
            spans = [span for trace in sent[start : start + 100] for span in trace.spans(now)[service]]
            resource = {"attributes": _attributes({"service.name": service})}
            body = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}
            headers = {"Content-Type": "application/json"}
            request = Request(f"http://{address}/v1/traces", json.dumps(body).encode(), headers)
            with urlopen(request, timeout=20):  # noqa: S310 our own
                pass


def _attributes(given: Mapping[str, str]) -> list[dict[str, object]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in given.items()]
