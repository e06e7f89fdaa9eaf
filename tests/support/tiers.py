"""The whole way of a span as production plans it, on this machine: an agent, gateways, and a Jaeger in memory.

Changed are addresses, how long a gateway waits and how often an agent tells what it measured; and what collectors.py
leaves out of an agent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.live.certificates import Authority
from tests.live.parts import JAEGER, OTEL_COLLECTOR
from tests.live.ports import Ports
from tests.live.processes import Processes
from tests.support.collectors import (
    OTLP,
    Running,
    balancing,
    config,
    contents,
    deciding_after,
    running,
    sending_to,
    without_cluster,
)


@dataclass(frozen=True, kw_only=True)
class Tiers:
    """What spans pass."""

    agent: Running
    gateways: Sequence[Running]
    jaeger: Running
    authority: Authority


def tiers(folder: Path, processes: Processes, ports: Ports, *, gateways: int, wait: str) -> Tiers:
    """All of them, started. A gateway decides after this `wait`."""
    authority = Authority(folder / "authority")
    files = {"ui.json": contents("dev", "jaeger")["ui.json"]}
    jaeger = running(JAEGER, "jaeger", folder, processes, ports, config("dev", "jaeger"), **files)
    decides = sending_to(deciding_after(config("prod", "otel-gateway"), wait), jaeger.address(OTLP))
    deciding = [
        running(OTEL_COLLECTOR, f"gateway-{number}", folder, processes, ports, decides) for number in range(gateways)
    ]
    sends = without_cluster(balancing(config("prod", "otel-agent"), *(each.address(OTLP) for each in deciding)))
    sends["connectors"]["span_metrics"]["metrics_flush_interval"] = "1s"
    agent = running(OTEL_COLLECTOR, "agent", folder, processes, ports, sends)
    # From the end of the way to its beginning: whoever sends finds somebody.
    hosts = ((jaeger, "jaeger-collector"), *((each, "otel-gateway") for each in deciding), (agent, "otel-agent"))
    for each, host in hosts:
        each.certify(authority, host)
        each.start()
    return Tiers(agent=agent, gateways=deciding, jaeger=jaeger, authority=authority)
