"""Runs Logstash's pipelines as far as that goes without Logstash: see interpreter.rb for what is real."""

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from catalogue import CATALOGUE
from components.render.logs.pipelines import files
from tests.support.logstash.grammar import parse
from tests.support.maven import jars, java
from tests.support.tools import MissingError

_HERE = Path(__file__).parent
# It compiles little, collects little, and says nothing where answers are expected.
_BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xlog:disable")
ENVIRONMENT = {"OPENPOLICY_ENVIRONMENT": "test"}


@cache
def jruby() -> list[str]:
    """Command that runs Ruby as Logstash does. Where it cannot be had, the test is skipped, and on CI it fails."""
    try:
        (jar,) = jars("jruby").glob("*.jar")
        found = java(17)
    except MissingError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
    ruby = ["-jar", str(jar), "-W0", "--disable=gems", str(_HERE / "interpreter.rb")]
    return [found, *_BRIEF, *_loaded(jar, found, ruby), *ruby]


def _loaded(jar: Path, found: str, ruby: Sequence[str]) -> list[str]:
    """The jar's classes as this Java has them once they are loaded: with them, Ruby starts in half of its time."""
    program = Path(found).resolve()
    archive = jar.with_name(f"{program.parent.parent.name}-{program.stat().st_mtime_ns}.jsa")
    if not archive.exists():
        scratch = archive.with_name(f".{archive.name}-{os.getpid()}")
        command = [found, *_BRIEF, f"-XX:ArchiveClassesAtExit={scratch}", *ruby]
        given = json.dumps({"sections": [], "files": {}}) + "\n" + json.dumps(shipped("m")) + "\n"
        subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        # Not every Java can.
        if scratch.exists():
            scratch.rename(archive)
    return [f"-XX:SharedArchiveFile={archive}"] if archive.exists() else []


class Pipeline:
    """One pipeline, running."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._process = subprocess.Popen(jruby(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._begin(name)

    def _begin(self, name: str, changed: Mapping[str, str] | None = None) -> None:
        texts = files(CATALOGUE.log_classes) | dict(changed or {})
        self._ask({"sections": parse(texts[f"{name}.conf"]), "files": texts, "environment": ENVIRONMENT})

    @contextmanager
    def another(self, name: str, changed: Mapping[str, str] | None = None) -> Iterator["Pipeline"]:
        """Another one meanwhile, in the same Ruby, which takes seconds to start. `changed`: files not as planned."""
        self._begin(name, changed)
        yield self
        self._begin(self._name)

    def _ask(self, document: Mapping[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(document) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the interpreter ended"
        return json.loads(answer)

    def run(self, event: Mapping[str, Any]) -> dict[str, Any] | None:
        """What became of the event, or None where it was dropped."""
        return self._ask(event)

    def lines(self, lines: Sequence[str], *, pod: str = "api-gateway") -> list[dict[str, Any] | None]:
        """What becomes of each line of a pod."""
        return [self.run(shipped(line, pod=pod)) for line in lines]

    def close(self) -> None:
        """Ends it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)


def ingested(lines: Iterable[tuple[str, str]], *, namespace: str) -> list[dict[str, Any]]:
    """Events as they are stored, of lines by the pod that wrote each. The namespace keeps one test's from another's."""
    pipeline = Pipeline("ingest")
    events = list[dict[str, Any]]()
    for pod, line in lines:
        made = pipeline.run(shipped(line, pod=pod))
        assert made is not None
        made["event"]["data_stream"]["namespace"] = namespace
        events.append(made["event"])
    pipeline.close()
    return events


def shipped(line: str, *, pod: str = "api-gateway") -> dict[str, Any]:
    """A line as Filebeat ships it."""
    return {
        "@timestamp": "2026-11-24T10:00:00.000Z",
        "message": line,
        "event": {"original": line},
        "agent": {"type": "filebeat", "ephemeral_id": "a"},
        "ecs": {"version": "8.0.0"},
        "input": {"type": "filestream"},
        "host": {"name": "node-1"},
        "kubernetes": {
            "namespace": "openpolicy",
            "labels": {"app_kubernetes_io/name": pod},
            "pod": {"name": f"{pod}-1"},
        },
    }
