"""Elasticsearch is lost: the very steps of docs/operations.md bring back what was kept elsewhere, into an empty one.

Both are real nodes, and the archive is in a server with the whole API of S3. A folder STANDS IN for the bucket of
snapshots: the module that writes to S3 is not published.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalogue import CATALOGUE
from catalogue.model.retention import RECOVERY_REPOSITORY
from components.render.logs.content import COMPONENT, PIPELINE, SETTINGS, TEMPLATE, content
from components.render.logs.names import stream
from components.render.logs.snapshots import daily
from ops.archive.archiver import archive
from ops.archive.bucket import Bucket
from ops.archive.chain import packed, read_manifests, unpacked
from ops.archive.source import Line, Source
from ops.plan.run import ROOT
from tests.live.elastic.conftest import BUILT_IN, KEEPING
from tests.live.elastic.server import Server, server
from tests.live.elastic.test_archive import arrive, every, in_two_hours
from tests.support.archive.running import running

DAYS = 2557
LINES = 2500
AUDIT = stream("audit", "prod")


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of a cluster that is gone, and what was in it."""

    bucket: Bucket
    s3: str
    repository: Path
    lines: dict[str, Any]
    """Of audit, by their ids."""


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    kept = tmp_path_factory.mktemp("bucket") / "snapshots"
    with running() as servers:
        bucket = servers.bucket("lost", DAYS)
        with server() as old:
            updated(old)
            arrive(old, "prod", LINES)
            assert archive(source(old), bucket, in_two_hours(), lambda _: None) == LINES
            config = daily(CATALOGUE.log_classes)["config"]
            taken = old.ask("PUT", f"_snapshot/{RECOVERY_REPOSITORY}/night?wait_for_completion=true", config)
            assert taken["snapshot"]["state"] == "SUCCESS", taken
            lines = {hit["_id"]: hit["_source"] for hit in every(old, AUDIT)}
            shutil.copytree(old.repository, kept)
        yield Left(bucket=bucket, s3=servers.s3, repository=kept, lines=lines)


@pytest.fixture(scope="module")
def new(left: Left) -> Iterator[Server]:
    """Another cluster, to which lines come as soon as it is there."""
    with server() as made:
        shutil.copytree(left.repository, made.repository)
        updated(made)
        arrive(made, "prod", 10)
        yield made


def updated(node: Server) -> None:
    """What `pulumi up` tells a cluster."""
    for name, template in BUILT_IN.items():
        assert node.ask("PUT", f"_component_template/{name}", {"template": template}) == {"acknowledged": True}
    for each in content(CATALOGUE.log_classes, KEEPING):
        if each.kind in (SETTINGS, PIPELINE, COMPONENT, TEMPLATE):
            assert node.ask("PUT", each.path, each.body).get("acknowledged"), each.path
    repository = {"type": "fs", "settings": {"location": "recovery"}}
    assert node.ask("PUT", f"_snapshot/{RECOVERY_REPOSITORY}", repository)["acknowledged"]


def source(node: Server) -> Source:
    return Source(address=node.address, username="u", password="p", authority=None, stream=AUDIT)


def steps(name: str) -> str:
    """What the page says to do."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = re.search(f"<!-- {name} -->\n```\\w*\n(.*?)```\n<!-- /{name} -->", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_every_archived_line_is_back_as_it_was(left: Left, new: Server) -> None:
    environment = os.environ | {
        "ARCHIVE_BUCKET": left.bucket.name,
        "ARCHIVE_PREFIX": left.bucket.prefix,
        "ARCHIVE_DAYS": str(DAYS),
        "ARCHIVE_ENDPOINT": left.s3,
        "ARCHIVE_STREAM": AUDIT,
        "ELASTICSEARCH": new.address,
        "USERNAME": "u",
        "PASSWORD": "p",
    }
    year = f"{datetime.now(UTC):%Y}"
    said = list[str]()
    for line in steps("archive").replace("YYYY", year).splitlines():
        python, *arguments = shlex.split(line)
        assert python == "python"
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        said.append(done.stdout.strip())
    assert said[0].startswith(f"whole: {LINES} lines")
    assert said[1] == f"restored {LINES} lines"
    new.ask("POST", f"restored-audit-{year}/_refresh")
    back = {hit["_id"]: hit["_source"] for hit in every(new, f"restored-audit-{year}")}
    assert back == left.lines
    for manifest in read_manifests(left.bucket):
        if manifest.key:
            ids = [str(line["_id"]) for line in unpacked(left.bucket, manifest)]
            again = packed([Line(id=each, arrived=f"{at:06}", source=back[each]) for at, each in enumerate(ids)])
            assert hashlib.sha256(again).hexdigest() == manifest.sha256


def test_the_latest_snapshot_is_back_beside_what_came_since(left: Left, new: Server) -> None:
    find, restore, *body = steps("snapshots").splitlines()
    (latest,) = new.ask(*find.split())["snapshots"]
    method, path = restore.replace("SNAPSHOT", latest["snapshot"]).split()
    answer = new.ask(method, f"{path}?wait_for_completion=true", json.loads("\n".join(body)))
    assert answer["snapshot"]["shards"]["failed"] == 0, answer
    assert {hit["_id"]: hit["_source"] for hit in every(new, f"{AUDIT}_restored")} == left.lines
    assert len(every(new, AUDIT)) == 10
    # By the names that searches, roles and links know, both are found.
    assert len(every(new, "logs-openpolicy.audit-*")) == LINES + 10
