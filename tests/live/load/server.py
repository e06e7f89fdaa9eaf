"""A real Prometheus with production's rules over a cluster's worth of series, and a month of what objectives read."""

import json
import math
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.progress import track

from alerts.library import LIBRARY
from alerts.render.rules import rule_file
from alerts.render.text import to_yaml
from tests.live import prometheus
from tests.live.load.exposition import exposed
from tests.live.load.series import Target, targets
from tests.live.ports import Ports
from tests.live.processes import Processes
from tests.support.promtool import LINKS

_DAYS = 30
_RECORDED_EVERY = 30
# What objectives read, and how much of it there was in a second.
_RECORDED = {
    "service:http_requests:rate5m": 120.0,
    "service:http_request_errors:rate5m": 0.18,
    "service:http_latency_requests:rate5m": 120.0,
    "service:http_latency_slow_requests_1s:rate5m": 2.4,
}
# Alerts of the last week: name, severity, team, how many hours ago each began, and how many minutes it fired.
_FIRED = (
    ("HighErrorRate", "critical", "platform", ((150, 38), (61, 7))),
    ("SlowAPIResponse", "warning", "platform", ((140, 55), (90, 21), (31, 8))),
    ("PostgreSQLConnectionsHigh", "warning", "database", ((77, 34), (29, 6), (28, 5), (5, 12))),
    ("ScraperFailures", "warning", "data", ((120, 340),)),
)


@contextmanager
def filled(minutes: float) -> Iterator[str]:
    """The address of a Prometheus that has scraped everything for so long."""
    load = list(targets())
    with tempfile.TemporaryDirectory() as name, exposed(load) as host:
        folder = Path(name)
        _prepare(folder, load, host)
        ports, processes = Ports(), Processes(folder / "logs")
        port = ports.take()
        try:
            prometheus.start(processes, folder, port, "--storage.tsdb.retention.time=45d")
            for wait in track([30.0] * int(minutes * 2), description=f"scraping {minutes:g} minutes", transient=True):
                time.sleep(wait)
            yield f"http://127.0.0.1:{port}"
        finally:
            processes.stop()
            ports.release()


def get(address: str, path: str, **query: str) -> Any:
    """What Prometheus answers. Raises OSError where it refuses."""
    # By POST: a query with everything computed in place is longer than an address may be.
    data = urllib.parse.urlencode(query).encode() if path.startswith("/api/v1/query") else None
    suffix = "" if data or not query else f"?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(f"{address}{path}{suffix}", data=data, timeout=120) as answer:  # noqa: S310 our own
        return json.load(answer)["data"]


def series(address: str) -> int:
    """How many series it holds in memory."""
    return get(address, "/api/v1/status/tsdb")["headStats"]["numSeries"]


def _prepare(folder: Path, load: Sequence[Target], host: str) -> None:
    (folder / "rules").mkdir()
    for group in LIBRARY:
        (folder / "rules" / f"{group.name}.yaml").write_text(to_yaml(rule_file(group, LINKS)), encoding="utf-8")
    (folder / "prometheus.yml").write_text(
        to_yaml(
            {
                "global": {"scrape_interval": "15s", "evaluation_interval": "15s"},
                "rule_files": ["rules/*.yaml"],
                "scrape_configs": [_job(index, target, host) for index, target in enumerate(load)],
            }
        ),
        encoding="utf-8",
    )
    prometheus.backfill(folder, _history())


def _job(index: int, target: Target, host: str) -> dict[str, Any]:
    labels = {
        "job": target.job,
        "service": target.service,
        "namespace": target.namespace,
        "instance": target.instance,
        "pod": target.instance,
    }
    return {
        "job_name": f"{target.job}-{index}",
        "metrics_path": f"/metrics/{index}",
        "honor_labels": True,
        "static_configs": [{"targets": [host], "labels": labels}],
    }


def _history() -> Iterator[str]:
    """Thirty days of what objectives read and a week of alerts, ending where the scrapes begin."""
    now = int(time.time())
    for name, mean in _RECORDED.items():
        yield f"# TYPE {name} gauge\n"
        for at in range(now - _DAYS * 86_400, now - 3_600, _RECORDED_EVERY):
            # Nights are quiet.
            value = mean * (1 + 0.6 * math.sin(at / 86_400 * 2 * math.pi))
            yield f'{name}{{namespace="openpolicy",service="api-gateway"}} {value:.4f} {at}\n'
    yield "# TYPE ALERTS gauge\n"
    for name, severity, team, times in _FIRED:
        labels = f'alertname="{name}",alertstate="firing",severity="{severity}",team="{team}"'
        for ago, minutes in times:
            began = now - ago * 3_600
            for at in range(began, began + minutes * 60, _RECORDED_EVERY):
                yield f"ALERTS{{{labels}}} 1 {at}\n"
    yield "# EOF\n"
