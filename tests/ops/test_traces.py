"""Where the time of traces goes, and what is said about them."""

import json
from collections.abc import Sequence
from itertools import pairwise

import httpx
import pytest

from ops.sources import jaeger
from ops.sources.server import ELASTICSEARCH, JAEGER, Server, UnreadError, server
from ops.sources.times import Window, instant
from ops.traces.__main__ import main
from ops.traces.breakdown import breakdown
from ops.traces.critical import critical_path, own_seconds
from ops.traces.model import Span, Trace, traces
from tests.support.recorded import recorded, sources

SECOND = 1_000_000_000
RECORDED = recorded()
FROM, TO = RECORDED["from"], RECORDED["to"]


def span(number: str, parent: str, start: float, end: float, *, failed: bool = False, trace: str = "t") -> Span:
    return Span(
        trace=trace,
        number=number,
        parent=parent,
        service="api",
        operation=number,
        start=int(start * SECOND),
        end=int(end * SECOND),
        failed=failed,
    )


def one(*spans: Span) -> Trace:
    (made,) = traces(spans)
    return made


def path(*spans: Span) -> list[tuple[str, float, float]]:
    return [(each.span.number, each.start / SECOND, each.end / SECOND) for each in critical_path(one(*spans))]


ROOT = span("root", "", 0, 10)


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ([], [("root", 0, 10)]),
        ([("a", 1, 4), ("b", 5, 9)], [("root", 0, 1), ("a", 1, 4), ("root", 4, 5), ("b", 5, 9), ("root", 9, 10)]),
        # Side by side: only what ended last was waited for.
        ([("a", 1, 4), ("b", 1, 9)], [("root", 0, 1), ("b", 1, 9), ("root", 9, 10)]),
        # Overlapping: before the last began, nobody waited for it.
        ([("a", 1, 6), ("b", 5, 9)], [("root", 0, 5), ("b", 5, 9), ("root", 9, 10)]),
        # It goes on after the answer.
        ([("a", 8, 14)], [("root", 0, 8), ("a", 8, 10)]),
        # Another machine's clock.
        ([("a", -1, 4)], [("a", 0, 4), ("root", 4, 10)]),
        ([("a", 11, 14)], [("root", 0, 10)]),
    ],
    ids=["alone", "in turn", "side by side", "overlapping", "outliving", "before its parent", "after its parent"],
)
def test_the_critical_path_is_what_was_waited_for(
    within: Sequence[tuple[str, float, float]], expected: Sequence[tuple[str, float, float]]
) -> None:
    assert path(ROOT, *(span(name, "root", start, end) for name, start, end in within)) == expected


def test_the_critical_path_has_neither_gap_nor_overlap_however_deep_it_goes() -> None:
    deep = [ROOT, *(span(f"{n}", f"{n - 1}" if n > 1 else "root", n / 1000, 10 - n / 1000) for n in range(1, 4000))]
    steps = path(*deep)
    assert steps[0][1] == 0
    assert steps[-1][2] == 10
    assert all(before[2] == after[1] for before, after in pairwise(steps))
    assert sum(end - start for _, start, end in steps) == pytest.approx(10)


@pytest.mark.parametrize(
    "spans",
    [
        [span("a", "b", 0, 5), span("b", "a", 1, 4)],
        [span("a", "a", 0, 5)],
        [span("a", "gone", 0, 5), span("b", "gone", 1, 9)],
        [ROOT, span("root", "", 0, 10), span("a", "root", 1, 2), span("a", "root", 1, 2)],
        [span("a", "", 3, 3)],
    ],
    ids=["a circle", "its own parent", "no root", "sent twice", "no time at all"],
)
def test_strange_traces_are_read(spans: Sequence[Span]) -> None:
    trace = one(*spans)
    assert len({each.number for each in trace.spans}) == len(trace.spans)
    assert sum(each.seconds for each in critical_path(trace)) == pytest.approx(trace.root.seconds)
    assert breakdown([trace])


def test_a_trace_without_its_request_says_so() -> None:
    assert one(ROOT, span("a", "root", 1, 2)).whole
    assert not one(span("a", "root", 1, 2), span("b", "root", 1, 3)).whole
    assert one(span("a", "root", 1, 2), span("b", "root", 1, 3)).root.number == "b"


def test_own_time_is_that_without_anything_within_counted_once() -> None:
    trace = one(ROOT, span("a", "root", 1, 5), span("b", "root", 3, 6), span("c", "a", 2, 3), span("d", "root", 9, 12))
    assert own_seconds(trace, ROOT) == pytest.approx(4)
    by_name = {each.name: each for each in breakdown([trace])}
    assert by_name["a"].own == pytest.approx(3)
    assert sum(each.share for each in by_name.values()) == pytest.approx(1)


def test_recorded_traces_are_found_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["slow", "--service", "api-gateway", "--over", "1s", "--from", FROM, "--to", TO]
    source = sources(RECORDED["answers"]).jaeger
    assert main([*asked, "--json"], source=source) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["traces"]
    assert all(each["seconds"] >= 1 for each in found["traces"])
    # What was broken was every query.
    assert found["operations"][0]["name"] == "SELECT openpolicy"
    assert found["operations"][0]["share"] > 0.5
    assert main(asked, source=source) == 0
    shown = capsys.readouterr().out
    assert "Where the time goes" in shown
    whole = next(each["trace_id"] for each in found["traces"] if each["whole"])
    assert f"Critical path of {whole}" in shown
    assert "\x1b" not in shown


def answering(status: int, body: object) -> Server:
    content = body if isinstance(body, str) else json.dumps(body)
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content))
    return Server(kind=JAEGER, address="http://jaeger", transport=transport)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (answering(500, {"error": "no store"}), 'Jaeger at http://jaeger answers 500: {"error": "no store"}'),
        (answering(302, ""), "Jaeger at http://jaeger answers 302"),
        (answering(404, ""), "Jaeger at http://jaeger has no /api/v3/services: is it another server?"),
        (answering(200, "<html>"), "answers /api/v3/services as no Jaeger does: Invalid JSON"),
        (answering(200, {"services": 3}), "answers /api/v3/services as no Jaeger does: services: "),
        (Server(kind=JAEGER, address=None), "Jaeger: no address. Give --jaeger URL or JAEGER_URL"),
        (Server(kind=JAEGER, address="http://127.0.0.1:1"), "Jaeger at http://127.0.0.1:1 does not answer: "),
        (Server(kind=JAEGER, address="127.0.0.1:1"), "Jaeger at 127.0.0.1:1 does not answer: "),
        (Server(kind=JAEGER, address="http://["), "Jaeger at http://[ does not answer: "),
        (Server(kind=ELASTICSEARCH, address="https://x", authority="/no/such"), "https://x does not answer: "),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_server_that_cannot_be_read_is_named_with_the_reason(source: Server, said: str) -> None:
    with pytest.raises(UnreadError) as raised:
        jaeger.services(source)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_addresses_and_logins_come_from_flags_and_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELASTICSEARCH_URL", "http://there")
    monkeypatch.setenv("ELASTICSEARCH_USERNAME", "me")
    assert server(ELASTICSEARCH, None).login is None
    monkeypatch.setenv("ELASTICSEARCH_PASSWORD", "secret")
    made = server(ELASTICSEARCH, None)
    assert (made.address, made.login) == ("http://there", ("me", "secret"))
    assert server(ELASTICSEARCH, "http://here").address == "http://here"
    assert server(JAEGER, "http://here").login is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "COMMAND"),
        (["slow"], "--service"),
        (["slow", "--service", "a", "--over", "1 s"], "is no duration"),
        (["slow", "--service", "a", "--from", "yesterday"], "is no time: write 2026-11-24T15:00 (UTC)"),
        (["slow", "--service", "a", "--limit", "0"], "between 1 and 1500"),
        (["slow", "--service", "a", "--last", "99999999999d"], "longer than anything"),
        (["show", "xyz"], "is no trace id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_usage_is_refused(arguments: Sequence[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_window_that_ends_before_it_begins_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slow", "--service", "a", "--from", TO, "--to", FROM], source=answering(200, {})) == 2
    assert "nothing lies between" in capsys.readouterr().err


def test_a_service_and_a_trace_that_nobody_knows_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    def known(request: httpx.Request) -> httpx.Response:
        found = request.url.path == "/api/v3/services"
        return httpx.Response(200, json={"services": ["scraper"]}) if found else httpx.Response(404)

    source = Server(kind=JAEGER, address="http://jaeger", transport=httpx.MockTransport(known))
    assert main(["slow", "--service", "scrapper"], source=source) == 1
    assert "no service 'scrapper'; it knows scraper" in capsys.readouterr().err
    assert main(["slow", "--service", "scraper"], source=source) == 0
    assert "scraper: 0 traces of 1.00 s or more" in capsys.readouterr().out
    assert main(["show", "abc"], source=source) == 1
    assert f"no trace {'abc'.zfill(32)}" in capsys.readouterr().err


def test_a_time_without_an_offset_is_utc_and_go_s_nanoseconds_are_read() -> None:
    assert instant("2026-11-24T15:00") == instant("2026-11-24T11:00-04:00")
    assert instant("2026-11-24T15:00:00.123456789Z").microsecond == 123456
    assert str(Window(start=instant("2026-11-24T23:59"), end=instant("2026-11-25T00:01"))) == (
        "2026-11-24 23:59:00 to 2026-11-25 00:01:00 UTC"
    )
