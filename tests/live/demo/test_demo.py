"""What the demo emits arrives as the catalogue says, and what a person breaks pages the right team."""

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest

from catalogue.logs import LOG_CLASSES
from catalogue.metrics import METRICS
from catalogue.services import API_GATEWAY, SCRAPER
from tests.live.demo.running import Demo, demo
from tests.live.paging.servers import routing_key, wait

PACE = 60
SOON = 60
# What a target has of Prometheus and of discovery.
TARGET = {"__name__", "namespace", "service", "pod", "instance", "job", "le"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, healthy, watched for a while."""
    with demo(tmp_path_factory.mktemp("demo"), pace=PACE, rate=20) as everything:
        watched = everything.monitoring
        wait(lambda: watched.switch.received, 30, "Watchdog")
        wait(lambda: _calm(everything), 60, "everything to be well, with traffic")
        watched.pagerduty.received.clear()
        yield everything
        everything.break_()


@pytest.fixture(autouse=True)
def _mended(running: Demo) -> Iterator[None]:
    yield
    running.break_()


def _calm(running: Demo) -> bool:
    firing = running.monitoring.alerts("firing") | running.monitoring.alerts("pending")
    return firing == {"Watchdog"} and bool(asked(running, "query", query="sum(rate(http_requests_total[5s])) > 5"))


def got(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 an address of our own
        return json.load(answer)


def asked(running: Demo, api: str, **arguments: str) -> Any:
    """What Prometheus' API answers."""
    data = got(f"{running.monitoring.address}/api/v1/{api}?{urllib.parse.urlencode(arguments)}")["data"]
    return data["result"] if isinstance(data, dict) and "result" in data else data


@pytest.mark.parametrize("service", [API_GATEWAY.name, SCRAPER.name])
def test_prometheus_reads_from_each_service_the_catalogue_and_nothing_else(running: Demo, service: str) -> None:
    described = asked(running, "targets/metadata", match_target=f'{{service="{service}"}}')
    # OpenMetrics names a counter's family without its suffix.
    suffix = {"counter": "_total"}
    found = {(each["metric"] + suffix.get(each["type"], ""), each["type"], each["help"]) for each in described}
    assert found == {(metric.name, metric.kind.value, metric.help) for metric in METRICS}


def test_every_metric_has_series_and_no_label_that_is_not_in_the_catalogue(running: Demo) -> None:
    parts = {metric.name: (f"{metric.name}_bucket", f"{metric.name}_count", f"{metric.name}_sum") for metric in METRICS}
    allowed = dict[str, frozenset[str]]()
    for metric in METRICS:
        names = parts[metric.name] if metric.buckets else (metric.name,)
        allowed |= dict.fromkeys(names, metric.label_names)
    series = asked(running, "series", **{"match[]": '{job="openpolicy"}'})
    own = [each for each in series if not each["__name__"].startswith(("up", "scrape_"))]
    own = [each for each in own if ":" not in each["__name__"] and not each["__name__"].startswith("ALERTS")]
    for name in allowed:
        labels = [frozenset(each) - TARGET for each in own if each["__name__"] == name]
        assert labels, f"nothing emits {name}"
        assert set(labels) == {allowed[name]}, name
    assert {each["__name__"] for each in own} == set(allowed)


def test_trace_lines_and_exemplar_of_one_request_share_one_id(running: Demo) -> None:
    kept = dict[str, list[dict[str, Any]]]()

    def leading() -> bool:
        query = 'http_request_duration_seconds_bucket{method="GET",endpoint="/api/v1/bills"}'
        exemplars = asked(running, "query_exemplars", query=query, start="0", end="4000000000")
        ids = [each["labels"]["trace_id"] for found in exemplars for each in found["exemplars"]]
        kept.update({each: spans for each in ids if (spans := _spans(running, each))})
        return bool(kept)

    # Nine in ten of the traces that are well are not kept.
    wait(leading, 2 * SOON, "an exemplar of a trace that is kept")
    number, trace = kept.popitem()
    lines = [line for line in running.lines("api-gateway") if line.get("trace", {}).get("id") == number]
    assert [line["labels"]["log_class"] for line in lines] == ["access"]
    assert {"GET /api/v1/bills"} < {span["name"] for span in trace}, "the request, and the query within it"
    assert any("db.query.text" in {each["key"] for each in span.get("attributes", [])} for span in trace)


def _spans(running: Demo, number: str) -> list[dict[str, Any]]:
    """Of that trace; none where Jaeger has none."""
    try:
        answer = got(f"{running.jaeger}/api/v3/traces/{number}")
    except HTTPError:
        return []
    resources = answer["result"]["resourceSpans"]
    return [each for part in resources for scope in part["scopeSpans"] for each in scope["spans"]]


def _answered(running: Demo, log_class: str) -> list[str]:
    """Traces of the API's requests that have a line of that class, from the first to the last."""
    lines = [line for line in running.lines("api-gateway") if line["labels"]["log_class"] == log_class]
    return [*dict.fromkeys(line["trace"]["id"] for line in lines if "trace" in line)]


def test_all_that_fails_is_kept_and_a_tenth_of_the_rest(running: Demo) -> None:
    running.break_(error_rate=0.2)
    wait(lambda: len(_answered(running, "error")) > 20, SOON, "failures")
    running.break_()
    failed = _answered(running, "error")
    wait(lambda: all(_spans(running, each) for each in failed), SOON, "Jaeger to have every failed one")
    # Those that came first are decided by now.
    well = [each for each in _answered(running, "access") if each not in {*failed}][:400]
    kept = sum(bool(_spans(running, each)) for each in well)
    assert 0.03 < kept / len(well) < 0.2, f"{kept} of {len(well)}"


def test_calls_are_measured_before_any_is_thrown_away(running: Demo) -> None:
    sent = len(_answered(running, "access"))
    calls = 'sum(traces_span_metrics_calls_total{service_name="api-gateway",span_kind="SPAN_KIND_SERVER"})'

    def measured() -> bool:
        found = asked(running, "query", query=calls)
        return bool(found) and float(found[0]["value"][1]) >= sent

    wait(measured, SOON, f"{sent} calls")


def test_a_scraper_s_run_is_a_trace_of_its_service(running: Demo) -> None:
    wait(lambda: {"api-gateway", "scraper"} <= set(got(f"{running.jaeger}/api/v3/services")["services"]), 90, "both")


def test_lines_are_of_every_class_and_hold_nothing_that_must_not_leave(running: Demo) -> None:
    running.break_(error_rate=0.2, log_flood=3)
    expected = {log_class.name for log_class in LOG_CLASSES}

    def classes() -> set[str]:
        return {line["labels"]["log_class"] for line in running.lines("api-gateway")}

    wait(lambda: classes() == expected, SOON, "a line of every class")
    lines = running.lines("api-gateway")
    text = running.logs["api-gateway"].read_text(encoding="utf-8")
    assert "hunter2" not in text
    assert "@example.org" not in text
    by_class = {name: [line for line in lines if line["labels"]["log_class"] == name] for name in expected}
    assert all(line["http"]["response"]["status_code"] for line in by_class["access"])
    assert all(line["error"]["stack_trace"] for line in by_class["error"])
    assert all({"id", "action", "outcome"} <= set(line["event"]) for line in by_class["audit"] + by_class["security"])
    assert {line["labels"]["log_class"] for line in running.lines("scraper")} <= {"app", "error"}


@pytest.mark.parametrize(
    ("faults", "alert", "team", "severity"),
    [
        ({"error_rate": 0.4}, "HighErrorRate", "platform", "critical"),
        ({"latency": 2.6}, "SlowAPIResponse", "platform", "warning"),
        ({"taken_connections": 10}, "DatabasePoolExhausted", "database", "critical"),
        ({"scraper_failure": 1.0}, "ScraperFailures", "data", "warning"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_broken_reaches_its_team(
    running: Demo, faults: dict[str, float], alert: str, team: str, severity: str
) -> None:
    running.break_(**faults)
    wait(lambda: running.pagerduty.triggered(alert), 120, f"{alert} to reach PagerDuty")
    event = running.pagerduty.triggered(alert)[0]
    assert event["routing_key"] == routing_key(team)
    assert event["payload"]["severity"] == severity
    running.break_()
    if alert != "ScraperFailures":  # a share of six hours
        wait(lambda: running.pagerduty.resolved(alert), 90, f"{alert} to be resolved")


def test_scrapes_are_whole(running: Demo) -> None:
    assert [target["health"] for target in asked(running, "targets")["activeTargets"]] == ["up", "up", "up"]
    shown = asked(running, "query", query='max(scrape_samples_scraped{job="openpolicy"})')
    assert float(shown[0]["value"][1]) < 5_000, "AppCardinalityHigh warns at 5 000"
