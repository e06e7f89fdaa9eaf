"""Lines of every class, from a pod's line to what a search finds, in a real node of Elasticsearch.

Real: its HTTP API, cluster settings, templates and how they are put together, data streams and the failure store,
mappings, indexing, the ingest service, search and points in time. A STAND-IN: the field type match_only_text (here it
is text), the processor `set` (test_processors.py asks a real one), and the templates that ship with Elasticsearch. Not
there: the lifecycle services, S3, security and ES|QL, whose modules are not published.
"""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from catalogue import CATALOGUE
from catalogue.model.logs import Keep
from components.render.logs.content import content
from components.render.logs.names import policy, stream
from components.render.logs.snapshots import daily
from tests.live.elastic.conftest import KEEPING
from tests.live.elastic.server import Server
from tests.support.lines import LINES, NOW, STAMP
from tests.support.logstash.logstash import ingested

EVERYTHING = {"match_all": {}}


@pytest.fixture(scope="module")
def stored(node: Server) -> dict[str, dict[str, Any]]:
    """What is in Elasticsearch of each sample line, by its name: stream, and the line with what was indexed of it."""
    lines = ((pod, line) for line, pod, _, _ in LINES.values())
    events = dict(zip(LINES, ingested(lines, namespace="test"), strict=True))
    answers = dict(zip(events, node.create(list(events.values())), strict=True))
    assert {name: answer for name, answer in answers.items() if answer["status"] != 201} == {}
    found = dict[str, dict[str, Any]]()
    for name, answer in answers.items():
        assert answer.get("failure_store", "not_applicable_or_unknown") != "used", f"{name}: {answer}"
        (hit,) = node.found("logs-openpolicy.*", {"ids": {"values": [answer["_id"]]}}, fields=["*"])
        found[name] = hit
    return found


def test_every_line_is_in_the_stream_of_its_class(stored: dict[str, dict[str, Any]]) -> None:
    streams = {name: hit["_index"].removeprefix(".ds-").rsplit("-", 2)[0] for name, hit in stored.items()}
    assert streams == {name: stream(log_class, "test") for name, (_, _, log_class, _) in LINES.items()}


def test_every_field_that_a_line_has_is_found_by_it(node: Server, stored: dict[str, dict[str, Any]]) -> None:
    for name, (_, _, log_class, fields) in LINES.items():
        for field, value in fields.items():
            if field == "error.stack_trace":
                continue
            query = {"bool": {"filter": [{"match": {field: value[0] if isinstance(value, list) else value}}]}}
            ids = {hit["_id"] for hit in node.found(stream(log_class, "test"), query)}
            assert stored[name]["_id"] in ids or value == "", f"{name}: {field}"


def test_nothing_of_a_line_was_left_out_of_the_index(stored: dict[str, dict[str, Any]]) -> None:
    ignored = {name: hit["_ignored"] for name, hit in stored.items() if "_ignored" in hit}
    assert ignored == {}


def test_the_time_of_arrival_is_the_server_s_whatever_the_sender_says(node: Server) -> None:
    event = {
        "@timestamp": STAMP,
        "message": "m",
        "event": {"ingested": "1999-01-01T00:00:00Z"},
        "data_stream": {"type": "logs", "dataset": "openpolicy.audit", "namespace": "clock"},
    }
    node.create([event])
    (hit,) = node.found(stream("audit", "clock"), EVERYTHING)
    assert hit["_source"]["event"]["ingested"] > NOW.isoformat()[:19]


@pytest.mark.parametrize("log_class", CATALOGUE.log_classes, ids=lambda each: each.name)
def test_a_stream_is_made_as_its_class_says(node: Server, stored: dict[str, Any], log_class: Any) -> None:
    assert stored
    (made,) = node.ask("GET", f"{stream(log_class.name, 'test')}/_settings").values()
    settings = made["settings"]["index"]
    assert settings["lifecycle"] == {"name": policy(log_class)}
    assert settings["number_of_replicas"] == str(KEEPING.replicas(log_class)) == "0"
    assert settings["mode"] == "logsdb"
    assert settings["routing"]["allocation"]["include"] == {"_tier_preference": "data_hot"}


def mapped(node: Server, name: str) -> Any:
    (made,) = node.ask("GET", f"{name}/_mapping").values()
    return made["mappings"]


def fields_of(mapping: Any) -> int:
    properties = mapping.get("properties", {})
    return len(properties) + sum(fields_of(each) for each in properties.values())


def test_a_thousand_keys_cost_no_line_and_of_evidence_no_field(node: Server) -> None:
    for log_class in ("app", "audit"):
        target = stream(log_class, "wide")
        parts = dict(zip(("type", "dataset", "namespace"), target.split("-"), strict=True))
        plain = {"@timestamp": STAMP, "message": "m", "data_stream": parts}
        assert node.create([plain])[0]["status"] == 201
        before = mapped(node, target)
        wide = [
            plain | {"user": {f"key{row}_{key}": {"deep": key} for key in range(100)}, "labels": {f"l{row}": "v"}}
            for row in range(20)
        ]
        assert {each["status"] for each in node.create(wide)} == {201}
        assert {each.get("failure_store") for each in node.create(wide)} <= {None, "not_applicable_or_unknown"}
        assert len(node.found(target, EVERYTHING)) == 41
        assert fields_of(mapped(node, target)) <= 500
        if log_class == "audit":
            assert mapped(node, target) == before
        # Made-up keys are found without a field of their own.
        assert len(node.found(target, {"term": {"labels.l7": "v"}})) == 2


def test_what_cannot_be_indexed_is_kept_in_the_failure_store(node: Server) -> None:
    parts = {"type": "logs", "dataset": "openpolicy.app", "namespace": "failing"}
    (answer,) = node.create([{"@timestamp": "never", "message": "kept all the same", "data_stream": parts}])
    assert (answer["status"], answer["failure_store"]) == (201, "used")
    (kept,) = node.found(f"{stream('app', 'failing')}::failures", EVERYTHING)
    assert kept["_source"]["document"]["source"]["message"] == "kept all the same"


def test_a_nightly_snapshot_has_no_line_that_must_be_gone_by_a_day(node: Server, stored: dict[str, Any]) -> None:
    assert stored
    failing = {"@timestamp": "never", "message": "m", "data_stream": {"type": "logs", "dataset": "openpolicy.app"}}
    failing["data_stream"] |= {"namespace": "test"}
    assert node.create([failing])[0]["failure_store"] == "used"
    assert node.ask("PUT", "_snapshot/recovery", {"type": "fs", "settings": {"location": "recovery"}})["acknowledged"]
    config = daily(CATALOGUE.log_classes)["config"]
    taken = node.ask("PUT", "_snapshot/recovery/one?wait_for_completion=true", config)["snapshot"]
    assert taken["state"] == "SUCCESS", taken
    classes = {re.split(r"[.-]", each.partition("logs-openpolicy.")[2])[0] for each in taken["indices"]}
    assert classes == {each.name for each in CATALOGUE.log_classes if each.meaning is Keep.AT_LEAST}


FAULTS: dict[str, tuple[str, Callable[[Any], object], str]] = {
    "a type that is none": (
        "_index_template/logs-openpolicy.app",
        lambda b: b.update(template={"mappings": {"properties": {"a": {"type": "keywrd"}}}}),
        "[keywrd]",
    ),
    "an option that is none": (
        "_component_template/openpolicy-logs@common",
        lambda b: b["template"]["mappings"]["properties"]["message"].update(analizer="x"),
        "unknown parameter [analizer]",
    ),
    "a part that is not there": (
        "_index_template/logs-openpolicy.app",
        lambda b: b["composed_of"].append("openpolicy-logs@ap"),
        "openpolicy-logs@ap",
    ),
    "a template as strong as another": (
        "_index_template/logs-openpolicy.other",
        lambda b: b.update(index_patterns=["logs-openpolicy.*"]),
        "same priority",
    ),
    "a processor that is none": (
        "_ingest/pipeline/openpolicy-logs@arrival",
        lambda b: b["processors"].append({"sett": {}}),
        "No processor type exists with name [sett]",
    ),
    "a cluster setting that is none": (
        "_cluster/settings",
        lambda b: b["persistent"].update({"data_streams.failurestore": "a"}),
        "not recognized",
    ),
    "more fields than are allowed": (
        "_component_template/openpolicy-logs@common",
        lambda b: b["template"]["settings"].update({"index.mapping.total_fields.limit": 3}),
        "Limit of total fields [3] has been exceeded",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_it_would_refuse_is_refused(node: Server, fault: str) -> None:
    path, spoil, complaint = FAULTS[fault]
    bodies: dict[str, Any] = {each.path: each.body for each in content(CATALOGUE.log_classes, KEEPING)}
    body = copy.deepcopy(bodies.get(path, bodies["_index_template/logs-openpolicy.app"]))
    spoil(body)
    answer = node.ask("PUT", path, body)
    assert complaint in json.dumps(answer.get("error")), answer
