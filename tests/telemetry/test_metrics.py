"""What is exposed is the catalogue: its names, types, labels, bounds and buckets, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from prometheus_client.exposition import generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from catalogue.metrics import (
    ACTIVE_USERS,
    BILL_VIEWS,
    DB_POOL_AVAILABLE,
    HTTP_REQUEST_DURATION,
    HTTP_REQUESTS,
    METRICS,
    SCRAPER_RUNS,
    SEARCH_QUERIES,
)
from catalogue.model.metric import Kind, Metric
from telemetry.exposition import registry
from telemetry.metrics import Instruments
from telemetry.problems import STRICT


@pytest.fixture
def instruments() -> Instruments:
    return Instruments()


def families(instruments: Instruments) -> dict[str, Any]:
    text = generate_latest(registry(instruments)).decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


def samples(instruments: Instruments, metric: Metric) -> dict[tuple[str, ...], float]:
    """Values by their labels' values, in the catalogue's order."""
    family = families(instruments)[metric.name.removesuffix("_total")]
    names = [label.name for label in metric.labels]
    return {
        tuple(each.labels[name] for name in names): each.value for each in family.samples if each.name == metric.name
    }


def use(instruments: Instruments, metric: Metric) -> None:
    labels = {label.name: (label.values or ("some",))[0] for label in metric.labels}
    match metric.kind:
        case Kind.COUNTER:
            instruments.count(metric, **labels)
        case Kind.GAUGE:
            instruments.set_to(metric, 1, **labels)
        case Kind.HISTOGRAM:
            instruments.observe(metric, 0.3, **labels)


def test_every_metric_is_exposed_as_the_catalogue_says(instruments: Instruments) -> None:
    for metric in METRICS:
        use(instruments, metric)
    shown = families(instruments)
    assert list(shown) == [metric.name.removesuffix("_total") for metric in METRICS]
    for metric in METRICS:
        family = shown[metric.name.removesuffix("_total")]
        assert (family.type, family.documentation) == (metric.kind.value, metric.help)
        labels = {name for sample in family.samples for name in sample.labels} - {"le"}
        assert labels == metric.label_names
        bounds = [float(sample.labels["le"]) for sample in family.samples if "le" in sample.labels]
        assert bounds == ([*map(float, metric.buckets), float("inf")] if metric.buckets else [])


def test_a_metric_that_nothing_has_set_has_a_type_and_no_value(instruments: Instruments) -> None:
    # At zero it would say that no connection is free.
    assert families(instruments)[DB_POOL_AVAILABLE.name].samples == []
    assert len(families(instruments)) == len(METRICS)


def test_when_a_series_began_is_not_exposed(instruments: Instruments) -> None:
    use(instruments, HTTP_REQUESTS)
    assert b"_created" not in openmetrics(registry(instruments)).replace(b"bills_created", b"")


@pytest.mark.parametrize("metric", [metric for metric in METRICS if metric.labels], ids=lambda metric: metric.name)
def test_no_label_takes_more_values_than_its_bound(metric: Metric, instruments: Instruments) -> None:
    for label in metric.labels:
        kind = Metric(name="bounded", kind=Kind.COUNTER, unit=metric.unit, labels=(label,))
        made = instruments.of(kind).__class__(kind)
        assert label.bound is not None
        for number in range(label.bound * 2):
            made.child({label.name: f"value-{number}"})
        seen = {sample.labels[label.name] for family in made.parent.collect() for sample in family.samples}
        assert label.overflow in seen
        assert len(seen) <= label.bound


def test_what_overflows_is_counted_all_the_same(instruments: Instruments) -> None:
    for number in range(1_000):
        instruments.count(BILL_VIEWS, bill_id=number)
    counted = samples(instruments, BILL_VIEWS)
    assert len(counted) == 201
    assert (sum(counted.values()), counted["other",]) == (1_000, 800)


def test_named_bills_keep_their_places(instruments: Instruments) -> None:
    instruments.known(BILL_VIEWS, bill_id=[f"top-{number}" for number in range(200)])
    instruments.count(BILL_VIEWS, bill_id="unheard-of")
    instruments.count(BILL_VIEWS, bill_id="top-199")
    assert samples(instruments, BILL_VIEWS)["top-199",] == 1
    assert samples(instruments, BILL_VIEWS)["other",] == 1


def test_an_unknown_method_is_other_and_a_long_value_does_not_lose_the_scrape(instruments: Instruments) -> None:
    instruments.count(HTTP_REQUESTS, method="BREW", endpoint="/" + "x" * 300, status=418)
    assert samples(instruments, HTTP_REQUESTS) == {("OTHER", "__unmatched__", "418"): 1}


def test_known_series_start_at_zero(instruments: Instruments) -> None:
    instruments.known(SCRAPER_RUNS, scraper=["federal-bills"])
    assert samples(instruments, SCRAPER_RUNS) == {
        ("federal-bills", status): 0 for status in ("success", "failure", "partial")
    }


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ({}, "search_queries_total: its labels are search_type, result, not none"),
        ({"search_type": "x", "result": "hit", "user": "u"}, "not result, search_type, user"),
    ],
)
def test_wrong_labels_are_a_mistake(instruments: Instruments, labels: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        instruments.count(SEARCH_QUERIES, **labels)


def test_a_metric_is_used_as_its_kind(instruments: Instruments) -> None:
    with pytest.raises(TypeError, match="active_users_count is a gauge: it cannot be counted"):
        instruments.count(ACTIVE_USERS)
    with pytest.raises(TypeError, match="cannot be set"):
        instruments.set_to(SEARCH_QUERIES, 1, search_type="x", result="hit")
    with pytest.raises(TypeError, match="cannot be observed"):
        instruments.observe(ACTIVE_USERS, 1)


def test_in_production_a_mistake_breaks_nothing(instruments: Instruments, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STRICT)
    instruments.count(SEARCH_QUERIES, wrong="label")
    instruments.set_to(SEARCH_QUERIES, 1, search_type="x", result="hit")
    instruments.observe(ACTIVE_USERS, float("nan"))
    assert sum(samples(instruments, SEARCH_QUERIES).values()) == 0


@pytest.mark.usefixtures("spans")
def test_an_exemplar_leads_to_the_trace(instruments: Instruments) -> None:
    with trace.get_tracer("test").start_as_current_span("request") as span:
        instruments.observe(HTTP_REQUEST_DURATION, 0.3, method="GET", endpoint="/")
    number = f"{span.get_span_context().trace_id:032x}"
    assert f'# {{trace_id="{number}"}} 0.3'.encode() in openmetrics(registry(instruments))


def test_without_a_trace_there_is_no_exemplar(instruments: Instruments) -> None:
    instruments.observe(HTTP_REQUEST_DURATION, 0.3, method="GET", endpoint="/")
    assert b"trace_id" not in openmetrics(registry(instruments))


_WORKERS = """
import os, sys
from catalogue.metrics import *
from prometheus_client.exposition import generate_latest
from telemetry.exposition import registry
from telemetry.metrics import INSTRUMENTS
from telemetry import workers

pids = []
for number in (1, 2, 3):
    if not (pid := os.fork()):
        INSTRUMENTS.count(SEARCH_QUERIES, number, search_type="bills", result="hit")
        INSTRUMENTS.observe(HTTP_REQUEST_DURATION, 0.3, method="GET", endpoint="/")
        INSTRUMENTS.set_to(DB_POOL_AVAILABLE, 10)
        INSTRUMENTS.set_to(ACTIVE_USERS, 7)
        os._exit(0)
    os.waitpid(pid, 0)
    pids.append(pid)
print(generate_latest(registry()).decode())
workers.child_exit(None, type("Worker", (), {"pid": pids[0]}))
print("then", *[l for l in generate_latest(registry()).decode().splitlines() if l.startswith("db_connection_pool_av")])
"""


def test_workers_of_a_pod_are_one(tmp_path: Path) -> None:
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", _WORKERS], capture_output=True, text=True, env=environment, check=True)
    lines = done.stdout.splitlines()
    assert 'search_queries_total{result="hit",search_type="bills"} 6.0' in lines
    assert 'http_request_duration_seconds_count{endpoint="/",method="GET"} 3.0' in lines
    assert "db_connection_pool_available 30.0" in lines, "each has its own share"
    assert "active_users_count 7.0" in lines, "all say the same"
    assert "pid=" not in done.stdout
    assert [line.split()[2] for line in lines if line.startswith("# TYPE")] == [
        # The text format names a counter with its suffix.
        metric.name
        for metric in METRICS
    ]
    assert "then db_connection_pool_available 20.0" in lines, "a worker that ended holds no connections"
