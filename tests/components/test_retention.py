import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from components.render.logs.content import content
from components.retention import Api
from ops.plan.recorder import Resource
from ops.plan.wire import MASK
from tests.support import examples
from tests.support.engine import deploy, one
from tests.support.loopback import Quiet, serving
from tests.support.sdk import problems

REQUESTS = content(examples.RETENTION.classes, examples.RETENTION.keeping)
API = Api(url="https://elasticsearch.example.org", username="openpolicy-bootstrap", password="hunter2")
KINDS = {
    "_cluster/settings": "ClusterSettings",
    "_snapshot": "SnapshotRepository",
    "_slm/policy": "SnapshotLifecycle",
    "_ilm/policy": "IndexLifecycle",
    "_ingest/pipeline": "IngestPipeline",
    "_component_template": "ComponentTemplate",
    "_index_template": "IndexTemplate",
}


def by_api() -> list[Resource]:
    return [
        each for each in deploy(lambda: examples.retention(api=API)).resources.values() if "elasticstack" in each.type
    ]


def test_without_an_address_a_job_brings_every_document() -> None:
    recording = deploy(examples.retention)
    held = json.loads(one(recording, "ConfigMap")["data"]["requests.json"])
    assert [each["path"] for each in held] == [each.path for each in REQUESTS]
    assert not [each for each in recording.resources.values() if "elasticstack" in each.type]


def test_with_an_address_the_job_brings_kibana_s_part_alone() -> None:
    recording = deploy(lambda: examples.retention(api=API))
    assert json.loads(one(recording, "ConfigMap")["data"]["requests.json"]) == []
    made = sorted(each.type.rpartition(":")[2] for each in by_api() if "providers" not in each.type)
    assert made == sorted(KINDS[each.kind] for each in REQUESTS)


def test_both_ways_say_the_same() -> None:
    made = {each.name: each.inputs for each in by_api()}
    for each in REQUESTS:
        name = f"retention-{each.kind.strip('_').replace('_', '-').replace('/', '-')}-{each.name}".rstrip("-")
        inputs, body = made[name], json.loads(json.dumps(each.body))
        match each.kind:
            case "_ilm/policy":
                for phase, said in body["policy"]["phases"].items():
                    given = inputs[phase]
                    assert given["minAge"] == said["min_age"]
                    assert given.keys() - {"minAge"} == {camel(action) for action in said["actions"]}
                rollover = body["policy"]["phases"]["hot"]["actions"]["rollover"]
                assert inputs["hot"]["rollover"] == {camel(key): value for key, value in rollover.items()}
            case "_component_template":
                assert {key: json.loads(value) for key, value in inputs["template"].items()} == body["template"]
            case "_index_template":
                assert inputs["composedOfs"] == body["composed_of"]
                assert inputs["indexPatterns"] == body["index_patterns"]
                assert inputs["priority"] == body["priority"]
            case "_ingest/pipeline":
                assert [json.loads(processor) for processor in inputs["processors"]] == body["processors"]
            case "_slm/policy":
                assert inputs["expireAfter"] == body["retention"]["expire_after"]
                assert inputs["indices"] == body["config"]["indices"]
            case "_snapshot":
                assert inputs["s3"]["bucket"] == body["settings"]["bucket"]
            case _:
                given = {each["name"]: each["value"] for each in inputs["persistent"]["settings"]}
                assert given == body["persistent"]


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def test_each_waits_for_the_one_before() -> None:
    resources = [each for each in by_api() if "providers" not in each.type]
    waiting = [each for each in resources if any("elasticstack" in urn for urn in each.dependencies)]
    assert len(waiting) == len(resources) - 1


def test_the_provider_s_sdk_knows_every_word() -> None:
    import pulumi_elasticstack as elastic

    kinds = {kind: getattr(elastic, f"{kind}Args") for kind in KINDS.values()}
    for each in by_api():
        if "providers:" not in each.type:
            assert list(problems(kinds[each.type.rpartition(":")[2]], each.inputs)) == [], each.name
    template = next(each for each in by_api() if each.type.endswith(":IndexTemplate"))
    misspelt = {key.replace("composedOfs", "composedOf"): value for key, value in template.inputs.items()}
    assert list(problems(kinds["IndexTemplate"], misspelt)) != []


def test_the_password_is_secret() -> None:
    provider = next(each for each in by_api() if "providers:" in each.type)
    assert "hunter2" not in json.dumps(provider.inputs)
    assert MASK in json.dumps(provider.inputs)


def test_other_content_is_another_job() -> None:
    names = {
        one(deploy(make), "Job")["metadata"]["name"]
        for make in (examples.retention, lambda: examples.retention(api=API))
    }
    assert len(names) == 2
    assert one(deploy(examples.retention), "Job")["metadata"]["name"] in names


def test_its_pod_is_restricted() -> None:
    pod = one(deploy(examples.retention), "Job")["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True


class StandIn(Quiet):
    """A STAND-IN of Elasticsearch and Kibana: takes what it is sent, and can be told what to answer."""

    seen: list[tuple[str, str, bytes]]
    refused: str
    imported: dict[str, Any]

    def _answer(self) -> None:
        body = self.body()
        self.seen.append((self.command, self.path, body))
        refused = bool(self.refused) and self.path.startswith(self.refused)
        said = self.imported if "_import" in self.path else {"acknowledged": True}
        self.tell({"error": "no"} if refused else said, 400 if refused else 200)

    do_GET = do_PUT = do_POST = _answer  # noqa: N815 the protocol's names


@contextmanager
def served(*, refused: str = "", success: bool = True) -> Iterator[tuple[str, list[tuple[str, str, bytes]]]]:
    seen = list[tuple[str, str, bytes]]()
    handler = type("Handler", (StandIn,), {"seen": seen, "refused": refused, "imported": {"success": success}})
    with serving(handler) as address:
        yield address, seen


def delivered(address: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the Job's own program on the Job's own files."""
    for name, text in one(deploy(examples.retention), "ConfigMap")["data"].items():
        (folder / name).write_text(text, encoding="utf-8")
    environment = {
        "CONTENT": str(folder),
        "ELASTICSEARCH": address,
        "KIBANA": address,
        "USERNAME": "u",
        "PASSWORD": "p",
    }
    command = [sys.executable, "-B", str(folder / "deliver.py")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_the_job_s_program_puts_everything_in_order_and_then_imports(tmp_path: Path) -> None:
    with served() as (address, seen):
        done = delivered(address, tmp_path)
    assert done.returncode == 0, done.stderr
    puts = [(path.removeprefix("/"), json.loads(body)) for method, path, body in seen if method == "PUT"]
    assert puts == [(each.path, json.loads(json.dumps(each.body))) for each in REQUESTS]
    method, path, body = seen[-1]
    assert (method, path) == ("POST", "/api/saved_objects/_import?overwrite=true")
    assert b'"id": "openpolicy-5xx-last-hour"' in body


def test_a_refusal_ends_it_with_what_was_said(tmp_path: Path) -> None:
    with served(refused="/_ilm/policy/openpolicy-app") as (address, seen):
        done = delivered(address, tmp_path)
    assert done.returncode == 1
    assert 'PUT _ilm/policy/openpolicy-app: 400 {"error": "no"}' in done.stderr
    assert not [path for _, path, _ in seen if "_index_template" in path]


def test_an_import_of_a_part_is_a_failure(tmp_path: Path) -> None:
    with served(success=False) as (address, _):
        done = delivered(address, tmp_path)
    assert done.returncode == 1
    assert "not all saved objects were imported" in done.stderr


@pytest.mark.parametrize("api", [None, API], ids=["job", "api"])
def test_a_first_preview_shows_it_all(api: Api | None) -> None:
    made = deploy(lambda: examples.retention(api=api), preview=False).resources.keys()
    assert deploy(lambda: examples.retention(api=api), preview=True).resources.keys() == made
