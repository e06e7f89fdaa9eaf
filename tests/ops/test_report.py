"""`python -m ops report`: from what real servers answered, and from what they could answer."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from components.wiring.core import routes
from ops.plan.run import settings_of
from ops.report.ask import Asked
from ops.report.episodes import Episode, episodes, incidents, told
from ops.report.model import Period, Report, Section, Table
from ops.report.noise import is_night
from ops.report.pages import documents
from ops.report.trends import daily, says, trend
from ops.sources.alertmanager import Silence
from ops.sources.prometheus import Series
from ops.sources.server import PROMETHEUS, Server, UnreadError
from tests.support.reports import END, empty, made

MINUTE = timedelta(minutes=1)
SECTIONS = ["Summary", "Availability", "Latency", "Error budget", "Incidents", "Alert noise", "Time to resolve",
            "Capacity", "Cost"]  # fmt: skip


def text(report: Report) -> str:
    return next(text for name, text in documents(report).items() if name.endswith(".md"))


def rows(report: Report, title: str) -> list[list[str]]:
    found = next(each for each in report.sections if each.title == title)
    return [list(row) for block in found.blocks if isinstance(block, Table) for row in block.rows]


@pytest.mark.parametrize("name", ["weekly", "monthly"])
def test_a_report_has_every_section_of_the_requirement(name: str) -> None:
    titles = [each.title for each in made(name).sections]
    assert titles == (SECTIONS if name == "weekly" else [*SECTIONS, "Improvements", "Planned improvements"])


def test_the_week_is_told_as_it_was_recorded() -> None:
    week = made("weekly")
    assert rows(week, "Availability")[0][:4] == ["api-gateway", "99.50%", "99.756%", "0.244%"]
    assert rows(week, "Latency")[0][:2] == ["api-gateway", "P95 within 1 s"]
    noise = {row[0]: row[2:] for row in rows(week, "Alert noise")}
    # Told, pages, at night, actionable, not actionable: the one of 7 minutes was over by itself.
    assert noise["HighErrorRate"] == ["2", "2", "0", "1", "1"]
    assert noise["RedisDown"] == ["1", "1", "1", "1", "0"]
    assert noise["PostgreSQLConnectionsHigh"] == ["4", "0", "0", "2", "2"]
    assert ["HighErrorRate", "2", "20 min", "33 min"] in rows(week, "Time to resolve")


def test_nothing_recorded_is_told_section_by_section_and_is_never_a_zero() -> None:
    report = made("weekly", empty())
    for each in report.sections[1:]:
        assert any((isinstance(block, str) and block.split(": ")[-2:][0].endswith("No data")) or
                   (isinstance(block, str) and "No data" in block) for block in each.blocks), each.title  # fmt: skip
        if each.title != "Cost":
            assert each.summary == "no data"
            assert not [block for block in each.blocks if isinstance(block, Table)]


def test_html_needs_nothing_beside_it_and_labels_are_no_markup() -> None:
    files = documents(made("weekly"))
    page = next(text for name, text in files.items() if name.endswith(".html"))
    assert page.count("data:image/svg+xml;base64,") == len([name for name in files if name.endswith(".svg")]) == 6
    assert page.count("<table>") == text(made("weekly")).count("\n|---")
    assert 'src="' not in page.replace('src="data:', "")
    evil = Table(headings=["Alert"], rows=[["<script>a|b</script>"]])
    files = documents(Report(stack="prod", period=asked().period, sections=[Section(title="<i>", blocks=[evil])]))
    page = next(text for name, text in files.items() if name.endswith(".html"))
    assert "<script>" not in page
    assert "<i>" not in page
    assert "a|b" in page


def asked(answer: Any = None) -> Asked:
    transport = httpx.MockTransport(answer) if answer else empty()
    return Asked(
        prometheus=Server(kind=PROMETHEUS, address="http://prometheus", transport=transport),
        period=Period(name="weekly", end=END),
    )


def test_a_long_course_is_asked_for_in_parts_that_do_not_overlap() -> None:
    spans: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        start, end, step = (request.url.params[name] for name in ("start", "end", "step"))
        spans.append((start, end))
        first, last = (datetime.fromisoformat(each).timestamp() for each in (start, end))
        points = [[at, "1"] for at in range(int(first), int(last) + 1, int(step))]
        assert len(points) <= 11_000, "Prometheus refuses more"
        return httpx.Response(200, json={"data": {"result": [{"metric": {"a": "b"}, "values": points}]}})

    from alerts.library.recordings import REQUESTS

    (course,) = Asked(prometheus=asked(answer).prometheus, period=Period(name="monthly", end=END)).every_minute(
        REQUESTS.now
    )
    times = [at for at, _ in course.points]
    assert len(spans) == 5
    assert len(times) == len(set(times)) == 30 * 24 * 60 + 1


@pytest.mark.parametrize(
    ("answer", "says_so"),
    [
        (httpx.Response(503, text="starting"), "answers 503: starting"),
        (httpx.Response(200, text="<html>sign on"), "as no Prometheus does"),
        (httpx.Response(302, headers={"location": "https://sign-on"}), "answers 302"),
        (httpx.Response(404), "is it another server?"),
    ],
    ids=["unready", "a page", "a sign-on", "another server"],
)
def test_what_is_no_answer_is_one_sentence(answer: httpx.Response, says_so: str) -> None:
    from alerts.library.recordings import REQUESTS

    with pytest.raises(UnreadError) as error:
        asked(lambda _: answer).at_end(REQUESTS.now)
    assert says_so in str(error.value)
    assert "http://prometheus" in str(error.value)


def test_what_is_not_finite_is_no_value() -> None:
    from alerts.library.recordings import REQUESTS

    def answer(_: httpx.Request) -> httpx.Response:
        found = [{"metric": {}, "value": [0, value]} for value in ("NaN", "+Inf", "3")]
        return httpx.Response(200, json={"data": {"result": found}})

    assert [each.value for each in asked(answer).at_end(REQUESTS.now)] == [3.0]


def fired(name: str, began: datetime, minutes: int, **labels: str) -> Series:
    """An alert of the platform team."""
    known = {
        "__name__": "ALERTS",
        "alertstate": "firing",
        "alertname": name,
        "team": "platform",
        "severity": "critical",
    }
    return Series(labels=known | labels, points=[(began + MINUTE * each, 1.0) for each in range(minutes)])


NOON = END - timedelta(days=2, hours=12)


def test_an_episode_ends_where_the_gap_is_longer_than_alertmanager_waits() -> None:
    course = fired("HighErrorRate", NOON, 10)
    later = [(at + timedelta(minutes=14), value) for at, value in course.points]
    much_later = [(at + timedelta(minutes=40), value) for at, value in course.points]
    found = episodes([Series(labels=course.labels, points=[*course.points, *later, *much_later])])
    assert [each.end - each.start for each in found] == [timedelta(minutes=24), timedelta(minutes=10)]


def of(*courses: Series, silences: tuple[Silence, ...] = ()) -> tuple[list[Episode], list[Any]]:
    config = routes(settings_of("prod"))
    found = told(episodes(courses), config, silences)
    return found, incidents(found, config, asked())


def test_alerts_of_one_group_are_one_incident() -> None:
    where = {"service": "api-gateway", "namespace": "openpolicy"}
    _, found = of(
        fired("ServiceDown", NOON, 20, instance="a", **where),
        fired("ServiceDown", NOON + 5 * MINUTE, 30, instance="b", **where),
        fired("ServiceDown", NOON, 10, instance="c", service="scraper", namespace="openpolicy"),
    )
    assert [(each.name, len(each.alerts), each.lasted) for each in found] == [
        ("ServiceDown", 2, timedelta(minutes=35)),
        ("ServiceDown", 1, timedelta(minutes=10)),
    ]


def test_a_ticket_beside_its_page_is_held_back() -> None:
    where = {"service": "api-gateway", "namespace": "openpolicy", "instance": "a"}
    found, told_of = of(
        fired("HighErrorRate", NOON, 20, **where),
        fired("HighErrorRate", NOON + MINUTE, 20, **(where | {"severity": "warning"})),
    )
    assert [each.held_back for each in found] == ["", "held back"]
    assert len(told_of) == 1


def test_what_was_silenced_nobody_was_told() -> None:
    silence = Silence.model_validate(
        {
            "matchers": [{"name": "alertname", "value": "High.*", "isRegex": True, "isEqual": True}],
            "startsAt": (NOON - MINUTE).isoformat(),
            "endsAt": (NOON + MINUTE).isoformat(),
        }
    )
    found, told_of = of(
        fired("HighErrorRate", NOON, 5), fired("HighErrorRate", NOON + timedelta(hours=2), 5), silences=(silence,)
    )
    assert [each.held_back for each in found] == ["silenced", ""]
    assert len(told_of) == 1


def test_what_goes_on_or_began_before_has_no_length() -> None:
    _, found = of(
        fired("HighErrorRate", END - timedelta(days=7), 30), fired("RedisDown", END - 10 * MINUTE, 11, team="database")
    )
    assert [(each.name, each.clipped, each.end is None, each.lasted) for each in found] == [
        ("HighErrorRate", True, False, None),
        ("RedisDown", False, True, None),
    ]


@pytest.mark.parametrize(
    ("hour", "zone", "night"),
    [(3, "UTC", True), (21, "UTC", False), (22, "UTC", True), (7, "UTC", False), (3, "America/Toronto", True),
     (10, "America/Toronto", True), (12, "America/Toronto", False), (15, "Asia/Tokyo", True)],
)  # fmt: skip
def test_night_is_where_the_team_is(hour: int, zone: str, night: bool) -> None:  # noqa: FBT001
    assert is_night(datetime(2025, 6, 2, hour, tzinfo=UTC), zone) is night


def line(*, rises: float, noise: float = 0.0, days: int = 30) -> list[tuple[float, float]]:
    return [(-day - 0.5, 0.5 - rises * day + noise * math.sin(day * 7.3)) for day in range(days)][::-1]


def test_a_line_is_full_when_it_says() -> None:
    found = trend(line(rises=0.01))
    assert found is not None
    assert found.slope == pytest.approx(0.01)
    assert says(found, 30, END) == "2025-07-21 (2025-07-21 to 2025-07-21)"


def test_a_noisy_line_is_full_between_two_days_that_hold_the_truth() -> None:
    found = trend(line(rises=0.01, noise=0.05))
    assert found is not None
    assert found.low < 0.01 < found.high
    told_of = says(found, 30, END)
    soonest, latest = told_of.partition("(")[2].rstrip(")").split(" to ")
    assert soonest < "2025-07-21" < latest


@pytest.mark.parametrize(
    ("means", "said"),
    [
        (line(rises=0, noise=0.1), "no trend"),
        (line(rises=-0.01), "it falls"),
        (line(rises=0.001), "not within a year"),
        (line(rises=0.01, days=6), "too little data: 6 of 7 days"),
        ([], "too little data: 0 of 7 days"),
        ([(day, 1.0) for day in range(-10, 0)], "full"),
    ],
    ids=["noise", "falling", "slow", "short", "nothing", "full"],
)
def test_where_nobody_can_say_it_says_why(means: list[tuple[float, float]], said: str) -> None:
    assert says(trend(means), len(means), END) == said


def test_one_outlier_does_not_bend_the_line() -> None:
    means = line(rises=0.01)
    means[10] = (means[10][0], 0.99)
    found = trend(means)
    assert found is not None
    assert found.slope == pytest.approx(0.01, rel=0.05)


def test_days_are_counted_back_from_the_last_point() -> None:
    points = [(END - timedelta(hours=6 * each), float(each)) for each in range(8)][::-1]
    assert daily(points) == [(-1.5, 5.5), (-0.5, 1.5)]


def test_usage_is_refused_before_anybody_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    from ops.report.__main__ import main

    for given in (
        ["daily"],
        ["weekly", "--end", "2999-01-01"],
        ["weekly", "--end", "soon"],
        ["weekly", "--end", "900y"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(given)
        assert ended.value.code == 2
    assert main(["weekly", "prdo"]) == 2
    assert "did you mean prod?" in capsys.readouterr().err


def test_a_drawing_library_is_imported_for_drawings_alone() -> None:
    import subprocess
    import sys

    code = (
        "import gc; gc.disable(); import sys, ops.report.make, ops.report.__main__; print('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
