"""Pods that read a Secret only at their start are started again with another one, and tell nobody what is in it."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.parts.marks import ANNOTATION, READ_ANEW, Marks
from components.render.grafana import Database
from ops.plan.recorder import Recording
from ops.plan.run import stacks
from tests.support import examples
from tests.support.engine import deploy, of_type
from tests.support.planned import manifests

# What reads Secrets again by itself, or begins with what there is.
ELSEWHERE = {
    "Alertmanager": "it reads keys from their files each time that it tells somebody",
    "Elasticsearch": "its operator writes users into files that nodes read anew, and starts nodes for their keystore",
    "Job": "it runs once",
    "CronJob": "each run begins with what there is",
}
_NAMING = {"secretKeyRef": "name", "secret": "secretName"}


def named(value: Any) -> Iterator[str]:
    """Names of Secrets that a manifest mounts or gives as variables."""
    if isinstance(value, dict):
        yield from (value[outer][name] for outer, name in _NAMING.items() if name in (value.get(outer) or {}))
        for each in value.values():
            yield from named(each)
    elif isinstance(value, list):
        for each in value:
            yield from named(each)


def annotations(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if ANNOTATION in (value.get("annotations") or {}):
            yield value["annotations"][ANNOTATION]
        for each in value.values():
            yield from annotations(each)


def ours(stack: str) -> set[str]:
    """Secrets of the stack that are read once."""
    secrets = [each for each in manifests(stack) if each["kind"] == "Secret"]
    return {each["metadata"]["name"] for each in secrets if not READ_ANEW.items() <= each["metadata"]["labels"].items()}


@pytest.mark.parametrize("stack", stacks())
def test_whatever_reads_a_secret_of_ours_once_is_marked(stack: str) -> None:
    reading = {
        f"{each['kind']} {each['metadata']['name']}": [*annotations(each["spec"])]
        for each in manifests(stack)
        if "spec" in each and each["kind"] not in ELSEWHERE and {*named(each["spec"])} & ours(stack)
    }
    assert {"Deployment grafana", "Logstash openpolicy", "Beat openpolicy"} <= reading.keys()
    assert {who: len(marks) for who, marks in reading.items()} == dict.fromkeys(reading, 1)


@pytest.mark.parametrize("stack", stacks())
def test_what_reads_none_is_not(stack: str) -> None:
    for each in manifests(stack):
        if each["kind"] not in ELSEWHERE and not {*named(each.get("spec"))} & ours(stack):
            assert [*annotations(each.get("spec"))] == [], each["metadata"]["name"]


def test_collectors_are_left_alone_when_a_certificate_is_renewed() -> None:
    made = {
        each["metadata"]["name"]: each for each in manifests("prod") if each["kind"] in ("DaemonSet", "StatefulSet")
    }
    assert {"otel-agent-tls", "otel-gateway-tls"} <= {*named(made["otel-agent"]), *named(made["otel-gateway"])}
    assert not [*annotations(made["otel-agent"]), *annotations(made["otel-gateway"])]


def marked(make: Callable[[], object], key: str = "the k3y") -> Recording:
    def program() -> None:
        pulumi.runtime.register_stack_transformation(Marks(key).transform)
        make()

    return deploy(program)


def marks(recording: Recording) -> dict[str, str]:
    found = {each.name: [*annotations(each.inputs)] for each in recording.resources.values()}
    return {name: each[0] for name, each in found.items() if each}


def test_another_key_of_the_bucket_starts_its_readers_again_and_nobody_else() -> None:
    before = marks(marked(examples.long_term))
    keys = {"access_key": "metrics-1d", "secret_key": "another"}
    after = marks(marked(lambda: examples.long_term(keys=keys)))
    assert before.keys() == {"longterm-thanos-store", "longterm-thanos-compactor"}
    assert {name for name in before if before[name] != after[name]} == before.keys()
    assert marks(marked(examples.long_term)) == before


def grafana(password: str) -> object:
    size = replace(examples.GRAFANA.size, database=Database(host="db.example.org:5432", name="grafana", user="grafana"))
    return examples.grafana(size=size, database_password=password)


def test_another_password_of_its_database_starts_grafana_again() -> None:
    before, same = (marks(marked(lambda: grafana("one"))) for _ in range(2))
    after = marks(marked(lambda: grafana("two")))
    assert before == same
    assert before["grafana-deployment"] != after["grafana-deployment"]


def test_nobody_can_guess_from_a_mark_what_is_in_the_secret() -> None:
    keys = {"access_key": "a", "secret_key": "b"}
    found = {marks(marked(lambda: examples.long_term(keys=keys), key))["longterm-thanos-store"] for key in ("1", "2")}
    assert len(found) == 2
    guesses = [json.dumps({"metrics-bucket": keys}), json.dumps(keys), "b"]
    assert not found & {hashlib.sha256(guess.encode()).hexdigest()[:16] for guess in guesses}


def test_a_mark_is_no_secret_and_a_preview_shows_it() -> None:
    recording = marked(examples.long_term)
    for each in of_type(recording, ":StatefulSet"):
        assert each.secrets == ()
