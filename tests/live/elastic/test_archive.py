"""The archive against a real Elasticsearch's points in time and a real S3 API: what arrived is in it once."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from components.render.logs.names import stream
from ops.archive.archiver import archive
from ops.archive.bucket import Bucket
from ops.archive.chain import read_manifests, unpacked
from ops.archive.checks import rehearse, restore, verify
from ops.archive.source import Source
from tests.live.elastic.server import Server
from tests.support.archive.running import Servers, running
from tests.support.lines import STAMP

DAYS = 2557


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with running() as both:
        yield both


def arrive(node: Server, name: str, count: int) -> set[str]:
    """Lines arrive in the audit stream of an environment of this name. Returns their ids."""
    parts = {"type": "logs", "dataset": "openpolicy.audit", "namespace": name}
    rows = [
        {"@timestamp": STAMP, "message": f"é {row} a\u2028b\x85c", "event": {"action": "grant"}, "made": {"up": row}}
        | {"labels": {f"key{row}": "v"}, "data_stream": parts}
        for row in range(count)
    ]
    return {each["_id"] for each in node.create(rows)}


def held(bucket: Bucket) -> list[str]:
    return [str(line["_id"]) for each in read_manifests(bucket) for line in unpacked(bucket, each)]


def source(node: Server, name: str) -> Source:
    return Source(address=node.address, username="u", password="p", authority=None, stream=stream("audit", name))


def in_two_hours() -> datetime:
    """A time at which everything that is there now has settled."""
    return datetime.now(UTC) + timedelta(hours=2)


def test_pages_late_lines_and_a_stream_that_is_not_there_yet(node: Server, servers: Servers) -> None:
    its, bucket = source(node, "pages"), servers.bucket("pages", DAYS)
    assert archive(its, bucket, in_two_hours(), lambda _: None) == 0
    ids = arrive(node, "pages", 2500)
    assert archive(its, bucket, in_two_hours(), lambda _: None) == 2500
    assert archive(its, bucket, in_two_hours(), lambda _: None) == 0
    ids |= arrive(node, "pages", 10)
    assert archive(its, bucket, in_two_hours(), lambda _: None) == 10
    assert sorted(held(bucket)) == sorted(ids)
    assert verify(bucket, in_two_hours()).lines == 2510


def test_what_is_restored_is_what_was_there(node: Server, servers: Servers) -> None:
    its, bucket = source(node, "back"), servers.bucket("back", DAYS)
    arrive(node, "back", 1500)
    before = {hit["_id"]: hit["_source"] for hit in every(node, its.stream)}
    archive(its, bucket, in_two_hours(), lambda _: None)
    days = sorted({each.key[3:13] for each in read_manifests(bucket) if each.key})
    for _ in range(2):
        assert sum(restore(its, bucket, "restored-audit", day) for day in days) == 1500
    node.ask("POST", "restored-audit/_refresh")
    assert {hit["_id"]: hit["_source"] for hit in every(node, "restored-audit")} == before
    found = rehearse(its, bucket, in_two_hours())
    assert found.lines == 1500
    assert "error" in node.ask("GET", f"restored-check-{in_two_hours():%Y-%m-%d}/_settings")
    assert len(node.found("restored-audit", {"term": {"event.action": "grant"}})) == 1000
    assert node.ask("DELETE", "restored-audit")["acknowledged"]


def every(node: Server, target: str) -> list[dict[str, Any]]:
    found = node.found(target, {"match_all": {}}, sort=["_doc"])
    while len(more := node.found(target, {"match_all": {}}, sort=["_doc"], search_after=found[-1]["sort"])):
        found += more
    return found


def child(its: Source, bucket: Bucket, endpoint: str, now: datetime) -> None:
    archive(its, replace(bucket, client=boto3.client("s3", endpoint_url=endpoint)), now, lambda _: None)


def test_a_run_may_be_killed_at_any_moment(node: Server, servers: Servers) -> None:
    its, bucket = source(node, "killed"), servers.bucket("killed", DAYS)
    dice = random.Random(5)  # noqa: S311 the same crashes every time
    fork = multiprocessing.get_context("fork")
    ids, killed = set[str](), 0
    for _ in range(40):
        ids |= arrive(node, "killed", dice.randrange(1, 60))
        process = fork.Process(target=child, args=(its, bucket, servers.s3, in_two_hours()))
        process.start()
        time.sleep(dice.uniform(0.0, 0.4))
        killed += process.is_alive()
        process.kill()
        process.join()
    archive(its, bucket, in_two_hours(), lambda _: None)
    there = held(bucket)
    assert (len(there), set(there)) == (len(ids), ids)
    assert killed > 10, "too few were killed to show anything"
    verify(bucket, in_two_hours())
