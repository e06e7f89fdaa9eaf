"""A real Prometheus and real Alertmanagers on this machine, with production's rules and routes."""

import json
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from alerts.library import LIBRARY
from alerts.model import RuleGroup
from alerts.render.rules import Links, rule_file
from alerts.render.text import to_yaml
from alerts.tuning import without
from catalogue import CATALOGUE
from catalogue.exporters import APPLICATION
from catalogue.exporters import SPAN_METRICS as TRACED
from catalogue.services import NAMESPACE
from dashboards.library import dashboards
from dashboards.links import panel_links
from ops.plan.run import plan
from tests.live.paging.pace import hurried
from tests.live.paging.standins import Listener
from tests.live.ports import Ports
from tests.live.processes import Process, Processes
from tests.support.loopback import ready
from tests.support.tools import tool

_KEYS = "/etc/alertmanager/secrets/alertmanager-keys"
_TEMPLATES = "/etc/alertmanager/config"
_LINKS: Links = {
    "runbooks": "https://runbooks.openpolicy.ca/alerts",
    "dashboards": "https://grafana.openpolicy.ca",
    "panels": panel_links(dashboards(LIBRARY)),
}


@dataclass(slots=True)
class Server:
    """A process that listens, and can be started again."""

    name: str
    command: Sequence[str]
    ready: str
    processes: Processes
    process: Process | None = None
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    def start(self) -> None:
        """Starts it and waits until it says that it is ready."""
        self.process = self.processes.start(self.name, *self.command, environment=self.environment)
        wait(lambda: ready(self.ready), 30, f"{self.name} to be ready; see {self.process.log}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends it and waits until it is gone."""
        assert self.process is not None
        self.process.signal(how)
        self.process.popen.wait(10)


def wait(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Waits until the condition holds. Raises AssertionError with `what` was waited for."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.05)


@dataclass(slots=True)
class Monitoring:
    """Everything between a metric and a page."""

    prometheus: Server
    alertmanagers: list[Server]
    pagerduty: Listener
    switch: Listener
    pace: int
    address: str
    folder: Path = field(default_factory=Path)

    def alerts(self, state: str) -> set[str]:
        """Names of the alerts that are `firing`, or `pending`, by Prometheus."""
        with urllib.request.urlopen(f"{self.address}/api/v1/alerts", timeout=5) as answer:  # noqa: S310 our own
            found: list[dict[str, Any]] = json.load(answer)["data"]["alerts"]
        return {alert["labels"]["alertname"] for alert in found if alert["state"] == state}


def routing_key(team: str) -> str:
    """The key by which the stand-in tells teams apart."""
    return f"key-of-{team}"


@contextmanager
def monitoring(
    folder: Path,
    targets: Mapping[str, str],
    pagerduty: Listener,
    switch: Listener,
    *,
    pace: int,
    spans: str | None = None,
) -> Iterator[Monitoring]:
    """Starts one Prometheus and two Alertmanagers as production is planned, `pace` times as fast.

    `targets` are where the application's services serve their metrics, by their names; `spans` is where an agent shows
    what it measured of theirs.
    """
    files = plan("prod").files
    (folder / "keys").mkdir()
    for team in ("platform", "database", "data"):
        (folder / "keys" / team).write_text(routing_key(team), encoding="utf-8")
    (folder / "keys" / "dead-mans-switch").write_text(switch.url, encoding="utf-8")
    (folder / "openpolicy.tmpl").write_text(files["alertmanager/openpolicy.tmpl"], encoding="utf-8")
    text = files["alertmanager/alertmanager.yml"].replace(_KEYS, str(folder / "keys")).replace(_TEMPLATES, str(folder))
    config = hurried(yaml.safe_load(text), pace)
    config["global"]["pagerduty_url"] = f"{pagerduty.url}/v2/enqueue"
    # The test runs at any hour.
    config["time_intervals"] = [{"name": "out-of-hours", "time_intervals": [{"years": ["1970"]}]}]
    (folder / "alertmanager.yml").write_text(to_yaml(config), encoding="utf-8")

    ports, processes = Ports(), Processes(folder / "logs")
    pairs = [(ports.take(), ports.take()) for _ in range(2)]
    alertmanagers = [
        _alertmanager(folder, web, mesh, [other for _, other in pairs if other != mesh], processes)
        for web, mesh in pairs
    ]
    (folder / "rules").mkdir()
    for group in _watching("openpolicy"):
        document = yaml.safe_load(to_yaml(rule_file(group, _LINKS)))
        (folder / "rules" / f"{group.name}.yaml").write_text(to_yaml(hurried(document, pace)), encoding="utf-8")
    web = ports.take()
    (folder / "prometheus.yml").write_text(
        to_yaml(_prometheus(targets, spans, [port for port, _ in pairs], pace)), encoding="utf-8"
    )
    prometheus = _server(folder, web, pace, processes)
    with ExitStack() as stack:
        stack.callback(ports.release)
        stack.callback(processes.stop)
        for server in (*alertmanagers, prometheus):
            server.start()
        yield Monitoring(
            prometheus=prometheus,
            alertmanagers=alertmanagers,
            pagerduty=pagerduty,
            switch=switch,
            pace=pace,
            address=f"http://127.0.0.1:{web}",
            folder=folder,
        )


def _watching(job: str) -> tuple[RuleGroup, ...]:
    """The rules that read no other job: those would tell that nothing else is here."""
    return without(LIBRARY, {exporter.job for exporter in CATALOGUE.exporters} - {job})


def _alertmanager(folder: Path, web: int, mesh: int, peers: Sequence[int], processes: Processes) -> Server:
    home = folder / f"alertmanager-{web}"
    home.mkdir()
    command = [
        tool("alertmanager"),
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={home}",
        f"--web.listen-address=127.0.0.1:{web}",
        f"--cluster.listen-address=127.0.0.1:{mesh}",
        # A second Alertmanager waits this long for the first to have sent.
        "--cluster.peer-timeout=500ms",
        "--cluster.settle-timeout=1s",
        *(f"--cluster.peer=127.0.0.1:{peer}" for peer in peers),
    ]
    return Server(home.name, command, f"http://127.0.0.1:{web}/-/ready", processes)


def _server(folder: Path, web: int, pace: int, processes: Processes) -> Server:
    command = [
        tool("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{web}",
        "--enable-feature=exemplar-storage",
        f"--query.lookback-delta={300_000 // pace}ms",
        f"--rules.alert.resend-delay={60_000 // pace}ms",
        f"--rules.alert.for-grace-period={600_000 // pace}ms",
    ]
    return Server("prometheus", command, f"http://127.0.0.1:{web}/-/ready", processes)


def _prometheus(
    targets: Mapping[str, str], spans: str | None, alertmanagers: Sequence[int], pace: int
) -> dict[str, Any]:
    def target(service: str, host: str) -> dict[str, Any]:
        labels = {"namespace": NAMESPACE, "service": service, "pod": f"{service}-1"}
        return {"targets": [host], "labels": labels | {"instance": f"{service}-1:8000"}}

    return {
        "global": {
            "scrape_interval": f"{15_000 // pace}ms",
            "scrape_timeout": f"{15_000 // pace}ms",
            "evaluation_interval": f"{15_000 // pace}ms",
            "external_labels": {"cluster": "test", "environment": "prod"},
        },
        "rule_files": ["rules/*.yaml"],
        "alerting": {
            "alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{port}" for port in alertmanagers]}]}]
        },
        "scrape_configs": [
            {"job_name": APPLICATION.job, "static_configs": [target(*each) for each in targets.items()]},
            *([{"job_name": TRACED.job, "static_configs": [{"targets": [spans]}]}] if spans else []),
        ],
    }
