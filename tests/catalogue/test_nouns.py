"""The nouns refuse nonsense; each case breaks one thing of a good value."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from catalogue import CATALOGUE
from catalogue.exporters import APPLICATION
from catalogue.journeys import FIND_MP, HEALTH
from catalogue.logs import AUDIT
from catalogue.metrics import DB_POOL_SIZE, HTTP_REQUEST_DURATION, HTTP_REQUESTS
from catalogue.model.board import Board
from catalogue.model.journey import Click
from catalogue.model.metric import Label, counter, gauge, histogram
from catalogue.model.ownership import Endpoint, Environment, Service, Team
from catalogue.model.problem import Problem, nearest
from catalogue.model.quantity import Bytes
from catalogue.model.slo import Availability, Latency
from catalogue.model.time import Duration, days, hours, minutes, seconds
from catalogue.services import API_GATEWAY
from catalogue.slos import AVAILABILITY
from catalogue.teams import PLATFORM


@pytest.mark.parametrize(
    ("text", "count", "shown"),
    [
        ("30s", 30, "30s"),
        ("5m", 300, "5m"),
        ("1h30m", 5400, "90m"),
        ("26h", 93_600, "26h"),
        ("24h", 86_400, "1d"),
        ("1w", 604_800, "7d"),
        ("45d", 3_888_000, "45d"),
        ("0s", 0, "0s"),
    ],
)
def test_durations_are_read_and_shown_as_prometheus_does(text: str, count: int, shown: str) -> None:
    assert Duration.parse(text).seconds == count
    assert str(Duration.parse(text)) == shown
    assert Duration.parse(shown) == Duration.parse(text)


@pytest.mark.parametrize("text", ["", "5", "m", "5 m", "5M", "-5m", "1.5h", "5m1h", "5min", "1h1h", "5ms"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        Duration.parse(text)


def test_durations_compare() -> None:
    assert seconds(60) == minutes(1) < hours(1) < days(1)
    with pytest.raises(ValueError, match="never negative"):
        seconds(-1)


@pytest.mark.parametrize(("text", "count"), [("512Mi", 2**29), ("1Ti", 2**40)])
def test_sizes_are_powers_of_two(text: str, count: int) -> None:
    assert Bytes.parse(text).count == count
    assert str(Bytes.parse(text)) == text


@pytest.mark.parametrize("text", ["", "5", "0Gi", "-5Gi", "5G", "5gi", "1.5Gi", "Gi", "5 Gi"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no size"):
        Bytes.parse(text)


REFUSALS: dict[str, tuple[Callable[[], object], str]] = {
    "a team in capitals": (lambda: replace(PLATFORM, name="Platform"), "lower-case letters"),
    "a service with a blank": (lambda: replace(API_GATEWAY, name="api gateway"), "lower-case letters"),
    "an environment with a dash": (lambda: Environment(name="pre-prod", production=False), "letters and digits"),
    "a path without a slash": (lambda: Endpoint(path="health"), "begins with a slash"),
    "a counter without _total": (lambda: counter("requests", "-"), "ends in _total"),
    "a metric with a dash": (lambda: gauge("active-users", "-"), "letters, digits and underscores"),
    "a label that Prometheus sets": (lambda: gauge("a", "-", Label("instance", 5)), "Prometheus sets instance itself"),
    "a label twice": (lambda: gauge("a", "-", Label("b", 5), Label("b", 5)), "named twice"),
    "a label without room": (lambda: Label("method", 0), "at least 1"),
    "more values than the bound": (lambda: Label("method", 1, values=("GET", "PUT")), "2 values but a bound of 1"),
    "buckets that fall": (lambda: histogram("a", "-", buckets="2 1"), "buckets rise"),
    "a histogram without buckets": (lambda: replace(HTTP_REQUEST_DURATION, buckets=()), "a histogram has buckets"),
    "a gauge with buckets": (lambda: replace(DB_POOL_SIZE, buckets=(Decimal(1),)), "a histogram has buckets"),
    "an objective of 1": (lambda: replace(AVAILABILITY, objective=Decimal(1)), "between 0 and 1"),
    "an objective in percent": (lambda: replace(AVAILABILITY, objective=Decimal("99.5")), "between 0 and 1"),
    "availability of what has no status": (lambda: Availability(requests=DB_POOL_SIZE), "has no status label"),
    "latency of a counter": (lambda: Latency(durations=HTTP_REQUESTS, within=Decimal(1)), "is no histogram"),
    "latency between buckets": (
        lambda: Latency(durations=HTTP_REQUEST_DURATION, within=Decimal("1.2")),
        "has no bucket at 1.2 s",
    ),
    "logs kept for an hour": (lambda: replace(AUDIT, retention=hours(1)), "less than a day"),
    "logs kept for no reason": (lambda: replace(AUDIT, basis=""), "on which basis"),
    "logs of no volume": (lambda: replace(AUDIT, gigabytes_a_day=Decimal(0)), "more than 0 GB"),
    "a log class with a dash": (lambda: replace(AUDIT, name="au-dit"), "a dash would split"),
    "a journey from nowhere": (lambda: replace(HEALTH, locations=()), "runs from no location"),
    "a request from a phone": (lambda: replace(HEALTH, devices=("chrome.mobile_small",)), "made by no device"),
    "a browser without a device": (lambda: replace(FIND_MP, devices=()), "runs on a device"),
    "a click before a page": (lambda: replace(FIND_MP, script=(Click(selector="a"),)), "first visits a page"),
    "a dashboard's uid with blanks": (lambda: Board("my board", "-"), "uid is at most 40"),
    "a job with an underscore": (lambda: replace(APPLICATION, job="open_policy"), "lower-case letters"),
    "a team twice": (lambda: replace(CATALOGUE, teams=(*CATALOGUE.teams, PLATFORM)), "teams named twice: platform"),
    "a service of an unknown team": (
        lambda: replace(
            CATALOGUE,
            services=(
                *CATALOGUE.services,
                Service(name="x", team=Team(name="y", mission="-", tickets_wait=True), purpose="-"),
            ),
        ),
        "y is not among the teams",
    ),
    "an objective for an unknown service": (
        lambda: replace(
            CATALOGUE, slos=(replace(AVAILABILITY, service=Service(name="x", team=PLATFORM, purpose="-")),)
        ),
        "service x is used but not among the services",
    ),
    "a metric of ours without a bound": (
        lambda: replace(CATALOGUE, metrics=(gauge("a", "-", Label("b")),)),
        "metric a: b has no bound",
    ),
    "a job twice": (lambda: replace(CATALOGUE, exporters=(*CATALOGUE.exporters, APPLICATION)), "named twice"),
    "a last resort that is no team": (
        lambda: replace(CATALOGUE, last_resort=Team(name="z", mission="-", tickets_wait=False)),
        "the last resort, z",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_nonsense_is_refused(case: str) -> None:
    make, complaint = REFUSALS[case]
    with pytest.raises(ValueError) as refused:  # noqa: PT011 the sentence is compared below
        make()
    assert complaint in str(refused.value)


def test_a_mistake_says_where_what_and_how_to_mend_it() -> None:
    assert str(Problem("a.b", "is wrong", "mend it")) == "a.b: is wrong; mend it"
    assert nearest("retension", ["retention", "replicas"]) == "did you mean retention?"
    assert nearest("xyz", ["b", "a"]) == "known are a, b"
    assert nearest("GRAFANA", ["grafana"]) == "did you mean grafana?"
