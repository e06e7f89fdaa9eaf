"""A service starts with one call, and stops for nothing but a name that is not ours."""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from telemetry.identity import identify
from telemetry.problems import STRICT
from telemetry.tracing import _GRACE_MS
from tests.live.ports import Ports
from tests.support.loopback import Quiet, serving
from tests.support.warm import Warm

ROOT = Path(__file__).parent.parent.parent


class Receiver:
    """A STAND-IN for a collector: keeps the spans that arrive over OTLP."""

    def __init__(self) -> None:
        self.requests: list[ExportTraceServiceRequest] = []
        self.url = ""

    def names(self) -> list[str]:
        return sorted(
            span.name
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        )


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(Quiet):
        def do_POST(self) -> None:
            import gzip

            body = self.body()
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            made.requests.append(ExportTraceServiceRequest.FromString(body))
            self.answer()

    with serving(Handler) as made.url:
        yield made


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(warm: Warm) -> Run:
    """Runs a service of its own: what it starts is there once a process."""

    def done(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name != STRICT}
        return warm.start(code, environment=kept | environment).ended()

    return done


@pytest.mark.parametrize("protocol", ["http/protobuf", "one that is none"])
def test_spans_arrive_with_who_sent_them(run: Run, receiver: Receiver, protocol: str) -> None:
    code = """
import telemetry
from opentelemetry import trace
telemetry.start("scraper")
with trace.get_tracer("t").start_as_current_span("work"):
    telemetry.logger("t").info("within")
"""
    deployment = {"OPENPOLICY_ENVIRONMENT": "prod", "OPENPOLICY_VERSION": "7"}
    done = run(code, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL=protocol, **deployment)
    assert done.returncode == 0, done.stderr
    assert receiver.names() == ["work"]
    resource = receiver.requests[0].resource_spans[0].resource
    attributes = {each.key: each.value.string_value for each in resource.attributes}
    assert attributes["service.name"] == "scraper"
    assert attributes["service.namespace"] == "openpolicy"
    assert attributes["service.version"] == "7"
    assert attributes["deployment.environment.name"] == "prod"
    assert json.loads(done.stdout)["trace"]["id"], "and its line has the id"


def test_forked_workers_send_their_spans(run: Run, receiver: Receiver) -> None:
    code = """
import os, telemetry
from opentelemetry import trace

telemetry.start("api-gateway")
for number in (1, 2):
    if not (pid := os.fork()):
        with trace.get_tracer("t").start_as_current_span(f"worker {number}"):
            telemetry.logger("t").info("within")
        tracing.stop()
        os._exit(0)
    os.waitpid(pid, 0)
"""
    done = run(code, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url)
    assert receiver.names() == ["worker 1", "worker 2"], done.stderr
    assert len(done.stdout.splitlines()) == 2


def test_a_dead_collector_neither_slows_nor_stops_a_service(run: Run) -> None:
    code = """
import time, telemetry
from opentelemetry import trace
from telemetry import tracing
tracing._GRACE_MS = 500
telemetry.start("api-gateway")
started = time.perf_counter()
for _ in range(20_000):
    with trace.get_tracer("t").start_as_current_span("work"):
        pass
print("SPENT", time.perf_counter() - started)
"""
    ports = Ports()
    dead = f"http://127.0.0.1:{ports.take()}"
    began = time.monotonic()
    done = run(code, OTEL_EXPORTER_OTLP_ENDPOINT=dead)
    ports.release()
    assert done.returncode == 0, done.stderr
    spent = next(line for line in done.stdout.splitlines() if line.startswith("SPENT"))
    assert float(spent.split()[1]) < 10
    assert time.monotonic() - began < 20, "it ends when its grace does, and not when the SDK's does"
    assert _GRACE_MS < 15_000, "a pod has half a minute to end in"
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(lines) < 100, "it is told, and not for every span"


def test_without_a_collector_lines_have_trace_ids_all_the_same(run: Run) -> None:
    code = """
import telemetry
from opentelemetry import trace
telemetry.start("api-gateway")
with trace.get_tracer("t").start_as_current_span("work"):
    telemetry.logger("t").info("within")
"""
    line = json.loads(run(code).stdout)
    assert len(line["trace"]["id"]) == 32


def test_metrics_are_served_where_the_deployment_says(run: Run) -> None:
    code = """
import os, urllib.request, telemetry
telemetry.start("api-gateway")
address = f"http://127.0.0.1:{os.environ['OPENPOLICY_METRICS_PORT']}/metrics"
print(urllib.request.urlopen(address).read().decode())
"""
    ports = Ports()
    done = run(code, OPENPOLICY_METRICS_PORT=str(ports.take()), OPENPOLICY_VERSION="7", OPENPOLICY_COMMIT="abc")
    ports.release()
    assert 'openpolicy_build_info{commit="abc",version="7"} 1.0' in done.stdout
    assert "python_gc" not in done.stdout


def test_a_port_that_is_taken_stops_nothing(run: Run) -> None:
    code = """
import os, socket
taken = socket.create_server(("0.0.0.0", 0))
os.environ["OPENPOLICY_METRICS_PORT"] = str(taken.getsockname()[1])
import telemetry
telemetry.start("api-gateway")
print("STARTED")
"""
    done = run(code)
    assert "STARTED" in done.stdout
    assert "serving metrics on port" in done.stdout


@pytest.mark.parametrize(
    ("service", "environment", "sentence"),
    [
        ("api-gatway", "dev", "service 'api-gatway' is not in the catalogue; did you mean api-gateway?"),
        ("postgresql", "dev", "service 'postgresql' is not in the catalogue; known are api-gateway, scraper"),
        ("scraper", "production", "environment 'production' is not in the catalogue; known are dev, prod"),
    ],
)
def test_a_name_that_is_not_ours_is_refused(
    service: str, environment: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENPOLICY_ENVIRONMENT", environment)
    with pytest.raises(ValueError, match="^" + sentence.replace("?", r"\?")):
        identify(service)


def test_the_package_holds_all_it_needs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", str(tmp_path), "./telemetry"], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    assert (tmp_path / "site" / "telemetry" / "py.typed").exists()
    code = f"""
import sys
sys.path.insert(0, {str(tmp_path / "site")!r})
import telemetry
telemetry.start("api-gateway")
print(telemetry.__file__, *sorted(name for name in sys.modules if "." not in name))
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    place, *modules = done.stdout.split()
    assert place.startswith(str(tmp_path))
    assert not {"pulumi", "pydantic", "components", "alerts", "tests", "grpc", "fastapi", "sqlalchemy"} & set(modules)
