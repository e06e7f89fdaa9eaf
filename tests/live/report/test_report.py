"""Both reports as a user makes them, against a real Prometheus and Alertmanager whose history is known."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from catalogue.slos import AVAILABILITY
from ops.plan.run import ROOT
from tests.live.report.history import (
    DISK_A_DAY,
    DISK_AT_END,
    END,
    FIRED,
    OUTAGE,
    failing,
    rate,
)
from tests.live.report.servers import Servers, filled_and_firing, servers


@pytest.fixture(scope="module")
def there() -> Iterator[Servers]:
    with filled_and_firing() as made:
        yield made


def asked(*arguments: str, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ops", "report", *arguments, "--out", str(out)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def page(name: str, where: Servers, out: Path) -> str:
    end = f"{END:%Y-%m-%dT%H:%M}"
    addresses = ["--prometheus", where.prometheus, "--alertmanager", where.alertmanager]
    done = asked(name, "--end", end, *addresses, out=out)
    assert done.returncode == 0, done.stderr
    markdown, html = (Path(line) for line in done.stdout.splitlines())
    assert "data:image/svg+xml" in html.read_text(encoding="utf-8")
    text = markdown.read_text(encoding="utf-8")
    for drawing in re.findall(r"\]\(([^)]+\.svg)\)", text):
        assert (out / drawing).read_text(encoding="utf-8").startswith("<?xml")
    return text


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n")[1].split("\n## ", maxsplit=1)[0]


def failed_share(days: int) -> float:
    """By the history itself."""
    times = range(int((END - timedelta(days=days)).timestamp()), int(END.timestamp()), 120)
    return sum(rate(at) * failing(at) for at in times) / sum(map(rate, times))


@pytest.mark.parametrize(("name", "days"), [("weekly", 7), ("monthly", 30)])
def test_a_report_tells_what_happened(name: str, days: int, there: Servers, tmp_path: Path) -> None:
    text = page(name, there, tmp_path)
    share = failed_share(days)
    assert f"| {1 - share:.3%} | {share:.3%} |" in section(text, "Availability")
    budget = section(text, "Error budget")
    left = 1 - failed_share(30) / float(AVAILABILITY.budget)
    told = re.search(r"availability of api-gateway .*\| (-?[\d.]+)% \| (-?[\d.]+)% \|", budget)
    assert told is not None
    assert float(told[2]) == pytest.approx(100 * left, abs=0.2)
    assert float(told[1]) == pytest.approx(100 * share / float(AVAILABILITY.budget) * days / 30, abs=0.3)
    worst = re.search(r"days on which most of it went.*?\n\| (\w+ \d+ \w+) ", budget, re.DOTALL)
    assert worst is not None
    assert worst[1] == f"{OUTAGE[0]:%a %-d %b}"
    incidents = section(text, "Incidents")
    in_time = [
        (alert, END - timedelta(hours=ago), minutes)
        for alert, severity, _, _, times in FIRED
        for ago, minutes in times
        if severity in ("critical", "warning") and ago <= days * 24
    ]
    assert f"Incidents {len(in_time)}:" in incidents
    for alert, began, minutes in in_time:
        lasted = f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
        row = next(line for line in incidents.splitlines() if f"{began:%Y-%m-%d %H:%M} |" in line)
        assert alert in row
        assert f"| {lasted} |" in row
    assert "Alertmanager has now: PostgreSQLConnectionsHigh: told to database; RedisDown: silenced." in incidents
    capacity = section(text, "Capacity")
    full = END + timedelta(days=(1 - DISK_AT_END) / DISK_A_DAY)
    filling = next(line for line in capacity.splitlines() if "node-a /" in line)
    when = [datetime.fromisoformat(f"{day}T00:00+00:00") for day in re.findall(r"\d{4}-\d\d-\d\d", filling)]
    assert when[1] - timedelta(days=1) <= full <= when[2] + timedelta(days=1)
    assert abs(when[0] - full) <= timedelta(days=2)
    assert "no trend" in next(line for line in capacity.splitlines() if "node-b /" in line)
    assert "| observability | 473.80 | 471.20 |" in section(text, "Cost")


def test_a_server_without_any_history_is_told_section_by_section(tmp_path: Path) -> None:
    with servers(filled=False) as bare:
        text = page("weekly", bare, tmp_path)
    for title in ("Availability", "Latency", "Error budget", "Incidents", "Alert noise", "Time to resolve", "Capacity"):
        assert "No data: Prometheus has no" in section(text, title), title
    assert "No data: Prometheus has neither" in section(text, "Cost")


def test_a_server_that_does_not_answer_is_one_clear_error(there: Servers, tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9"
    for given in (
        ["--prometheus", nobody, "--alertmanager", there.alertmanager],
        ["--prometheus", there.prometheus, "--alertmanager", nobody],
        ["--prometheus", there.alertmanager, "--alertmanager", there.prometheus],
    ):
        done = asked("weekly", *given, out=tmp_path)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert any(address in done.stderr for address in given)
    assert not list(tmp_path.iterdir())
