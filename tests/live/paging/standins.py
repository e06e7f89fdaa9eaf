"""Stand-ins: PagerDuty's Events API, a dead man's switch, and a service that serves the application's metrics."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from catalogue import CATALOGUE
from tests.support.loopback import Quiet, serving


@dataclass(slots=True)
class Listener:
    """A STAND-IN for a vendor's HTTP API: keeps what arrives, and can be told to answer with an error."""

    status: int = 202
    received: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    url: str = ""

    def of(self, alert: str) -> list[dict[str, Any]]:
        """Events about the alert of that name."""
        return [event for event in self.received if event.get("payload", {}).get("class") == alert]

    def triggered(self, alert: str) -> list[dict[str, Any]]:
        """Those that open an incident."""
        return [event for event in self.of(alert) if event["event_action"] == "trigger"]

    def opened(self) -> set[str]:
        """Names of the alerts that have opened incidents."""
        return {event["payload"]["class"] for event in self.received if event.get("event_action") == "trigger"}

    def resolved(self, alert: str) -> bool:
        """Whether the incident is closed. A resolution names the incident and not the alert."""
        keys = {event["dedup_key"] for event in self.triggered(alert)}
        closed = {event["dedup_key"] for event in self.received if event.get("event_action") == "resolve"}
        return bool(keys) and keys <= closed


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener on a free port of this machine."""
    listener = Listener()

    class Handler(Quiet):
        def do_POST(self) -> None:
            body = self.body()
            if listener.status < 300:
                listener.received.append(json.loads(body))
            self.answer(listener.status, '{"status": "success"}')

    with serving(Handler) as listener.url:
        yield listener


@dataclass(slots=True)
class Application:
    """A STAND-IN for the application: serves the metric catalogue, and can be told to misbehave.

    Rates are per second of the test, in which time passes `pace` times as fast as on a clock.
    """

    pace: int
    ok: float = 20.0
    failing: float = 0.0
    free_connections: int = 15
    good_runs: float = 0.01
    bad_runs: float = 0.0
    url: str = ""
    _counts: dict[str, float] = field(default_factory=dict[str, float])
    _last: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def host(self) -> str:
        """Where it is scraped."""
        return self.url.removeprefix("http://")

    def healthy(self) -> Self:
        """Puts everything right."""
        self.advance()
        self.ok, self.failing, self.free_connections, self.good_runs, self.bad_runs = 20.0, 0.0, 15, 0.01, 0.0
        return self

    def advance(self) -> Mapping[str, float]:
        """Counts what has happened since the last time, at the rates until now."""
        with self._lock:
            now = time.monotonic()
            passed, self._last = (now - self._last) * self.pace, now
            rates = {"ok": self.ok, "failing": self.failing, "good_runs": self.good_runs, "bad_runs": self.bad_runs}
            for name, rate in rates.items():
                self._counts[name] = self._counts.get(name, 0.0) + rate * passed
            return dict(self._counts)

    def exposition(self) -> str:
        """The metrics in Prometheus' text format. Those that no scenario moves stand at zero."""
        counts = self.advance()
        route = 'method="GET",endpoint="/api/v1/bills"'
        total = counts["ok"] + counts["failing"]
        moved = {
            "http_requests_total": [
                f'{{{route},status="200"}} {counts["ok"]}',
                f'{{{route},status="503"}} {counts["failing"]}',
            ],
            "http_request_duration_seconds": [
                *(f'_bucket{{{route},le="{bound}"}} {total}' for bound in ("0.5", "1.0", "2.0", "+Inf")),
                f"_count{{{route}}} {total}",
                f"_sum{{{route}}} {total * 0.2}",
            ],
            "db_connection_pool_size": [" 20"],
            "db_connection_pool_available": [f" {self.free_connections}"],
            "scraper_runs_total": [
                f'{{scraper="federal-bills",status="success"}} {counts["good_runs"]}',
                f'{{scraper="federal-bills",status="failure"}} {counts["bad_runs"]}',
            ],
            "records_scraped_total": [f'{{scraper="federal-bills",entity_type="bill"}} {counts["good_runs"] * 50}'],
        }
        lines = list[str]()
        for metric in CATALOGUE.metrics:
            lines.append(f"# TYPE {metric.name} {metric.kind}")
            lines += [metric.name + sample for sample in moved.get(metric.name, [] if metric.labels else [" 0"])]
        return "\n".join(lines) + "\n"


@contextmanager
def running(pace: int) -> Iterator[Application]:
    """The application on a free port of this machine."""
    application = Application(pace=pace)

    class Handler(Quiet):
        def do_GET(self) -> None:
            self.answer(200, application.exposition())

    with serving(Handler) as application.url:
        yield application
