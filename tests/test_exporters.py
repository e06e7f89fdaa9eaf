"""Exporters of both stacks: what rules and boards read is switched on, and what nothing reads is dropped."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest

from catalogue.exporters import EXPORTERS, SCRAPE_METRICS
from ops.plan.run import stacks
from tests.support.planned import manifests
from tests.support.reads import READ
from tests.support.switches import SWITCHES, switched_off

Manifest = Mapping[str, Any]
each = pytest.mark.parametrize("stack", stacks())
JOBS = {exporter.job: exporter for exporter in EXPORTERS if exporter.job in SWITCHES}
PROGRAMS = {"blackbox-http": "blackbox-exporter"}


def found(manifests: Sequence[Manifest], kinds: str, name: str) -> Manifest | None:
    same = [each for each in manifests if each["kind"] in kinds.split() and each["metadata"]["name"] == name]
    return same[0] if same else None


def read_of(job: str) -> list[str]:
    # Prometheus itself writes the others.
    return sorted(name for of, name in READ if of == job and name not in {each.name for each in SCRAPE_METRICS})


def unseen(manifests: Sequence[Manifest]) -> list[str]:
    """What is read and the exporter would not show, or the monitor would drop."""
    missing = list[str]()
    for job in JOBS:
        program = found(manifests, "Deployment DaemonSet", PROGRAMS.get(job, job))
        if not program:
            continue
        arguments = program["spec"]["template"]["spec"]["containers"][0].get("args", [])
        missing += filter(None, (switched_off(job, name, arguments) for name in read_of(job)))
        missing += [f"{name}: dropped" for name in read_of(job) if not kept(manifests, job, name)]
    return missing


def needless(manifests: Sequence[Manifest]) -> list[str]:
    """What an exporter collects or Prometheus keeps although nothing reads it."""
    more = list[str]()
    for job in JOBS:
        program = found(manifests, "Deployment DaemonSet", PROGRAMS.get(job, job))
        if not program:
            continue
        arguments = program["spec"]["template"]["spec"]["containers"][0].get("args", [])
        for argument in arguments:
            without = [told for told in arguments if told != argument]
            collects = argument.removeprefix("--") in SWITCHES[job].off.values()
            if collects and not any(switched_off(job, name, without) for name in read_of(job)):
                more.append(f"{job} {argument}")
    for job in (exporter.job for exporter in EXPORTERS if exporter.drops_the_rest):
        more += [f"{job} {name}" for name in beyond(manifests, job)]
    return more


def beyond(manifests: Sequence[Manifest], job: str) -> list[str]:
    """What Prometheus stores of the job although nothing reads it."""
    if not (monitor := found(manifests, "ServiceMonitor ScrapeConfig Probe", job)):
        return []
    (endpoint,) = monitor["spec"].get("endpoints", [monitor["spec"]])
    for step in endpoint.get("metricRelabelings", ()):
        if (step["action"], step["sourceLabels"]) == ("keep", ["__name__"]):
            names = re.fullmatch(r"\(([a-zA-Z0-9_|]+)\)\(_bucket\|_count\|_sum\)\?", step["regex"])
            assert names, f"{job} keeps more than names: {step['regex']}"
            return sorted({*names[1].split("|")} - {*read_of(job)})
    return ["everything"]


def kept(manifests: Sequence[Manifest], job: str, metric: str) -> bool:
    """Whether Prometheus stores a series of that name from the job."""
    monitor = found(manifests, "ServiceMonitor Probe", job)
    assert monitor, f"nothing scrapes {job}"
    (endpoint,) = monitor["spec"].get("endpoints", [monitor["spec"]])
    for step in endpoint.get("metricRelabelings", ()):
        assert step["sourceLabels"] == ["__name__"]
        if bool(re.fullmatch(step["regex"], metric)) == (step["action"] == "drop"):
            return False
    return True


def changed(stack: str, kinds: str, name: str) -> tuple[list[Any], Any]:
    """Manifests of the stack, and that one of them to break."""
    copy = deepcopy(list(manifests(stack)))
    broken = found(copy, kinds, name)
    assert broken
    return copy, broken


def test_the_table_is_of_the_versions_that_run() -> None:
    assert {job: known.version for job, known in SWITCHES.items()} == {job: JOBS[job].version for job in SWITCHES}
    for made in manifests("prod"):
        for job, known in SWITCHES.items():
            if made["kind"] in ("Deployment", "DaemonSet") and made["metadata"]["name"] == PROGRAMS.get(job, job):
                assert made["spec"]["template"]["spec"]["containers"][0]["image"].endswith(f":v{known.version}")


def test_production_has_every_exporter_and_each_is_read() -> None:
    assert all(found(manifests("prod"), "Deployment DaemonSet", PROGRAMS.get(job, job)) for job in JOBS)
    assert all(read_of(job) for job in JOBS)


@each
def test_what_is_read_of_an_exporter_is_switched_on_and_kept(stack: str) -> None:
    assert unseen(manifests(stack)) == []


@each
def test_what_nothing_reads_is_off_or_dropped(stack: str) -> None:
    assert needless(manifests(stack)) == []


@pytest.mark.parametrize("job", [job for job, known in SWITCHES.items() if known.off])
def test_a_switch_that_is_missing_is_told(job: str) -> None:
    copy, broken = changed("prod", "Deployment DaemonSet", job)
    container = broken["spec"]["template"]["spec"]["containers"][0]
    for argument in [told for told in container["args"] if told.removeprefix("--") in SWITCHES[job].off.values()]:
        container["args"].remove(argument)
        assert any(argument.removeprefix("--") in told for told in unseen(copy)), argument
        container["args"].append(argument)
    container["args"] = [told for told in container["args"] if not told.startswith("--resources=")]
    assert (unseen(copy) != []) == (job == "kube-state-metrics")


def test_a_collector_that_is_turned_off_is_told() -> None:
    copy, broken = changed("prod", "Deployment", "postgres-exporter")
    broken["spec"]["template"]["spec"]["containers"][0]["args"].append("--no-collector.stat_activity")
    assert "pg_stat_activity_count: --no-collector.stat_activity" in unseen(copy)


def test_a_collector_that_nothing_reads_is_told() -> None:
    copy, broken = changed("prod", "DaemonSet", "node-exporter")
    broken["spec"]["template"]["spec"]["containers"][0]["args"].append("--collector.netstat")
    assert needless(copy) == ["node-exporter --collector.netstat"]


@pytest.mark.parametrize("job", JOBS)
def test_a_monitor_that_keeps_too_much_or_too_little_is_told(job: str) -> None:
    copy, broken = changed("prod", "ServiceMonitor Probe", job)
    (endpoint,) = broken["spec"].get("endpoints", [broken["spec"]])
    steps = endpoint.pop("metricRelabelings")
    assert f"{job} everything" in needless(copy)
    name = read_of(job)[-1]
    endpoint["metricRelabelings"] = [steps[0] | {"regex": steps[0]["regex"].replace(name, "another")}]
    assert f"{name}: dropped" in unseen(copy)
    assert f"{job} another" in needless(copy)
