"""A real Prometheus over the history, and a real Alertmanager, which sends nothing to anybody."""

import json
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from alerts.render.text import to_yaml
from tests.live import prometheus
from tests.live.ports import Ports
from tests.live.processes import Processes
from tests.live.report.history import lines
from tests.support.loopback import ready
from tests.support.tools import tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Their addresses."""

    prometheus: str
    alertmanager: str


@contextmanager
def servers(*, filled: bool = True) -> Iterator[Servers]:
    """Both. `filled`: whether Prometheus has the history, or nothing at all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if filled:
            # A file is read once for each block, and of two hours there would be hundreds.
            prometheus.backfill(folder, lines(), "--max-block-duration=10000h")
        (folder / "prometheus.yml").write_text("{}\n", encoding="utf-8")
        config = {"route": {"receiver": "database"}, "receivers": [{"name": "database"}]}
        (folder / "alertmanager.yml").write_text(to_yaml(config), encoding="utf-8")
        ports, processes = Ports(), Processes(folder / "logs")
        first, second = ports.take(), ports.take()
        made = Servers(prometheus=f"http://127.0.0.1:{first}", alertmanager=f"http://127.0.0.1:{second}")
        try:
            prometheus.start(processes, folder, first, "--storage.tsdb.retention.time=100y")
            processes.start(
                "alertmanager",
                tool("alertmanager"),
                f"--config.file={folder / 'alertmanager.yml'}",
                f"--storage.path={folder / 'silences'}",
                f"--web.listen-address=127.0.0.1:{second}",
                "--cluster.listen-address=",
            )
            processes.wait(lambda: ready(f"{made.alertmanager}/-/ready"), "Alertmanager")
            yield made
        finally:
            processes.stop()
            ports.release()


@contextmanager
def filled_and_firing() -> Iterator[Servers]:
    """Both with a history; two alerts fire, and somebody has silenced one of them."""
    with servers() as made:
        silence(made.alertmanager, "RedisDown")
        for name, severity in (("PostgreSQLConnectionsHigh", "warning"), ("RedisDown", "critical")):
            fire(made.alertmanager, alertname=name, severity=severity, team="database")
        yield made


def fire(alertmanager: str, **labels: str) -> None:
    """Tells Alertmanager of an alert."""
    _post(alertmanager, "/api/v2/alerts", [{"labels": labels, "annotations": {}}])


def silence(alertmanager: str, name: str) -> None:
    """Silences an alert for an hour."""
    now = time.time()
    start, end = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)) for at in (now, now + 3_600))
    matcher = {"name": "alertname", "value": name, "isRegex": False, "isEqual": True}
    body = {"matchers": [matcher], "startsAt": start, "endsAt": end, "createdBy": "a test", "comment": "known"}
    _post(alertmanager, "/api/v2/silences", body)


def _post(address: str, path: str, body: object) -> None:
    request = urllib.request.Request(  # noqa: S310 our own
        f"{address}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=timedelta(seconds=10).seconds):  # noqa: S310 our own
        return
