"""Breaks the demo, and keeps what its servers answer about it: `python -m tests.live.demo.record`, a minute.

Jaeger, Prometheus and Alertmanager are real; Elasticsearch is a stand-in over the lines that the services wrote.
"""

import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from ops.incident.gather import Sources, of_trace, of_window
from ops.sources.server import ALERTMANAGER, ELASTICSEARCH, JAEGER, PROMETHEUS, Kind, Server
from ops.sources.times import Window
from ops.traces.__main__ import slow
from tests.live.demo.running import Demo, demo
from tests.live.paging.servers import wait
from tests.live.processes import ending_by_signal
from tests.support.elasticsearch import StandIn
from tests.support.recorded import FILE, Recorder


def sources(running: Demo, answers: dict[str, object] | None = None) -> Sources:
    """The demo's servers. What they answer is kept in `answers`."""
    lines = StandIn(lambda: [line for service in running.logs for line in running.lines(service)])

    def one(kind: Kind, address: str, inner: httpx.BaseTransport | None = None) -> Server:
        return Server(
            kind=kind, address=address, transport=inner if answers is None else Recorder(kind, inner, answers)
        )

    return Sources(
        jaeger=one(JAEGER, running.jaeger),
        prometheus=one(PROMETHEUS, running.monitoring.address),
        alertmanager=one(ALERTMANAGER, running.alertmanager),
        elasticsearch=one(ELASTICSEARCH, "http://stand-in", lines.transport()),
    )


def main() -> None:
    """Writes what was answered."""
    with (
        tempfile.TemporaryDirectory(prefix="openpolicy-record-") as folder,
        ending_by_signal(),
        demo(Path(folder), pace=60, rate=6) as running,
    ):
        wait(lambda: running.monitoring.switch.received, 60, "Watchdog")
        time.sleep(45)
        start = datetime.now(UTC) - timedelta(seconds=5)
        running.break_(error_rate=0.3, slow_query=1.6)
        wait(lambda: running.pagerduty.triggered("HighErrorRate"), 60, "a page")
        # Alertmanager forgets what is over.
        time.sleep(10)
        window = Window(start=start, end=datetime.now(UTC))
        answers = dict[str, object]()
        asked = sources(running, answers)
        slow(asked.jaeger, "api-gateway", window, timedelta(seconds=1))
        incident = of_window(asked, window)
        assert incident.trace is not None
        of_trace(asked, incident.trace.number, None, window.end)
        kept = {
            "from": window.start.isoformat(),
            "to": window.end.isoformat(),
            "trace": incident.trace.number,
            "answers": answers,
        }
        FILE.write_text(json.dumps(kept, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")
        print(f"{FILE}: {len(answers)} answers, {FILE.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
