"""The way of a span through real OpenTelemetry collectors and the real Jaeger 2: what is kept of traces."""

import json
import re
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from catalogue.exported import tracing
from components.render.tracing.agent import SPAN_METRICS as PREFIX
from components.render.tracing.collector import SERVICE_TAG
from ops.plan.run import ROOT
from tests.live.certificates import Authority
from tests.live.parts import OTEL_COLLECTOR
from tests.live.ports import Ports
from tests.live.processes import Processes
from tests.support.collectors import (
    OTLP,
    OTLP_HTTP,
    SPAN_METRICS,
    WEB,
    Config,
    Running,
    balancing,
    fetched,
    names,
    running,
    total,
)
from tests.support.pages import between
from tests.support.spans import Trace, send, traces
from tests.support.tiers import tiers

FAILED = traces(40, "GET /failed", 0.05, seed=1, fails=True)
SLOW = traces(40, "GET /slow", 1.2, seed=2)
QUICK = traces(1000, "GET /quick", 0.05, seed=3)
WATCHED = Trace(
    number="5ec2e7" + "0" * 26,
    operation="GET /watched",
    seconds=1.5,
    attributes={
        "http.request.header.authorization": "Bearer c0ffee",
        "url.full": "https://openpolicy.ca/bills?token=c0ffee&page=2",
        "http.target": "/bills?page=2&email=somebody@example.org",
        "http.route": "/bills",
    },
    event={
        "exception.type": "OperationalError",
        "exception.message": "postgresql://api:c0ffee@db/bills?sslmode=off refused",
        "exception.stacktrace": "connect(password=c0ffee, host=db)",
    },
)
SPANS_EACH = 3
GATEWAYS = 3
SPLIT = 60
SENT = len(FAILED) + len(SLOW) + len(QUICK) + 1


@dataclass(frozen=True, kw_only=True)
class Way:
    """The way of a span on this machine."""

    agent: Running
    gateways: Sequence[Running]
    jaeger: Running
    processes: Processes
    folder: Path
    ports: Ports
    authority: Authority

    def kept(self, operation: str) -> Mapping[str, Any]:
        """Traces of that operation that Jaeger shows, by number."""
        now = time.time_ns() // 1000
        hour = 3_600_000_000
        asked = urlencode(
            {"service": "api-gateway", "operation": operation, "start": now - hour, "end": now + hour, "limit": 2000}
        )
        found = json.loads(fetched(f"http://{self.jaeger.address(WEB)}/api/traces?{asked}"))["data"]
        return {trace["traceID"]: trace for trace in found}

    def wait_for(self, operation: str, count: int) -> None:
        """Waits until Jaeger shows so many whole ones."""

        def whole() -> bool | None:
            shown = self.kept(operation).values()
            return True if sum(len(trace["spans"]) == SPANS_EACH for trace in shown) >= count else None

        self.processes.wait(whole, f"{count} traces of {operation}")

    def seen(self) -> Sequence[float]:
        """How many traces each gateway has had spans of. One that is split is counted by each that has a part."""
        return [total(each.shown(), tracing.TRACES_SEEN.name) for each in self.gateways]

    def sending(self, name: str, changed: Config) -> Running:
        """One more agent, which sends to all gateways."""
        agent = running(OTEL_COLLECTOR, name, self.folder, self.processes, self.ports, changed)
        agent.certify(self.authority, "otel-agent")
        agent.start()
        return agent


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    folder = tmp_path_factory.mktemp("spans")
    ports, processes = Ports(), Processes(folder / "logs")
    try:
        all_of_it = tiers(folder, processes, ports, gateways=GATEWAYS, wait="2s")
        agent = all_of_it.agent
        made = Way(
            agent=agent,
            gateways=all_of_it.gateways,
            jaeger=all_of_it.jaeger,
            processes=processes,
            folder=folder,
            ports=ports,
            authority=all_of_it.authority,
        )
        send(agent.address(OTLP_HTTP), [*FAILED, *SLOW, *QUICK, WATCHED])
        made.wait_for("GET /failed", len(FAILED))
        made.wait_for("GET /slow", len(SLOW))
        made.wait_for("GET /watched", 1)
        processes.wait(lambda: sum(made.seen()) >= SENT or None, "every trace to come to a gateway")
        yield made
    finally:
        processes.stop()
        ports.release()


def test_no_trace_is_split_between_gateways_and_each_has_its_share(way: Way) -> None:
    seen = way.seen()
    assert sum(seen) == SENT
    assert min(seen) > SENT / GATEWAYS / 2, seen


def test_a_trace_at_two_gateways_is_seen_as_split(way: Way) -> None:
    """What the test before this one is worth."""
    sent, before = traces(SPLIT, "GET /split", 0.05, seed=5), sum(way.seen())
    for gateway in way.gateways[:2]:
        past = balancing(way.agent.config, gateway.address(OTLP))
        send(way.sending(f"past-{gateway.folder.name}", past).address(OTLP_HTTP), sent)
    way.processes.wait(lambda: sum(way.seen()) - before >= 2 * SPLIT or None, "each trace at two gateways")


def proof(way: Way) -> str:
    """What came of every kind of trace."""
    kinds = {"with an error": FAILED, "slower than 1 s": SLOW, "of the rest": QUICK}
    lines = ["| Traces | Sent | Kept | Of these whole |", "|---|---:|---:|---:|"]
    for name, sent in kinds.items():
        kept = way.kept(sent[0].operation).values()
        whole = sum(len(trace["spans"]) == SPANS_EACH for trace in kept)
        lines.append(f"| {name} | {len(sent):,} | {len(kept):,} | {whole:,} |")
    return "\n".join(
        [
            *lines,
            "",
            (
                f"The {GATEWAYS} gateways had spans of {SENT:,} traces in all, of {SENT:,} sent: none was split. To "
                f"show that one would be seen, {SPLIT} more were sent to two of them each, and counted {2 * SPLIT} "
                "times."
            ),
        ]
    )


def test_the_page_tells_what_came_of_it(way: Way) -> None:
    text = (ROOT / "docs" / "traces.md").read_text(encoding="utf-8")
    found = proof(way)
    assert between(text, "proof", found) == text, found


@pytest.mark.parametrize("stranger", ["without a certificate", "of another authority"])
def test_a_gateway_takes_nothing_from_who_has_no_certificate_of_ours(way: Way, stranger: str, tmp_path: Path) -> None:
    before = sum(way.seen())
    changed = deepcopy(way.agent.config)
    if stranger == "without a certificate":
        said = changed["exporters"]["load_balancing"]["protocol"]["otlp"]["tls"]
        del said["cert_file"], said["key_file"]
    agent = running(OTEL_COLLECTOR, stranger.replace(" ", "-"), way.folder, way.processes, way.ports, changed)
    agent.certify(way.authority if "without" in stranger else Authority(tmp_path), "otel-agent")
    # The gateway's own is known to both.
    (agent.folder / "certificate" / "ca.crt").write_bytes(way.authority.certificate.read_bytes())
    agent.start()
    send(agent.address(OTLP_HTTP), traces(5, "GET /strange", 2, seed=6))
    failed = "otelcol_loadbalancer_backend_outcome_total"
    way.processes.wait(lambda: total(agent.shown(), failed, success="false") > 0 or None, "a refusal")
    assert sum(way.seen()) == before


def test_every_failed_and_every_slow_trace_is_kept_whole(way: Way) -> None:
    for sent in (FAILED, SLOW):
        kept = way.kept(sent[0].operation)
        assert kept.keys() == {trace.number for trace in sent}
        assert {len(trace["spans"]) for trace in kept.values()} == {SPANS_EACH}


def test_one_in_ten_of_the_rest_is_kept_and_whole(way: Way) -> None:
    kept = way.kept("GET /quick")
    assert 70 <= len(kept) <= 130, f"{len(kept)} of {len(QUICK)}"
    assert {len(trace["spans"]) for trace in kept.values()} == {SPANS_EACH}


def test_everything_is_counted_before_anything_is_thrown_away(way: Way) -> None:
    calls, sent = f"{PREFIX}_calls_total", SENT
    way.processes.wait(lambda: total(way.agent.shown(SPAN_METRICS), calls) == SPANS_EACH * sent or None, "all calls")
    shown = way.agent.shown(SPAN_METRICS)
    assert total(shown, calls, service_name="api-gateway") == sent
    assert total(shown, calls, status_code="STATUS_CODE_ERROR") == len(FAILED)
    assert total(shown, calls, http_route="/bills") == 1
    slow = f"{PREFIX}_duration_seconds"
    assert total(shown, f"{slow}_bucket", span_name="GET /slow", le="1") == 0
    assert total(shown, f"{slow}_count", span_name="GET /slow") == len(SLOW)


def test_a_span_can_be_found_among_metrics(way: Way) -> None:
    (trace,) = way.kept("GET /watched").values()
    own = [process for process in trace["processes"].values() if process["serviceName"] == "api-gateway"]
    # As Grafana's link makes a selector of it.
    assert [tag["value"] for process in own for tag in process["tags"] if tag["key"] == SERVICE_TAG] == ["api-gateway"]


def test_no_session_and_no_secret_of_an_address_is_stored(way: Way) -> None:
    (trace,) = way.kept("GET /watched").values()
    assert "c0ffee" not in json.dumps(trace)
    assert "somebody" not in json.dumps(trace)
    tags = {tag["key"]: tag["value"] for span in trace["spans"] for tag in span["tags"]}
    assert tags["url.full"] == "https://openpolicy.ca/bills?token=REDACTED&page=2"
    assert tags["http.target"] == "/bills?page=2&email=REDACTED"
    assert "http.request.header.authorization" not in tags
    (logged,) = [log for span in trace["spans"] for log in span["logs"]]
    told = {field["key"]: field["value"] for field in logged["fields"]}
    assert told["exception.message"] == "postgresql://REDACTED@db/bills?sslmode=off refused"
    assert told["exception.stacktrace"] == "connect(password=REDACTED host=db)"
    assert told["exception.type"] == "OperationalError"


def test_they_show_the_metrics_that_the_catalogue_names(way: Way) -> None:
    # What counts failures is absent where none has happened yet.
    common = {*tracing.COLLECTOR} - {tracing.SPANS_FAILED, tracing.SPANS_NOT_QUEUED}
    for shown, metrics in (
        (way.agent, common),
        (way.gateways[0], {*common, *tracing.TAIL_SAMPLING}),
        (way.jaeger, {*common, tracing.STORAGE_REQUESTS}),
    ):
        text = shown.shown()
        for metric in metrics:
            series = re.findall(rf"^{metric.name}{{(.*)}} ", text, re.MULTILINE)
            assert series or metric.name in names(text), metric.name
            for label in metric.label_names:
                assert all(f'{label}="' in each for each in series), metric.name


def test_what_is_kept_outlives_jaeger_s_absence_and_the_gateway_s_end(way: Way) -> None:
    late = traces(5, "GET /late", 2, seed=4)
    decided = "otelcol_processor_tail_sampling_global_count_traces_sampled_total"

    def count(**labels: str) -> float:
        return sum(total(each.shown(), decided, **labels) for each in way.gateways)

    way.processes.wait(lambda: count() >= sum(way.seen()) or None, "decisions on what was sent before")
    before = count(sampled="true")
    way.jaeger.stop(signal.SIGKILL)
    send(way.agent.address(OTLP_HTTP), late)
    way.processes.wait(lambda: count(sampled="true") >= before + len(late) or None, "decisions")
    # A batch waits for a second.
    time.sleep(2)
    assert sum(total(each.shown(), tracing.QUEUE_SIZE.name) for each in way.gateways) > 0
    for each in way.gateways:
        each.stop(signal.SIGKILL)
    for each in way.gateways:
        each.start()
    way.jaeger.start()
    way.wait_for("GET /late", len(late))
