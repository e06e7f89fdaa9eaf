"""The whole demo on this machine: services that emit, users who visit, and everything that watches them.

Spans go the way that production plans: to an agent, which measures them; to one of its gateways, which keeps the
failed, the slow and a tenth of the rest; and to Jaeger.
"""

import json
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue.services import API_GATEWAY, SCRAPER
from ops.plan.run import ROOT
from tests.live.paging.servers import Monitoring, Server, monitoring
from tests.live.paging.standins import Listener, listening
from tests.live.ports import Ports
from tests.live.processes import Process, Processes
from tests.support.collectors import OTLP_HTTP, SPAN_METRICS, WEB
from tests.support.tiers import Tiers, tiers

DECIDED = 3
"""Seconds that a gateway waits for the rest of a trace. In production it is ten."""

_GATEWAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What runs, and where."""

    service: str
    """Address of the API and its switchboard."""

    tracing: Tiers
    monitoring: Monitoring
    logs: Mapping[str, Path]
    """Each service's lines."""

    @property
    def pagerduty(self) -> Listener:
        """The stand-in to which pages go."""
        return self.monitoring.pagerduty

    @property
    def jaeger(self) -> str:
        """Address of its pages and its API."""
        return f"http://{self.tracing.jaeger.address(WEB)}"

    @property
    def alertmanager(self) -> str:
        """Address of one of both."""
        return self.monitoring.alertmanagers[0].ready.removesuffix("/-/ready")

    def break_(self, **faults: float) -> None:
        """Breaks what is named, and puts everything else right."""
        body = json.dumps(faults).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.service}/demo/faults", body, headers, method="PUT")  # noqa: S310 our own
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310 our own
            return

    def lines(self, service: str) -> list[dict[str, Any]]:
        """What the service has written so far. A line that is no JSON fails."""
        whole = self.logs[service].read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]


@contextmanager
def demo(folder: Path, *, pace: int, rate: int) -> Iterator[Demo]:
    """Starts everything: users make `rate` requests a second, and time passes `pace` times as fast for the rules."""
    with ExitStack() as stack:
        ports, processes = Ports(), Processes(folder / "services")
        stack.callback(ports.release)
        stack.callback(processes.stop)
        collectors = tiers(folder, processes, ports, gateways=_GATEWAYS, wait=f"{DECIDED}s")
        gateway, gateway_metrics, scraper_metrics = ports.take(), ports.take(), ports.take()
        service = f"http://127.0.0.1:{gateway}"
        common = {
            "OPENPOLICY_VERSION": "demo",
            "OPENPOLICY_COMMIT": "demo",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{collectors.agent.address(OTLP_HTTP)}",
            "OTEL_BSP_SCHEDULE_DELAY": "500",
            "DEMO_DATABASE": str(folder / "demo.db"),
            "DEMO_SERVICE": service,
            "PYTHONPATH": str(ROOT),
        }
        api = Server(
            API_GATEWAY.name,
            [sys.executable, "-m", "telemetry.demo.service", str(gateway)],
            f"{service}/health",
            processes,
            environment=common | {"OPENPOLICY_METRICS_PORT": str(gateway_metrics)},
        )
        api.start()
        worker = _run(processes, SCRAPER.name, "scraper", common | {"OPENPOLICY_METRICS_PORT": str(scraper_metrics)})
        _run(processes, "users", "load", common, service, str(rate))
        assert api.process is not None
        yield Demo(
            service=service,
            tracing=collectors,
            monitoring=stack.enter_context(
                monitoring(
                    folder,
                    {
                        API_GATEWAY.name: f"127.0.0.1:{gateway_metrics}",
                        SCRAPER.name: f"127.0.0.1:{scraper_metrics}",
                    },
                    stack.enter_context(listening()),
                    stack.enter_context(listening()),
                    pace=pace,
                    spans=collectors.agent.address(SPAN_METRICS),
                )
            ),
            logs={API_GATEWAY.name: api.process.log, SCRAPER.name: worker.log},
        )


def _run(processes: Processes, name: str, module: str, environment: Mapping[str, str], *arguments: str) -> Process:
    command = [sys.executable, "-m", f"telemetry.demo.{module}", *arguments]
    return processes.start(name, *command, environment=environment)
