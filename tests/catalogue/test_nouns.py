"""The nouns refuse nonsense; each case breaks one thing of a good value."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from catalogue import CATALOGUE
from catalogue.exporters import APPLICATION
from catalogue.journeys import FIND_MP, HEALTH, READ_A_BILL
from catalogue.logs import APP, AUDIT
from catalogue.metrics import DB_POOL_SIZE, HTTP_REQUEST_DURATION, HTTP_REQUESTS
from catalogue.model.board import Board
from catalogue.model.journey import Browser, Chain
from catalogue.model.logs import Floor, Keep
from catalogue.model.metric import Label, counter, gauge, histogram
from catalogue.model.ownership import Endpoint, Environment, Service, Team
from catalogue.model.problem import Problem, nearest
from catalogue.model.quantity import Bytes
from catalogue.model.scaling import Targets
from catalogue.model.slo import Availability, Latency
from catalogue.model.time import Duration, days, hours, minutes, seconds
from catalogue.prices import PRICES
from catalogue.scaling import API
from catalogue.services import API_GATEWAY, POSTGRESQL
from catalogue.sizes import SIZES
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


assert isinstance(FIND_MP.script, Browser)
assert isinstance(READ_A_BILL.script, Chain)
BROWSER, CHAIN = FIND_MP.script, READ_A_BILL.script

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
    "a counter that is shared out": (lambda: replace(HTTP_REQUESTS, shared_out=True), "only a gauge can be shared out"),
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
    "logs in one index for a quarter": (lambda: replace(AUDIT, rollover=days(90)), "an index is for 1d to 30d"),
    "logs moved while written": (lambda: replace(AUDIT, warm_at=days(29)), "is before the rollover"),
    "logs cold before they are warm": (lambda: replace(AUDIT, cold_at=days(30)), "is not after warm_at"),
    "a shard that never recovers": (lambda: replace(AUDIT, rollover_size=Bytes.parse("51Gi")), "takes too long"),
    "an archive for a year too many": (lambda: replace(AUDIT, searchable=days(2557)), "is not between"),
    "an archive of what must go": (lambda: replace(APP, searchable=days(10)), "this must go"),
    "logs deleted before they are moved": (lambda: replace(APP, warm_at=days(29)), "before it is moved"),
    "evidence on one node": (lambda: replace(AUDIT, replicas=0), "is lost with it"),
    "evidence by a tenth": (lambda: replace(AUDIT, samples=APP.samples), "is not sampled"),
    "a claim that anybody may make": (lambda: replace(AUDIT, senders=()), "needs senders"),
    "senders of the rest": (lambda: replace(APP, senders=AUDIT.senders), "no other has them"),
    "a sample of everything": (lambda: replace(APP.samples[0], kept=Decimal(1)), "a share below 1"),
    "a sample of nothing": (lambda: replace(APP.samples[0], values=()), "say of which values"),
    "two classes for the rest": (
        lambda: replace(CATALOGUE, log_classes=(*CATALOGUE.log_classes, replace(APP, name="other"))),
        "exactly one takes lines by rest",
    ),
    "a price that is paid back": (lambda: replace(PRICES.core, dollars=Decimal(-1)), "price of a core: not -1"),
    "a price that is no number": (lambda: replace(PRICES.core, dollars=Decimal("NaN")), "price of a core"),
    "a price from nowhere": (lambda: replace(PRICES.core, source=""), "from somewhere"),
    "sizes of nothing": (lambda: replace(SIZES, sample=Decimal(0)), "sample is more than 0"),
    "a volume filled twice": (lambda: replace(SIZES, filled=Decimal(2)), "a share of it"),
    "a class twice": (
        lambda: replace(CATALOGUE, log_classes=(*CATALOGUE.log_classes, AUDIT)),
        "named twice: audit",
    ),
    "two archives": (
        lambda: replace(CATALOGUE, log_classes=(*CATALOGUE.log_classes, replace(AUDIT, name="other"))),
        "exactly one is archived and says how long it is searchable, not audit, other",
    ),
    "an archive of nothing": (
        lambda: replace(CATALOGUE, log_classes=tuple(each for each in CATALOGUE.log_classes if each != AUDIT)),
        "exactly one is archived and says how long it is searchable, not none",
    ),
    "a class of what was refused": (lambda: replace(APP, name="dlq"), "the stream of lines that were refused"),
    "logs with four mistakes": (
        lambda: replace(AUDIT, basis="", replicas=0, cold_at=days(30), samples=APP.samples),
        "cold_at 30d is not after warm_at, 30d; evidence on one node is lost with it; what must be kept is not sampled",
    ),
    "evidence for less than the law": (
        lambda: replace(AUDIT, retention=days(2556)),
        "less than the 2557d demanded: Ret",
    ),
    "evidence without a law": (lambda: replace(AUDIT, floor=None), "a minimum rests on a floor: say what demands it"),
    "a law for what must go": (lambda: replace(APP, floor=AUDIT.floor), "what must be kept has no maximum"),
    "evidence that must go": (lambda: replace(AUDIT, meaning=Keep.AT_MOST), "what must be kept has no maximum"),
    "a floor on no basis": (lambda: Floor(at_least=days(30), basis=""), "on which basis"),
    "a log class with a dash": (lambda: replace(AUDIT, name="au-dit"), "a dash would split"),
    "a journey from nowhere": (lambda: replace(HEALTH, locations=()), "runs from no location"),
    "a journey from a city": (lambda: replace(HEALTH, locations=("Toronto",)), "Toronto is no location"),
    "a journey that cannot fail": (lambda: replace(HEALTH, failing_locations=3), "3 of its locations cannot fail"),
    "a journey every ten seconds": (lambda: replace(HEALTH, every=seconds(10)), "at most every 30s"),
    "a browser every half minute": (lambda: replace(FIND_MP, every=seconds(30)), "at most every 1m"),
    "a journey every month": (lambda: replace(HEALTH, every=days(30)), "at least every 7d"),
    "a browser that tries thrice": (lambda: replace(FIND_MP, retries=3), "tried again at most 2 times"),
    "a browser without a device": (lambda: replace(BROWSER, devices=()), "a device to take them on"),
    "a browser without steps": (lambda: replace(BROWSER, steps=()), "has steps to take"),
    "a chain of one": (lambda: Chain(calls=CHAIN.calls[:1]), "a chain is two calls or more"),
    "a call that needs what comes later": (lambda: Chain(calls=CHAIN.calls[::-1]), "keeps BILL_ID"),
    "an autoscaler of a database": (lambda: replace(API, service=POSTGRESQL), "postgresql is not ours to scale"),
    "a load that is a level": (lambda: replace(API.load, counter=DB_POOL_SIZE), "is no counter"),
    "a load without a label": (lambda: replace(API.load, without={"path": "/"}), "has no label path"),
    "a load with a dash": (lambda: replace(API.load, name="requests-per-second"), "letters, digits and underscores"),
    "a step to nowhere": (lambda: replace(API.up.steps[0], value=0), "a step of 0 percent leads nowhere"),
    "a step of an hour": (lambda: replace(API.up.steps[0], period=hours(1)), "between 1s and 30m, not 1h"),
    "a pace without steps": (lambda: replace(API.up, steps=()), "never moves"),
    "a pace that settles in a day": (lambda: replace(API.up, settle=days(1)), "within an hour, not 1d"),
    "more pods at least than at most": (
        lambda: Targets(least=5, most=3, cpu_percent=70, memory_percent=80, load=None),
        "5 pods at least and 3 at most",
    ),
    "two autoscalers of one service": (
        lambda: replace(CATALOGUE, autoscalers=(API, replace(API, name="another"))),
        "scaled services named twice: api-gateway",
    ),
    "an autoscaler by a metric of nobody": (
        lambda: replace(
            CATALOGUE,
            autoscalers=(replace(API, load=replace(API.load, counter=counter("x_total", "-"), without={})),),
        ),
        "autoscaler openpolicy-api: x_total is no metric of ours",
    ),
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
