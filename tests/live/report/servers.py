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
from tests.live.ports import Ports
from tests.live.processes import Processes
from tests.live.report.history import lines
from tests.support.tools import run, tool


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
            _history(folder)
        (folder / "prometheus.yml").write_text("{}\n", encoding="utf-8")
        config = {"route": {"receiver": "database"}, "receivers": [{"name": "database"}]}
        (folder / "alertmanager.yml").write_text(to_yaml(config), encoding="utf-8")
        ports, processes = Ports(), Processes(folder / "logs")
        first, second = ports.take(), ports.take()
        made = Servers(prometheus=f"http://127.0.0.1:{first}", alertmanager=f"http://127.0.0.1:{second}")
        try:
            processes.start(
                "prometheus",
                tool("prometheus"),
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'tsdb'}",
                "--storage.tsdb.retention.time=100y",
                f"--web.listen-address=127.0.0.1:{first}",
            )
            processes.start(
                "alertmanager",
                tool("alertmanager"),
                f"--config.file={folder / 'alertmanager.yml'}",
                f"--storage.path={folder / 'silences'}",
                f"--web.listen-address=127.0.0.1:{second}",
                "--cluster.listen-address=",
            )
            for address in (made.prometheus, made.alertmanager):
                processes.wait(lambda address=address: _answers(address), address, seconds=120)
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


def _history(folder: Path) -> None:
    with (folder / "history.txt").open("w", encoding="utf-8") as file:
        file.writelines(lines())
    # It reads the file once for each block, and of two hours there would be hundreds.
    blocks = ("tsdb", "create-blocks-from", "--max-block-duration=10000h", "openmetrics")
    made = run("promtool", *blocks, folder / "history.txt", folder / "tsdb")
    assert made.returncode == 0, made.stderr
    (folder / "history.txt").unlink()


def _answers(address: str) -> bool | None:
    try:
        with urllib.request.urlopen(f"{address}/-/ready", timeout=1) as answer:  # noqa: S310 an address of our own
            return answer.status == 200 or None
    except OSError:
        return None
