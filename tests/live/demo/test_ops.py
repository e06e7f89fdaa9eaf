"""What people ask with in an incident, asked of the demo's real Jaeger, Prometheus and Alertmanager.

Elasticsearch is a stand-in over the lines that the demo's services really write.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ops.incident.__main__ import main as incident
from ops.plan.run import ROOT
from tests.live.demo.record import sources
from tests.live.demo.running import DECIDED, Demo, demo
from tests.live.paging.servers import wait

# The longest that a trace is on its way to Jaeger: a service, an agent and a gateway each gather for a while.
ARRIVED = DECIDED + 5


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The demo, after it was broken and mended."""

    running: Demo
    start: datetime
    end: datetime

    @property
    def asked(self) -> list[str]:
        """For this time."""
        return ["--from", self.start.isoformat(), "--to", self.end.isoformat()]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    with demo(tmp_path_factory.mktemp("ops"), pace=60, rate=10) as running:
        wait(lambda: running.monitoring.switch.received, 60, "Watchdog")
        wait(lambda: running.monitoring.alerts("firing") == {"Watchdog"}, 60, "everything to be well")
        # Something to compare with.
        time.sleep(20)
        start = datetime.now(UTC)
        running.break_(error_rate=0.4, slow_query=1.2)
        wait(lambda: running.pagerduty.triggered("HighErrorRate"), 120, "a page")
        time.sleep(ARRIVED)
        yield Broken(running=running, start=start, end=datetime.now(UTC))


def ops(*arguments: str) -> tuple[int, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "ops", *arguments, "--json"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def test_slow_requests_are_found_with_what_they_waited_for(broken: Broken) -> None:
    asked = ["traces", "slow", "--service", "api-gateway", "--over", "1s", "--jaeger", broken.running.jaeger]
    status, found = ops(*asked, *broken.asked)
    assert status == 0
    whole = [each for each in found["traces"] if each["whole"]]
    assert whole
    assert all(each["seconds"] >= 1 for each in found["traces"])
    for each in whole:
        assert sum(step["seconds"] for step in each["critical_path"]) == pytest.approx(each["seconds"], rel=0.05)
        longest = max(each["critical_path"], key=lambda step: step["seconds"])
        assert longest["operation"] in ("SELECT openpolicy", "connect")
    status, shown = ops("traces", "show", whole[0]["trace_id"], "--jaeger", broken.running.jaeger)
    assert status == 0
    assert shown["traces"][0]["spans"] == whole[0]["spans"]


def test_requests_that_were_quick_are_not_slow(broken: Broken) -> None:
    before = broken.start - timedelta(seconds=10)
    asked = ["--from", before.isoformat(), "--to", broken.start.isoformat(), "--jaeger", broken.running.jaeger]
    status, found = ops("traces", "slow", "--service", "scraper", "--over", "30s", *asked)
    assert (status, found["traces"]) == (0, [])


def test_a_service_that_jaeger_does_not_know_is_refused(broken: Broken) -> None:
    status, said = ops("traces", "slow", "--service", "nobody", "--jaeger", broken.running.jaeger)
    assert status == 1
    assert "no service 'nobody'; it knows api-gateway, scraper" in said


@pytest.mark.parametrize("period", ["weekly", "monthly"])
def test_a_report_tells_what_broke(broken: Broken, tmp_path: Path, period: str) -> None:
    monitoring = broken.running.monitoring.address
    servers = ["--prometheus", monitoring, "--alertmanager", broken.running.alertmanager]
    # By itself it would end with the last full minute, in which a demo of an hour a minute may not have begun.
    end = ["--end", broken.end.isoformat()]
    done = subprocess.run(
        [sys.executable, "-m", "ops", "report", period, "prod", "--out", str(tmp_path), *end, *servers],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    (page,) = tmp_path.glob(f"{period}-prod-*.md")
    text = page.read_text(encoding="utf-8")
    assert "HighErrorRate" in text
    assert "nan" not in text.lower().split()
    assert page.with_suffix(".html").exists()
    for plot in re.findall(r"!\[.*?\]\((.+?)\)", text):
        assert (tmp_path / plot).exists()


def told(broken: Broken, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = incident([*arguments, "--json"], sources=sources(broken.running))
    return status, json.loads(capsys.readouterr().out)


def test_an_incident_is_one_line_of_time_out_of_all_four(broken: Broken, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = told(broken, capsys, *broken.asked)
    assert status == 0
    said = {each["source"]: "" for each in found["timeline"]}
    for each in found["timeline"]:
        said[each["source"]] += each["what"] + "\n"
    assert "HighErrorRate fires (critical, platform team), told to platform: High error rate on api-" in said["alert"]
    assert "requests answered with a server error: above 0.5%; at worst " in said["metric"]
    assert "RuntimeError: broken by the switchboard" in said["log"]
    assert "GET /api/v1/bills failed" in said["trace"]
    # It was well before.
    (share,) = [each for each in found["metrics"] if each["what"] == "requests answered with a server error"]
    assert share["before"] == "0.0%"
    assert share["beyond"]
    times = [each["at"] for each in found["timeline"]]
    assert times == sorted(times)
    assert broken.start.isoformat()[:19] <= times[0][:19]


def test_a_failed_request_is_told_from_its_line_to_its_spans(
    broken: Broken, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = next(line for line in broken.running.lines("api-gateway") if line["labels"]["log_class"] == "error")
    number = failed["trace"]["id"]
    status, found = told(broken, capsys, "--trace-id", number)
    assert status == 0
    own = [each for each in found["timeline"] if each["trace"] == number]
    assert {each["source"] for each in own} == {"log", "trace"}
    assert [each["what"] for each in own if each["source"] == "log"][-1].startswith("access: ")
    assert any("fails after" in each["what"] for each in own)
    assert any(each["source"] == "alert" for each in found["timeline"])


def test_without_elasticsearch_the_rest_is_told(broken: Broken) -> None:
    running = broken.running
    asked = [
        *("--jaeger", running.jaeger),
        *("--prometheus", running.monitoring.address),
        *("--alertmanager", running.alertmanager),
        *("--elasticsearch", "http://127.0.0.1:1"),
    ]
    status, found = ops("incident", *broken.asked, *asked)
    assert status == 3
    assert {each["source"] for each in found["timeline"]} == {"alert", "metric", "trace"}
    (said,) = found["not_read"]
    assert said.startswith("Elasticsearch at http://127.0.0.1:1 does not answer: ")
