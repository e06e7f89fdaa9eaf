"""What prepares Elasticsearch for traces, as the pods run it: the real programs, against a stand-in that says so.

Two things differ from a pod. The programs are a release older, and know the same flags. This machine's curl cannot read
its login from the environment yet, so it is told.
"""

import json
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from components.render.containers import AUTHORITY
from components.render.tracing.collector import FILES, Step
from components.render.tracing.storage import Elasticsearch, lifecycle, preparation
from tests.live.certificates import Authority, Identity
from tests.live.parts import JAEGER_ROLLOVER
from tests.support import examples
from tests.support.loopback import Quiet, serving
from tests.support.tools import had

LOGIN = {"ES_USERNAME": "openpolicy-jaeger", "ES_PASSWORD": "s3cret"}
KINDS = ("span", "service", "dependencies")


@dataclass
class StandIn:
    """A STAND-IN for Elasticsearch: it knows policies, templates, indices and aliases as far as preparing goes."""

    identity: Identity
    url: str = ""
    policies: dict[str, Any] = field(default_factory=dict[str, Any])
    templates: dict[str, Any] = field(default_factory=dict[str, Any])
    indices: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def answer(self, method: str, path: str, body: Any) -> tuple[int, object]:
        """Status and document."""
        parts = path.partition("?")[0].strip("/").split("/")
        return {"GET": self._get, "HEAD": self._get, "PUT": self._put, "POST": self._post}[method](parts, body)

    def _get(self, parts: list[str], body: Any) -> tuple[int, object]:
        del body
        match parts:
            case [""]:
                return 200, {"version": {"number": "9.4.3"}, "tagline": "You Know, for Search"}
            case ["_ilm", "policy", name]:
                return (200 if name in self.policies else 404), {}
            case ["_alias", name]:
                return (200 if any(name in aliases for aliases in self.indices.values()) else 404), {}
            case [name]:
                # Of one, or of all whose names begin so.
                known = name.endswith("*") or name in self.indices
                found = {name: {"aliases": aliases, "settings": {}} for name, aliases in self.indices.items()}
                return (200 if known else 404), found
            case _:
                return 400, {}

    def _put(self, parts: list[str], body: Any) -> tuple[int, object]:
        match parts:
            case ["_ilm", "policy", name]:
                self.policies[name] = body
            case ["_index_template", name]:
                self.templates[name] = body
            case [name]:
                self.indices[name] = {}
            case _:
                return 400, {}
        return 200, {"acknowledged": True}

    def _post(self, parts: list[str], body: Any) -> tuple[int, object]:
        if parts != ["_aliases"]:
            return 400, {}
        for action in body["actions"]:
            said = action["add"]
            self.indices[said["index"]][said["alias"]] = said
        return 200, {"acknowledged": True}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def elasticsearch(folder: Path) -> Iterator[StandIn]:
    authority = Authority(folder / "authority")
    (folder / "ca.crt").write_bytes(authority.certificate.read_bytes())
    with answering(StandIn(identity=authority.issue("elasticsearch"))) as made:
        yield made


@contextmanager
def answering(stand_in: StandIn) -> Iterator[StandIn]:
    expected = "Basic " + b64encode(":".join(LOGIN.values()).encode()).decode()

    class Handler(Quiet):
        def _any(self) -> None:
            text = self.body()
            status, document = 401, object()
            if self.headers.get("Authorization") == expected:
                status, document = stand_in.answer(self.command, self.path, json.loads(text) if text else None)
            said = b"" if self.command == "HEAD" or status == 401 else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_HEAD = do_PUT = do_POST = _any  # noqa: N815 the protocol's names

    with serving(Handler, identity=stand_in.identity) as stand_in.url:
        yield stand_in


def storage(url: str) -> Elasticsearch:
    kept = examples.JAEGER.storage
    assert isinstance(kept, Elasticsearch)
    return Elasticsearch(url=url, login=kept.login, reader=kept.reader, retention=kept.retention, copies=1)


def run(step: Step, folder: Path, *, login: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """As a pod does, but here."""
    told = [each.replace(AUTHORITY, str(folder)).replace(FILES, str(folder)) for each in step.args]
    program = str(had(JAEGER_ROLLOVER))
    if step.name == "lifecycle":
        program = "curl"
        while "--variable" in told:
            at = told.index("--variable")
            del told[at : at + 2]
        at = told.index("--expand-user")
        told[at : at + 2] = ["--user", ":".join(login.values())]
        told[told.index("--retry") + 1] = "0"
    return subprocess.run([program, *told], env=dict(login), capture_output=True, text=True, check=False, timeout=60)


def prepare(elasticsearch: StandIn, folder: Path) -> None:
    steps, files = preparation(storage(elasticsearch.url))
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for step in steps:
        done = run(step, folder, login=LOGIN)
        assert done.returncode == 0, f"{step.name}: {done.stdout}{done.stderr}"


def test_the_policy_is_there_before_any_index(elasticsearch: StandIn, folder: Path) -> None:
    steps, _ = preparation(storage(elasticsearch.url))
    early = run(steps[1], folder, login=LOGIN)
    assert early.returncode != 0
    assert "openpolicy-jaeger doesn't exist" in early.stdout + early.stderr
    assert not elasticsearch.indices
    prepare(elasticsearch, folder)
    assert elasticsearch.policies == {"openpolicy-jaeger": lifecycle(storage(""))}


def test_each_kind_has_an_index_that_rolls_over_under_two_names(elasticsearch: StandIn, folder: Path) -> None:
    prepare(elasticsearch, folder)
    for kind in KINDS:
        aliases = elasticsearch.indices[f"openpolicy-jaeger-{kind}-000001"]
        assert aliases.keys() == {f"openpolicy-jaeger-{kind}-read", f"openpolicy-jaeger-{kind}-write"}
        assert aliases[f"openpolicy-jaeger-{kind}-write"]["is_write_index"] is True
    assert len(elasticsearch.indices) == len(KINDS)
    made = json.dumps(elasticsearch.templates["openpolicy-jaeger-span"])
    assert '"name": "openpolicy-jaeger"' in made
    assert '"rollover_alias": "openpolicy-jaeger-span-write"' in made


def test_doing_it_again_changes_nothing(elasticsearch: StandIn, folder: Path) -> None:
    prepare(elasticsearch, folder)
    before = json.dumps(elasticsearch.indices)
    prepare(elasticsearch, folder)
    assert json.dumps(elasticsearch.indices) == before


@pytest.mark.parametrize("number", [0, 1])
def test_whoever_is_not_let_in_fails(elasticsearch: StandIn, folder: Path, number: int) -> None:
    steps, files = preparation(storage(elasticsearch.url))
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert run(steps[number], folder, login=LOGIN | {"ES_PASSWORD": "wrong"}).returncode != 0


@pytest.mark.parametrize("number", [0, 1])
def test_a_server_of_another_authority_is_not_believed(elasticsearch: StandIn, folder: Path, number: int) -> None:
    steps, files = preparation(storage(elasticsearch.url))
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "ca.crt").write_bytes(Authority(folder / "other").certificate.read_bytes())
    assert run(steps[number], folder, login=LOGIN).returncode != 0
    assert not elasticsearch.policies
