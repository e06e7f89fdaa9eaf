"""What Elasticsearch and Kibana are told is whole: everything that is named is there, and comes first."""

import json
from dataclasses import replace
from typing import Any

import pytest

from catalogue import CATALOGUE
from catalogue.model.logs import DEAD_LETTERS, Keep
from components.render.logs.content import content
from components.render.logs.kibana import saved_objects
from components.render.logs.roles import USERS, roles
from components.render.logs.searches import SEARCHES
from tests.support import examples

CLASSES = CATALOGUE.log_classes
REQUESTS = content(CLASSES, examples.KEEPING)
BODIES: dict[str, Any] = {each.path: each.body for each in REQUESTS}
LIMITS = [each.retention.seconds / 86_400 for each in CLASSES if each.meaning is Keep.AT_MOST]
OBJECTS: list[Any] = [json.loads(line) for line in saved_objects().splitlines()]


def before(path: str) -> set[str]:
    """Paths of what is put before it."""
    order = [each.path for each in REQUESTS]
    return set(order[: order.index(path)])


def test_nothing_is_put_twice() -> None:
    assert len(BODIES) == len(REQUESTS)


@pytest.mark.parametrize("name", [*(each.name for each in CLASSES), DEAD_LETTERS])
def test_a_stream_has_a_template_whose_policy_and_parts_come_first(name: str) -> None:
    path = f"_index_template/logs-openpolicy.{name}"
    parts = [f"_component_template/{each}" for each in BODIES[path]["composed_of"] if each.startswith("openpolicy")]
    assert len(parts) == 2
    assert set(parts) <= before(path)
    settings = {key: value for part in parts for key, value in BODIES[part]["template"]["settings"].items()}
    assert f"_ilm/policy/{settings['index.lifecycle.name']}" in before(path)
    assert f"_ingest/pipeline/{settings['index.final_pipeline']}" in before(path)


def test_a_policy_waits_only_for_snapshots_that_are_taken() -> None:
    for path, body in BODIES.items():
        if path.startswith("_ilm/policy/"):
            waits = body["policy"]["phases"]["delete"]["actions"].get("wait_for_snapshot")
            assert waits is None or f"_slm/policy/{waits['policy']}" in before(path)
        if path.startswith("_slm/policy/"):
            assert f"_snapshot/{body['repository']}" in before(path)


def test_without_a_bucket_no_snapshot_is_spoken_of() -> None:
    without = content(CLASSES, replace(examples.KEEPING, snapshots=None, archive=None))
    assert not [each.path for each in without if each.path.startswith(("_snapshot", "_slm"))]


def test_what_failed_is_gone_before_any_class_has_to_be() -> None:
    kept = BODIES["_cluster/settings"]["persistent"]["data_streams.lifecycle.retention.failures_default"]
    # An index of failures is written to for a week, and looked at every few minutes.
    assert int(kept.removesuffix("d")) + 7 < min(LIMITS)


def test_no_line_of_evidence_can_change_how_the_next_is_read() -> None:
    for each in CLASSES:
        template = BODIES[f"_component_template/openpolicy-logs@{each.name}"]["template"]
        assert (template.get("mappings", {}).get("dynamic") is False) is each.evidence


def test_nobody_may_delete_a_line() -> None:
    deleting = {"all", "manage", "delete", "delete_index", "write", "index", "maintenance", "manage_security"}
    for name, role in roles(CLASSES).items():
        for indices in role["indices"]:
            ours = [each for each in indices["names"] if each.startswith(("logs-", "*"))]
            assert not (ours and deleting & set(indices["privileges"])), name
        assert not {"all", "manage", "manage_security"} & set(role["cluster"]), name


def test_evidence_is_read_by_auditors_and_the_archive_alone() -> None:
    readers = {
        name
        for name, role in roles(CLASSES).items()
        for indices in role["indices"]
        if "read" in indices["privileges"] and any("audit" in each or each.endswith(".*") for each in indices["names"])
    }
    assert readers == {"log_auditor", "log_archiver"}


def test_every_machine_has_roles_that_exist() -> None:
    known = {*roles(CLASSES), "kibana_admin"}
    assert {role for granted in USERS.values() for role in granted} <= known


def test_the_four_searches_are_there_and_open_on_a_view_that_is() -> None:
    ids = {each["id"] for each in OBJECTS}
    assert len(ids) == len(OBJECTS)
    assert {each.id for each in SEARCHES} < ids
    assert len(SEARCHES) == 4
    for each in OBJECTS:
        assert {reference["id"] for reference in each["references"]} <= ids
        for key, value in each["attributes"].items():
            if key.endswith("JSON"):
                json.loads(value)


def test_searches_read_only_fields_that_the_pipeline_makes() -> None:
    text = " ".join(each.query for each in SEARCHES)
    for name in ("data_stream.dataset", "http.response.status_code", "event.duration", "client.geo.country_iso_code"):
        assert name in text
