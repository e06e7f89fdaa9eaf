"""The real node exporter, told what ours is told: it has every collector, and shows what the catalogue names."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from functools import cache

import pytest
import requests

from catalogue.exporters import NODE_EXPORTER
from catalogue.sizes import SERIES_OF_NODE
from components.render.cluster_exporters import node
from tests.support.tools import tool

PATIENCE_SECONDS = 20
# A container's kernel does not show these.
NOT_HERE = ("node_nf_conntrack_", "node_pressure_", "node_filesystem_", "node_disk_", "node_timex_")


def arguments(port: int) -> list[str]:
    """Ours, but on this machine as it is, and at an address of its own."""
    told = [each for each in node(NODE_EXPORTER.flags).args if not each.startswith(("--path.", "--web."))]
    return [*told, f"--web.listen-address=127.0.0.1:{port}"]


@pytest.fixture(scope="module")
def shown() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    process = subprocess.Popen([tool("node_exporter"), *arguments(port)], stderr=subprocess.PIPE, text=True)
    try:
        yield _fetched(port, process)
    finally:
        process.kill()
        process.communicate()


def _fetched(port: int, process: subprocess.Popen[str]) -> str:
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        if process.poll() is not None:
            assert process.stderr is not None
            pytest.fail(process.stderr.read())
        try:
            return requests.get(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE_SECONDS).text
        except requests.ConnectionError:
            time.sleep(0.1)
    pytest.fail("the node exporter does not answer")


@cache
def names(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"^([a-z_A-Z0-9]+)[ {]", text, re.MULTILINE))


def test_it_has_every_collector_that_it_is_told_to_run(shown: str) -> None:
    running = set(re.findall(r'^node_scrape_collector_success\{collector="([a-z]+)"\}', shown, re.MULTILINE))
    told = {
        each.removeprefix("--collector.")
        for each in node(NODE_EXPORTER.flags).args
        if re.fullmatch(r"--collector\.[a-z]+", each)
    }
    assert running == told
    assert len(told) == len(NODE_EXPORTER.flags)


def test_it_shows_what_the_catalogue_names(shown: str) -> None:
    missing = [metric.name for metric in NODE_EXPORTER.metrics if metric.name not in names(shown)]
    assert [name for name in missing if not name.startswith(NOT_HERE)] == []


def test_it_is_sized_at_what_is_kept_of_it(shown: str) -> None:
    """What it has of each thing here, for a node of the size that the catalogue assumes."""
    node = {"processor": 16, "disk": 4, "filesystem": 4, "link": 4, "machine": 1}
    here = kept(shown)
    things = {what: len({thing for kind, thing in here if kind == what}) for what in node}
    # A container may have none of something.
    of_one = {what: sum(kind == what for kind, _ in here) / max(1, count) for what, count in things.items()}
    assert of_one["processor"] == 8
    missing = {what for what, count in things.items() if not count}
    of_one |= {what: sum(of(metric.name) == what for metric in NODE_EXPORTER.metrics) for what in missing}
    kept_of_node = sum(count * of_one[what] for what, count in node.items())
    assert 0.9 * SERIES_OF_NODE["node-exporter"] < kept_of_node <= SERIES_OF_NODE["node-exporter"]


def kept(shown: str) -> list[tuple[str, str]]:
    """Of each series that the catalogue names: what kind of thing it is about, and which one."""
    found = re.findall(r'^(\w+)(?:{(?:.*,)?(?:cpu|device)="([^"]*)".*})? ', shown, re.MULTILINE)
    named = {metric.name for metric in NODE_EXPORTER.metrics}
    return [(of(name), thing) for name, thing in found if name in named]


def of(metric: str) -> str:
    """What kind of thing a metric is about."""
    kinds = {"cpu": "processor", "disk": "disk", "filesystem": "filesystem", "network": "link"}
    return kinds.get(metric.split("_")[1], "machine")
