"""A line is one JSON object with the schema's fields, its class, its ids, and nothing that must not leave."""

import logging
import os
from typing import Any

import pytest
from opentelemetry import trace
from structlog.contextvars import bound_contextvars

import telemetry
from catalogue.logs import LOG_CLASSES
from telemetry import logs, output
from telemetry.events import Outcome
from telemetry.output import Output
from telemetry.problems import STRICT
from tests.telemetry.conftest import Written

log = telemetry.logger("test")


def test_a_line_has_the_schema_s_fields(written: Written) -> None:
    log.info("bill created", bill_id=7, **{"http.request.method": "POST", "event.duration": 1_000})
    line = written.line
    assert line.pop("@timestamp").endswith("Z")
    assert line == {
        "log": {"level": "info", "logger": "test"},
        "message": "bill created",
        "ecs": {"version": "9.1.0"},
        "http": {"request": {"method": "POST"}},
        "event": {"duration": 1_000},
        "labels": {"bill_id": "7", "log_class": "app"},
        "service": {"name": "api-gateway", "version": "1.2.3", "environment": "dev", "node": {"name": "pod-1"}},
    }


def test_unknown_fields_cannot_grow_an_index(written: Written) -> None:
    log.info("odd", payload={"a": {"b": 1}}, kubernetes={"pod": "mine"}, **{"data_stream.dataset": "audit"})
    assert set(written.line) == {"@timestamp", "log", "message", "ecs", "labels", "service"}
    assert all(isinstance(value, str) for value in written.line["labels"].values())


def test_a_field_that_is_no_object_can_be_written_over(written: Written) -> None:
    log.info("odd", **{"http": {"request": "GET"}, "http.request.method": "GET", "message": "mine"})
    assert written.line["http"]["request"] == {"method": "GET"}
    assert written.line["message"] == "odd"


def test_an_exception_is_one_line_of_class_error(written: Written) -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        log.exception("it failed")
    assert len(written.getvalue().splitlines()) == 1
    assert written.line["error"]["type"] == "ValueError"
    assert written.line["error"]["message"] == "two\nlines"
    assert "Traceback" in written.line["error"]["stack_trace"]
    assert (written.line["log"]["level"], written.line["labels"]["log_class"]) == ("error", "error")


def test_lines_of_libraries_take_the_same_way(written: Written) -> None:
    try:
        raise KeyError("x")
    except KeyError:
        logging.getLogger("library").exception("token=%s", "abcdef")
    assert written.line["message"] == "token=<redacted>"
    assert written.line["log"]["logger"] == "library"
    assert written.line["error"]["type"] == "KeyError"
    assert written.line["labels"]["log_class"] == "error"


@pytest.mark.usefixtures("spans")
def test_a_line_names_its_request_and_its_trace(written: Written) -> None:
    with bound_contextvars(**{"http.request.id": "r-1"}), trace.get_tracer("t").start_as_current_span("s") as span:
        log.info("within")
        logging.getLogger("library").warning("within too")
    number = f"{span.get_span_context().trace_id:032x}"
    assert {line["trace"]["id"] for line in written.lines} == {number}
    assert {line["http"]["request"]["id"] for line in written.lines} == {"r-1"}


SECRETS: list[tuple[str, Any]] = [
    ("password", "hunter2"),
    ("Authorization", "Bearer hunter2hunter2"),
    ("user_email", "jane@hunter2.ca"),
    ("note", "write to jane.hunter2@example.org"),
    ("note", "Authorization: Bearer hunter2hunter2"),
    ("note", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.hunter2"),
    ("note", "postgresql://api:hunter2@db/openpolicy"),
    ("note", 'client_secret="hunter2 with spaces"'),
    ("note", "?api_key=hunter2&q=x"),
    ("note", {"deep": [{"session_id": "hunter2"}]}),
    ("note", ["token: hunter2"]),
    ("user", {"password": "hunter2"}),
    ("url", {"original": "/x?access_token=hunter2"}),
    ("http.request.headers", {"cookie": "hunter2"}),
    ("note", Exception("password=hunter2")),
    ("note", b"password=hunter2"),
]


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_secrets_and_addresses_do_not_leave(written: Written, name: str, value: Any) -> None:
    log.info("line", **{name: value})
    assert written.lines
    assert b"hunter2" not in written.getvalue()


@pytest.mark.parametrize("text", ["password=hunter2", "mail jane.hunter2@example.org"])
def test_nor_in_messages_and_traces(written: Written, text: str) -> None:
    try:
        raise RuntimeError(text)
    except RuntimeError:
        log.exception(text)
    assert b"hunter2" not in written.getvalue()


@pytest.mark.parametrize("value", ["12:30", "a=b", "C-11", 42, "tokens are fine", "https://openpolicy.ca/bills", None])
def test_what_is_harmless_stays(written: Written, value: Any) -> None:
    log.info("line", note=value, tokens_used=42)
    assert written.line["labels"].get("note") == (None if value is None else str(value))
    assert written.line["labels"]["tokens_used"] == "42"


def library() -> logging.Logger:
    """A library's logger without pytest's handlers, which raise what ours survives."""
    made = logging.getLogger("library.alone")
    made.handlers, made.propagate = (
        [each for each in logging.root.handlers if "telemetry" in type(each).__module__],
        False,
    )
    return made


class Hostile:
    def __str__(self) -> str:
        raise RuntimeError("hunter2")


@pytest.mark.parametrize("value", [Hostile(), float("nan"), "\ud800", {"x": {1, 2}}, "é" * 10, object()])
def test_whatever_is_logged_is_a_line(written: Written, value: Any) -> None:
    log.info("line", note=value)
    library().info("%s %s", value, value)
    assert len(written.lines) == 2
    assert b"hunter2" not in written.getvalue()


def test_what_holds_itself_ends(written: Written) -> None:
    circle: dict[str, Any] = {}
    circle["again"] = circle
    log.info("line", note=circle)
    assert written.line["message"] == "line"


def test_wrong_arguments_of_a_library_are_a_line(written: Written) -> None:
    library().info("%d", "x")
    assert "could not be made" in written.line["message"]


def test_a_line_fits_a_runtime(written: Written) -> None:
    log.info("x" * 100_000)
    assert len(written.getvalue()) < 16_384


def test_a_closed_stream_breaks_nothing(written: Written) -> None:
    written.close()
    log.info("nobody reads")


def test_lines_that_nobody_took_are_told_when_somebody_reads_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_PATIENCE_MS", 10)
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb") as stream:
        out = Output(stream)
        line = b"x" * 10_000
        taken = [out.write(line) for _ in range(20)]
        assert taken.index(False) == sum(taken), "once nobody reads, every line is dropped"
        assert out.lost == 20 - sum(taken)
        found = os.read(pipe.fileno(), 1 << 20)
        assert not found.endswith(b"\n"), "the last line was cut off"
        assert out.write(b"next")
        found += os.read(pipe.fileno(), 1 << 20)
        assert found.splitlines() == [line] * sum(taken) + [found.splitlines()[-2], b"next"]


def test_what_is_lost_is_told(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs._writing[-1]._output, "lost", 3)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    log.info("again")
    assert written.lines[-1]["message"] == "3 lines are lost: standard output was full, or nobody read it"


def test_an_audit_event_says_all_that_an_auditor_asks(written: Written) -> None:
    number = telemetry.audit(
        action="bill.update", outcome=Outcome.SUCCESS, user="u-1", target="bill/7", reason="typo", password="hunter2"
    )
    line = written.line
    assert line["labels"] == {
        "log_class": "audit", "target": "bill/7", "reason": "typo", "password": "<redacted>",
    }  # fmt: skip
    assert line["event"] == {"id": number, "kind": "event", "action": "bill.update", "outcome": "success"}
    assert line["user"] == {"id": "u-1"}


def test_no_level_hides_an_audit_event(written: Written) -> None:
    from telemetry import logs
    from tests.telemetry.conftest import IDENTITY

    logs.start(IDENTITY, level="CRITICAL", stream=written)
    log.error("hidden")
    telemetry.security(action="session.start", outcome=Outcome.FAILURE, user="u-1", target="session")
    assert written.line["labels"]["log_class"] == "security"


def test_an_incomplete_audit_event_is_a_mistake_and_still_written(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="never empty"):
        telemetry.audit(action="bill.update", outcome=Outcome.SUCCESS, user="", target="bill/7")
    assert written.line["user"] == {"id": "unknown"}
    monkeypatch.delenv(STRICT)
    telemetry.audit(action="bill.update", outcome=Outcome.SUCCESS, user="", target="bill/7")
    assert len(written.of("audit")) == 2


@pytest.mark.parametrize("field", ["log_class", "_class", "labels"])
def test_no_caller_can_choose_a_class(written: Written, field: str) -> None:
    log.info("mine", **{field: {"log_class": "audit"} if field == "labels" else "audit"})
    assert written.line["labels"]["log_class"] == "app"


def test_every_class_is_emitted(written: Written) -> None:
    from telemetry.exchange import Exchange

    log.info("app")
    log.error("error")
    telemetry.audit(action="a", outcome=Outcome.SUCCESS, user="u", target="t")
    telemetry.security(action="a", outcome=Outcome.SUCCESS, user="u", target="t")
    exchange = Exchange(method="GET", path="/", client=None, agent=None, request_id="")
    exchange.begin()
    exchange.end(endpoint="/", status=200)
    assert {line["labels"]["log_class"] for line in written.lines} == {each.name for each in LOG_CLASSES}
