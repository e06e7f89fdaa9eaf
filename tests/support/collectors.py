"""Our collectors on this machine: the planned configurations, at other addresses, in the real programs.

No name here leads to several gateways, so an agent is told their addresses where it would ask for them. It finds no API
server either, so it runs without the processor that asks it; the configuration of both is read by the real program.
"""

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import yaml

from components.render.tracing.collector import FILES, QUEUE
from components.render.tracing.tls import FOLDER
from tests.live.certificates import Authority
from tests.live.parts import JAEGER, OTEL_COLLECTOR
from tests.live.ports import Ports
from tests.live.processes import Process, Processes
from tests.support.planned import planned
from tests.support.tools import Part, had

HEALTH, METRICS, OTLP, OTLP_HTTP, SPAN_METRICS, WEB, GRPC = 13133, 8888, 4317, 4318, 8889, 16686, 16685

Config = dict[str, Any]


def contents(stack: str, name: str) -> Mapping[str, str]:
    """The files of one collector."""
    return yaml.safe_load(planned(stack).files[f"kubernetes/configmap-{name}.yaml"])["data"]


def config(stack: str, name: str) -> Config:
    """Its configuration."""
    return json.loads(contents(stack, name)["config.yaml"])


def balancing(config: Config, *gateways: str) -> Config:
    """An agent's configuration that chooses among these gateways."""
    changed = deepcopy(config)
    changed["exporters"]["load_balancing"]["resolver"] = {"static": {"hostnames": [*gateways]}}
    return changed


def without_cluster(config: Config) -> Config:
    """An agent's configuration that asks no API server."""
    changed = deepcopy(config)
    del changed["processors"]["k8s_attributes"]
    changed["service"]["pipelines"]["traces"]["processors"].remove("k8s_attributes")
    return changed


def deciding_after(config: Config, wait: str) -> Config:
    """A gateway's configuration that waits this long."""
    changed = deepcopy(config)
    changed["processors"]["tail_sampling"]["decision_wait"] = wait
    return changed


def sending_to(config: Config, jaeger: str) -> Config:
    """A gateway's configuration that sends to this one Jaeger."""
    changed = deepcopy(config)
    changed["exporters"]["otlp_grpc/jaeger"]["endpoint"] = jaeger
    return changed


@dataclass(kw_only=True)
class Running:
    """A collector, by the ports that a pod would have."""

    part: Part
    folder: Path
    processes: Processes
    ports: Mapping[int, int]
    config: Config
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    process: Process | None = None

    def certify(self, authority: Authority, host: str) -> None:
        """Gives it a certificate for that host, as its pod has one."""
        made = authority.issue(f"{self.folder.name}-{host}", hosts=[host])
        place = self.folder / "certificate"
        place.mkdir(parents=True, exist_ok=True)
        for source, name in ((made.certificate, "tls.crt"), (made.key, "tls.key"), (authority.certificate, "ca.crt")):
            (place / name).write_bytes(source.read_bytes())

    def address(self, port: int) -> str:
        """Where that port is here."""
        return f"127.0.0.1:{self.ports[port]}"

    def start(self) -> None:
        """Starts it and waits until it says that it is well."""
        (self.folder / "queue").mkdir(parents=True, exist_ok=True)
        for name, text in self.files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        path = self.folder / "config.yaml"
        path.write_text(json.dumps(self._here(self.config)), encoding="utf-8")
        self.process = self.processes.start(self.folder.name, had(self.part), f"--config={path}")
        health = "status" if self.part is JAEGER else ""
        self.processes.wait(lambda: fetched(f"http://{self.address(HEALTH)}/{health}"), self.folder.name)

    def stop(self, number: int) -> None:
        """Ends it by that signal, and waits until it has."""
        assert self.process is not None
        self.process.signal(number)
        self.process.popen.wait(timeout=30)
        self.processes.running.remove(self.process)

    def shown(self, port: int = METRICS) -> str:
        """Its metrics."""
        return fetched(f"http://{self.address(port)}/metrics")

    def _here(self, value: Any) -> Any:
        if isinstance(value, dict):
            changed: Config = {key: self._here(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType] a configuration is any document
            return changed | {"host": "127.0.0.1", "port": self.ports[METRICS]} if "host" in changed else changed
        if isinstance(value, list):
            return [self._here(each) for each in value]  # pyright: ignore[reportUnknownVariableType] as above
        if isinstance(value, str):
            found = re.sub(r"^0\.0\.0\.0:(\d+)$", lambda match: self.address(int(match[1])), value)
            found = found.replace(FILES, str(self.folder)).replace(QUEUE, f"{self.folder}/queue")
            return found.replace(FOLDER, f"{self.folder}/certificate")
        return value


def running(
    part: Part, name: str, folder: Path, processes: Processes, ports: Ports, config: Config, **files: str
) -> Running:
    """A collector that is not yet started."""
    numbers = (HEALTH, METRICS, OTLP, OTLP_HTTP, SPAN_METRICS, WEB, GRPC)
    return Running(
        part=part,
        folder=folder / name,
        processes=processes,
        ports={number: ports.take() for number in numbers},
        config=config,
        files=files,
    )


def fetched(url: str) -> str:
    """What is at that address of this machine."""
    with urlopen(url, timeout=10) as answer:  # noqa: S310 our own
        return answer.read().decode()


def names(metrics: str) -> frozenset[str]:
    """Names of the series."""
    return frozenset(re.findall(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)[ {]", metrics, re.MULTILINE))


def total(metrics: str, name: str, **labels: str) -> float:
    """Sum of the series of that name, with those labels."""
    found = re.findall(rf"^{name}(?:{{(.*)}})? (\S+)", metrics, re.MULTILINE)
    return sum(float(value) for said, value in found if all(f'{key}="{text}"' in said for key, text in labels.items()))


PROGRAMS: Sequence[Part] = (JAEGER, OTEL_COLLECTOR)
