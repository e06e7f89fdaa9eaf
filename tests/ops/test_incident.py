"""One line of time out of four sources, whichever of them answer."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from ops.__main__ import main as ops
from ops.incident.__main__ import main
from ops.incident.alerts import spells
from ops.incident.gather import Sources, of_window
from ops.incident.measures import MEASURES
from ops.incident.model import Incident, Moment, Part, Source, Weight
from ops.incident.shown import headline, page
from ops.shown.words import printable
from ops.sources.elasticsearch import errors_query, lines_query
from ops.sources.prometheus import Series
from ops.sources.server import ALERTMANAGER, ELASTICSEARCH, JAEGER, PROMETHEUS, Kind, Server, UnreadError
from ops.sources.times import Window, instant
from tests.support.elasticsearch import StandIn
from tests.support.recorded import recorded, sources

RECORDED = recorded()
ANSWERS, TRACE = RECORDED["answers"], RECORDED["trace"]
FROM, TO = instant(RECORDED["from"]), instant(RECORDED["to"])
WINDOW = Window(start=FROM, end=TO)
ASKED = ["--from", RECORDED["from"], "--to", RECORDED["to"]]
KINDS = [JAEGER, PROMETHEUS, ALERTMANAGER, ELASTICSEARCH]


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, without: Kind | None = None) -> tuple[int, Any]:
    status = main([*arguments, "--json"], sources=sources(ANSWERS, without=without), now=TO)
    return status, json.loads(capsys.readouterr().out)


def whats(found: Mapping[str, Any], source: str) -> list[str]:
    return [each["what"] for each in found["timeline"] if each["source"] == source]


def test_a_time_is_told_by_all_four_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    status, found = shown(capsys, *ASKED)
    assert status == 0
    assert found["not_read"] == []
    times = [each["at"] for each in found["timeline"]]
    assert times == sorted(times)
    assert {each["source"] for each in found["timeline"]} == {"alert", "metric", "log", "trace"}
    alerts = whats(found, "alert")
    # What is over is known to Prometheus alone, what is not to both: each is told once.
    assert sum(each.startswith("HighErrorRate fires (critical, platform team)") for each in alerts) == 1
    assert any(", told to " in each for each in alerts)
    assert any("requests answered with a server error: above 0.5%" in each for each in whats(found, "metric"))
    assert any("RuntimeError" in each for each in whats(found, "log"))
    assert any("failed" in each for each in whats(found, "trace"))
    assert any(each["url"].endswith("/alerts/HighErrorRate") for each in found["links"])


def test_the_first_sign_is_before_the_first_page(capsys: pytest.CaptureFixture[str]) -> None:
    _, found = shown(capsys, *ASKED)
    first = next(each for each in found["timeline"] if each["weight"] != "calm")
    assert first["what"] in found["headline"]
    assert first["source"] != "alert"


def test_a_request_is_told_from_its_span_to_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    status, found = shown(capsys, "--trace-id", TRACE)
    assert status == 0
    own = [each for each in found["timeline"] if each["trace"] == TRACE]
    assert {each["source"] for each in own} == {"trace", "log"}
    assert whats(found, "alert")
    # What is still to come is not asked for: Prometheus would answer with what it knew last.
    assert instant(found["to"]) <= TO
    assert found["slowest_trace"] == TRACE


@pytest.mark.parametrize("missing", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("asked", [ASKED, ["--trace-id", TRACE, *ASKED]], ids=["time", "trace"])
def test_what_does_not_answer_is_named_and_the_rest_is_told(
    missing: Kind, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = shown(capsys, *asked, without=missing)
    assert status == 3
    (said,) = found["not_read"]
    assert said == f"{missing.name} at http://{missing.name.lower()} does not answer: [Errno 111] Connection refused"
    assert {each["source"] for each in found["timeline"]} >= {"alert", "metric", "log", "trace"} - {
        {"Jaeger": "trace", "Prometheus": "metric", "Alertmanager": "", "Elasticsearch": "log"}[missing.name]
    }
    main(asked, sources=sources(ANSWERS, without=missing), now=TO)
    assert f"Not read: {said}" in capsys.readouterr().out


def nobody() -> Sources:
    silent = {kind.name.lower(): Server(kind=kind, address=None) for kind in KINDS}
    return Sources(**silent)


def test_where_nothing_answers_it_is_refused_with_every_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ASKED, sources=nobody()) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in said] == ["Prometheus", "Alertmanager", "Elasticsearch", "Jaeger"]
    assert main(["--trace-id", TRACE], sources=nobody()) == 1
    assert "Nobody could be asked for trace" in capsys.readouterr().err
    with pytest.raises(UnreadError):
        of_window(nobody(), WINDOW)


def test_what_to_look_at_has_to_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        ops(["incident"])
    assert ended.value.code == 2
    assert "--trace-id, or --from" in capsys.readouterr().err
    assert main(["--from", RECORDED["to"], "--to", RECORDED["from"]], sources=nobody()) == 2


def series(*seconds: int) -> Series:
    return Series(labels={}, points=[(FROM + timedelta(seconds=each), 1.0) for each in seconds])


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (range(10, 20), [(10, 19)]),
        (range(20), [(None, 19)]),
        (range(10, 101), [(10, None)]),
        (range(101), [(None, None)]),
        ([*range(10, 20), *range(50, 60)], [(10, 19), (50, 59)]),
        ([], []),
    ],
    ids=["within", "since before", "to the end", "all the time", "twice", "never"],
)
def test_when_an_alert_began_and_ended(points: list[int], expected: list[tuple[int | None, int | None]]) -> None:
    window = Window(start=FROM, end=FROM + timedelta(seconds=100))

    def at(seconds: int | None) -> datetime | None:
        return None if seconds is None else FROM + timedelta(seconds=seconds)

    assert [*spells(series(*points), window)] == [(at(start), at(end)) for start, end in expected]


def moment(what: str, **changes: Any) -> Moment:
    given: dict[str, Any] = {"at": FROM, "source": Source.LOG, "weight": Weight.NOTABLE, "service": "a", "what": what}
    return Moment(**given | changes)


def test_an_alert_that_two_tell_of_is_told_once_by_who_knows_more() -> None:
    near, far = FROM + timedelta(seconds=2), FROM + timedelta(seconds=20)
    made = [
        moment("fires, told", begins="x"),
        moment("fires", at=near, begins="x", exact=False),
        moment("fires again", at=far, begins="x", exact=False),
        moment("another fires", at=near, begins="y", exact=False),
    ]
    found = Incident(window=WINDOW, trace_id=None, parts=[Part(moments=made)])
    assert [each.what for each in found.moments] == ["fires, told", "another fires", "fires again"]


def test_what_others_wrote_can_do_nothing_to_a_terminal_or_a_page() -> None:
    evil = "\x1b[2J\x07a\nb | <img src=x> @everyone `x` [click](http://evil)"
    assert printable(evil) == "[2J a b | <img src=x> @everyone `x` [click](http://evil)"
    made = page(Incident(window=WINDOW, trace_id=None, parts=[Part(moments=[moment(evil)])]))
    (row,) = [line for line in made.splitlines() if line.startswith("|") and "everyone" in line]
    assert row.replace("\\|", "").count("|") == 6
    assert "\\<img" in row
    assert "@everyone" not in row
    assert "[click]" not in row


def test_calm_is_said_as_calm() -> None:
    made = Incident(window=WINDOW, trace_id=None, parts=[Part(moments=[moment("m", weight=Weight.CALM)])])
    assert headline(made).endswith("1 moment, 0 alerts; all calm")
    assert "Nothing happened" in page(Incident(window=WINDOW, trace_id=None, parts=[Part()]))


def test_every_measure_s_query_is_promql() -> None:
    import promql_parser

    for each in MEASURES:
        promql_parser.parse(each.query)


def test_the_stand_in_refuses_what_it_does_not_know() -> None:
    stand_in = StandIn(list)
    for body, status in ((errors_query(WINDOW), 200), (lines_query(TRACE), 200), ({"size": 1, "quary": {}}, 400)):
        request = httpx.Request("POST", "http://here/logs-openpolicy.error-*/_search", json=body)
        assert stand_in.answer(request).status_code == status


def test_what_was_recorded_is_of_real_servers_but_one() -> None:
    kinds = {each.partition(" ")[0] for each in ANSWERS}
    assert kinds == {"Jaeger", "Prometheus", "Alertmanager", "Elasticsearch"}
    assert FROM.astimezone(UTC) < TO
