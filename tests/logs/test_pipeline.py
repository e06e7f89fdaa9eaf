"""Real lines walked to class, fields and stream. What is real of Logstash here, tests/support/logstash says."""

import json
import re
import time
from datetime import timedelta
from typing import Any

import pytest

from catalogue import CATALOGUE
from components.render.elastic.filebeat import TRACEBACK
from components.render.logs.pipelines import files, pipelines
from tests.support.lines import AUDIT, ERROR, LINES, NGINX, NOW, REQUEST, ecs
from tests.support.logstash.grammar import SyntaxWrongError, parse
from tests.support.logstash.logstash import Pipeline, shipped

FILES = files(CATALOGUE.log_classes)


def field(event: dict[str, Any], name: str) -> object:
    value: Any = event
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


@pytest.mark.parametrize("name", LINES)
def test_a_line_goes_where_it_belongs(ingest: Pipeline, name: str) -> None:
    line, pod, log_class, fields = LINES[name]
    made = ingest.run(shipped(line, pod=pod))
    assert made is not None
    event = made["event"]
    assert event["data_stream"] == {"type": "logs", "dataset": f"openpolicy.{log_class}", "namespace": "test"}
    assert made["sent"] == ["evidence" if log_class in ("audit", "security") else "lines"]
    assert {each: field(event, each) for each in fields} == fields
    assert event["service"]["name"] == pod
    assert event["service"]["environment"] == "test"
    assert event["kubernetes"]["labels"] == {"app_kubernetes_io/name": pod}
    assert "original" not in event.get("event", {})
    assert "_rubyexception" not in event.get("tags", []), made["metadata"]


def test_a_long_line_is_cut_and_costs_no_more_than_others(ingest: Pipeline) -> None:
    started = time.monotonic()
    for line in (
        ecs(message="x" * 200_000),
        "a" * 200_000,
        ecs(message="password=" * 20_000),
        "1:" * 100_000,
        "@." * 90_000,
    ):
        made = ingest.run(shipped(line))
        assert made is not None
        assert len(made["event"]["message"].encode()) < 80_000
    assert time.monotonic() - started < 20


def test_probes_are_dropped_and_of_debug_lines_a_tenth_stays(ingest: Pipeline) -> None:
    assert ingest.lines([NGINX % ("/healthz", 200)] * 20, pod="web") == [None] * 20
    kept = [each for each in ingest.lines([ecs(**{"log.level": "DEBUG"})] * 1000) if each]
    assert 60 < len(kept) < 140


def test_evidence_is_never_sampled(ingest: Pipeline) -> None:
    assert all(ingest.lines([ecs(**json.loads(AUDIT) | {"log.level": "debug"})] * 100))


def test_who_asks_is_known_before_the_address_is_cut(ingest: Pipeline) -> None:
    made = ingest.run(shipped(ecs(**REQUEST, client_ip="203.0.113.77")))
    assert made is not None
    assert made["metadata"]["located"] == "203.0.113.77"
    assert made["event"]["client"] == {"ip": "203.0.113.0", "geo": {"country_iso_code": "CA"}}
    inside = ingest.run(shipped(ecs(**REQUEST, client_ip="10.0.0.7")))
    assert inside is not None
    assert "located" not in inside["metadata"]


def test_a_late_line_keeps_its_time_and_one_from_the_future_does_not(ingest: Pipeline) -> None:
    for offset, kept in ((timedelta(days=-2), True), (timedelta(days=-9), False), (timedelta(hours=2), False)):
        said = (NOW + offset).strftime("%Y-%m-%dT%H:%M:%SZ")
        made = ingest.run(shipped(ecs(**{"@timestamp": said})))
        assert made is not None
        assert (made["event"]["@timestamp"][:19] == said[:19]) is kept


def test_where_redaction_fails_the_line_is_withheld(ingest: Pipeline) -> None:
    broken = FILES["redact.rb"].replace("def clean(value, key)\n", 'def clean(value, key)\n  raise "broken"\n')
    assert broken != FILES["redact.rb"]
    line = shipped(ecs(message="token=abc", user={"name": "someone"}, error={"message": "secret"}))
    with ingest.another("ingest", {"redact.rb": broken}) as pipeline:
        made = pipeline.run(line)
    assert made is not None
    assert "_rubyexception" in made["event"]["tags"]
    assert made["event"]["message"].startswith("withheld")
    assert not {"labels", "user", "error", "http", "url", "client"} & made["event"].keys()


def test_dead_letters_come_back_with_their_reason_and_nothing_else(ingest: Pipeline) -> None:
    dead = {"@metadata": {"dead_letter_queue": {"reason": "no such type"}}}
    with ingest.another("dead") as pipeline:
        made = pipeline.run(shipped("m") | dead | {"labels": {"a": "b"}, "data_stream": {"dataset": "openpolicy.app"}})
    assert made is not None
    assert made["event"]["error"] == {"message": "no such type"}
    assert made["event"]["data_stream"]["dataset"] == "openpolicy.dlq"
    assert made["event"].keys() == {"@timestamp", "message", "error", "data_stream"}


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".conf")])
def test_the_grammar_takes_every_pipeline(name: str) -> None:
    assert parse(FILES[name])


def test_every_pipeline_that_is_sent_to_listens_and_is_run() -> None:
    running = {str(each["path.config"]).rpartition("/")[2] for each in pipelines()}
    assert running == {name for name in FILES if name.endswith(".conf")}
    sent = set(re.findall(r'send_to => \["(\w+)"\]', FILES["ingest.conf"]))
    listening = {name for name in FILES if re.search(r"pipeline \{ address =>", FILES[name])}
    assert {f"{each}.conf" for each in sent} == listening


@pytest.mark.parametrize(
    "text",
    [
        "filter { mutat { } }",
        'filter { mutate { replce => { "a" => "b" } } }',
        "filter { if [a] == { drop {} } }",
        "filter { drop { }",
        "input { if [a] { beats { port => 5044 } } }",
        "filter { drop { percentage => 1 percentage => 2 } }",
        'filter { ruby { path "a" } }',
    ],
)
def test_the_grammar_refuses(text: str) -> None:
    with pytest.raises(SyntaxWrongError, match=r"^line 1: expected"):
        parse(text)


def test_tracebacks_are_kept_together_and_other_lines_are_not() -> None:
    assert all(re.match(TRACEBACK, line) for line in ERROR.splitlines())
    assert not any(re.match(TRACEBACK, line) for line in (AUDIT, NGINX % ("/", 200), "server started", ""))
