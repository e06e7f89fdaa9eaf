"""The archive against a real S3 API with object lock: nothing is lost, doubled or changed, whenever a run is killed."""

import gzip
import json
import multiprocessing
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import requests

from ops.archive.__main__ import BROKEN, DONE, FAILED, main
from ops.archive.archiver import archive
from ops.archive.bucket import Bucket, TakenError
from ops.archive.chain import BrokenError, manifest_key, read_manifests, unpacked
from ops.archive.checks import hold, rehearse, restore, verify
from ops.archive.source import Source
from tests.support.archive.running import Servers, running

START = datetime(2026, 11, 20, tzinfo=UTC)
DAYS = 2557
STREAM = "logs-openpolicy.audit-test"
RUNS = int(os.environ.get("OPENPOLICY_CRASHES", "20"))


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with running() as both:
        yield both


@dataclass(frozen=True, kw_only=True)
class Place:
    """A stream and a bucket that nobody else uses."""

    servers: Servers
    source: Source
    bucket: Bucket

    def arrive(self, *moments: datetime, name: str = "e") -> list[str]:
        """Lines arrive, and are visible. Returns their ids."""
        ids = [f"{name}-{moment:%d%H%M%S}-{at}" for at, moment in enumerate(moments)]
        lines = [
            {
                "id": identity,
                "arrived": moment.isoformat(),
                "source": {"event": {"ingested": moment.isoformat(), "action": "grant"}, "message": f"é {identity}"},
            }
            for identity, moment in zip(ids, moments, strict=True)
        ]
        requests.post(
            f"{self.servers.elasticsearch}/{self.source.stream}/_test", json=lines, timeout=10
        ).raise_for_status()
        return ids

    def run(self, now: datetime) -> int:
        return archive(self.source, self.bucket, now, lambda _: None)

    def held(self) -> list[str]:
        """Ids of every line that a manifest leads to."""
        return [str(line["_id"]) for each in read_manifests(self.bucket) for line in unpacked(self.bucket, each)]


@pytest.fixture
def place(servers: Servers, request: pytest.FixtureRequest) -> Place:
    name = f"b-{abs(hash(request.node.name)) % 10**12}"
    source = Source(
        address=servers.elasticsearch, username="u", password="p", authority=None, stream=f"{STREAM}-{name}"
    )
    return Place(servers=servers, source=source, bucket=servers.bucket(name, DAYS))


def hours(count: float) -> datetime:
    return START + timedelta(hours=count)


def test_whole_hours_are_archived_once_they_have_settled(place: Place) -> None:
    ids = place.arrive(hours(0.1), hours(0.5), hours(1.2), hours(2.9))
    assert place.run(hours(1.1)) == 0
    assert place.run(hours(1.3)) == 2
    assert place.run(hours(2.3)) == 1
    assert place.run(hours(2.3)) == 0
    assert place.held() == ids[:3]
    assert place.run(hours(9)) == 1
    assert verify(place.bucket, hours(9)).lines == 4


def test_an_empty_stream_archives_nothing(place: Place) -> None:
    assert place.run(hours(5)) == 0
    assert verify(place.bucket, hours(5)).manifests == 0


def test_an_hour_in_which_nothing_arrived_is_written_down(place: Place) -> None:
    place.arrive(hours(0.1), hours(3.1))
    place.run(hours(5))
    assert [each.count for each in read_manifests(place.bucket)] == [1, 0, 0, 1]


def test_many_pages_are_read_in_order(place: Place) -> None:
    place.arrive(*(hours(0.1) + timedelta(milliseconds=at // 3) for at in range(2500)))
    assert place.run(hours(2)) == 2500
    assert len(set(place.held())) == 2500


def test_a_full_hour_is_split(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.archive.archiver._MOST", 100)
    ids = place.arrive(*(hours(0) + timedelta(seconds=at) for at in range(3000)))
    assert place.run(hours(2)) == 3000
    assert sorted(place.held()) == sorted(ids)
    assert max(each.count for each in read_manifests(place.bucket)) <= 100


def test_a_line_that_becomes_visible_late_is_added_once(place: Place) -> None:
    first = place.arrive(hours(0.1))
    place.run(hours(2))
    late = place.arrive(hours(0.2), name="late")
    assert place.run(hours(3)) == 1
    assert place.run(hours(4)) == 0
    assert sorted(place.held()) == sorted(first + late)
    assert [each.late for each in read_manifests(place.bucket)].count(True) == 1
    verify(place.bucket, hours(4))


def test_objects_are_locked_for_seven_years_and_a_hold_is_on_them(place: Place) -> None:
    held = replace(place, bucket=replace(place.bucket, hold=True))
    held.arrive(hours(0.1))
    held.run(hours(2))
    for key in [*held.bucket.keys("dt="), *held.bucket.keys("manifests/")]:
        full = f"{held.bucket.prefix}/{key}"
        found = place.servers.client.head_object(Bucket=held.bucket.name, Key=full)
        assert found["ObjectLockMode"] == "COMPLIANCE"
        assert found["ObjectLockRetainUntilDate"] >= hours(2) + timedelta(days=DAYS)
        assert found["ObjectLockLegalHoldStatus"] == "ON"
        (version,) = place.servers.client.list_object_versions(Bucket=held.bucket.name, Prefix=full)["Versions"]
        with pytest.raises(Exception, match="AccessDenied"):
            place.servers.client.delete_object(Bucket=held.bucket.name, Key=full, VersionId=version["VersionId"])


def test_of_two_runs_at_once_one_changes_nothing(place: Place) -> None:
    place.arrive(hours(0.1))
    place.run(hours(2))
    place.arrive(hours(2.1))

    class Slow(Bucket):
        def put_new(self, key: str, content: bytes, now: datetime) -> None:
            if key.startswith("manifests/"):
                # The other is faster.
                place.run(hours(4))
            super().put_new(key, content, now)

    slow = Slow(**{name: getattr(place.bucket, name) for name in place.bucket.__dataclass_fields__})
    with pytest.raises(TakenError):
        archive(place.source, slow, hours(4), lambda _: None)
    assert len(place.held()) == len(set(place.held())) == 2
    verify(place.bucket, hours(4))


def child(source: Source, bucket: Bucket, endpoint: str, now: datetime) -> None:
    fresh = replace(bucket, client=boto3.client("s3", endpoint_url=endpoint))
    archive(source, fresh, now, lambda _: None)


def test_a_run_may_be_killed_at_any_moment(place: Place) -> None:
    dice = random.Random(11)  # noqa: S311 the same crashes every time
    fork = multiprocessing.get_context("fork")
    ids, killed, now, within = list[str](), 0, hours(1), 0.1
    for at in range(RUNS):
        moments = sorted(now + timedelta(seconds=dice.uniform(-1800, 1800)) for _ in range(dice.randrange(40)))
        ids += place.arrive(*moments, name=f"r{at}")
        now += timedelta(minutes=dice.choice([20, 60, 90]))
        process = fork.Process(target=child, args=(place.source, place.bucket, place.servers.s3, now))
        process.start()
        process.join(dice.uniform(0.0, within))
        # On a machine of any speed, half are killed.
        within *= 1.25 if process.is_alive() else 0.8
        if process.is_alive():
            process.kill()
            killed += 1
        process.join()
    place.run(now + timedelta(hours=3))
    held = place.held()
    assert sorted(held) == sorted(ids), f"{len(set(ids) - set(held))} lost, {len(held) - len(set(held))} doubled"
    assert killed > RUNS * 0.3, "too few were killed to show anything"
    assert verify(place.bucket, now).lines == len(ids)


def filled(place: Place) -> None:
    place.arrive(hours(0.1), hours(1.1), hours(2.1))
    place.run(hours(4))


def overwrite(place: Place, key: str, content: bytes) -> None:
    place.servers.client.put_object(Bucket=place.bucket.name, Key=f"{place.bucket.prefix}/{key}", Body=content)


def test_a_changed_object_is_found(place: Place) -> None:
    filled(place)
    overwrite(place, next(place.bucket.keys("dt=")), gzip.compress(b'{"_id":"forged","_source":{}}\n'))
    with pytest.raises(BrokenError, match="its content is not what manifest 0 says"):
        verify(place.bucket, hours(4))


def test_a_changed_manifest_is_found_and_nothing_is_added_to_it(place: Place) -> None:
    filled(place)
    key = manifest_key(1)
    content = json.loads(place.bucket.get(key) or b"")
    overwrite(place, key, (json.dumps(content | {"count": 0, "key": ""}, sort_keys=True, indent=1) + "\n").encode())
    with pytest.raises(BrokenError, match="2 versions of what is written once"):
        verify(place.bucket, hours(4))
    with pytest.raises(BrokenError, match="does not follow from the one before"):
        place.run(hours(9))


def test_a_deleted_manifest_is_found_also_at_the_end(place: Place) -> None:
    filled(place)
    place.servers.client.delete_object(Bucket=place.bucket.name, Key=f"{place.bucket.prefix}/{manifest_key(2)}")
    with pytest.raises(BrokenError, match="manifests were deleted"):
        verify(place.bucket, hours(4))


def test_a_deleted_object_is_found(place: Place) -> None:
    filled(place)
    key = next(place.bucket.keys("dt="))
    place.servers.client.delete_object(Bucket=place.bucket.name, Key=f"{place.bucket.prefix}/{key}")
    with pytest.raises(BrokenError, match="it is gone"):
        verify(place.bucket, hours(4))


def test_a_lock_that_is_too_short_is_found(place: Place) -> None:
    short = replace(place, bucket=replace(place.bucket, days=30))
    filled(short)
    with pytest.raises(BrokenError, match="can be deleted before"):
        verify(place.bucket, hours(4))


def test_a_gap_in_time_is_found(place: Place) -> None:
    filled(place)
    last = list(read_manifests(place.bucket))[-1]
    after = replace(last, sequence=last.sequence + 1, previous=last.digest(), key="", sha256="", count=0)
    gap = replace(after, start=hours(9).isoformat(), end=hours(10).isoformat())
    place.bucket.put_new(manifest_key(gap.sequence), gap.content(), hours(10))
    for check in (lambda: verify(place.bucket, hours(10)), lambda: rehearse(place.source, place.bucket, hours(10))):
        with pytest.raises(BrokenError, match="it begins at"):
            check()


def test_lines_of_any_characters_come_back(place: Place) -> None:
    odd = {"separators": "a\u2028b\u0085c\x0bd\re", "half": "\ud83d", "é\udce9": 1}
    source = {"event": {"ingested": hours(0.2).isoformat()}, **odd}
    line = {"id": "odd", "arrived": hours(0.2).isoformat(), "source": source}
    requests.post(
        f"{place.servers.elasticsearch}/{place.source.stream}/_test", json=[line], timeout=10
    ).raise_for_status()
    assert place.run(hours(4)) == 1
    assert verify(place.bucket, hours(4)).lines == 1
    assert rehearse(place.source, place.bucket, hours(4)).lines == 1


def test_what_is_held_is_held_also_where_it_was_there_before(place: Place) -> None:
    filled(place)
    held = replace(place, bucket=replace(place.bucket, hold=True))
    with pytest.raises(BrokenError, match="it is not under the legal hold"):
        verify(held.bucket, hours(4))
    assert hold(held.bucket) == 6
    assert hold(held.bucket) == 0
    assert verify(held.bucket, hours(4)).lines == 3


def test_a_rehearsal_restores_a_sample_and_leaves_nothing_behind(place: Place) -> None:
    place.arrive(*(hours(0.1 + each / 4) for each in range(100)))
    place.run(hours(40))
    found = rehearse(place.source, place.bucket, hours(40))
    assert 40 <= found.lines <= 48
    assert found.manifests == 39
    copies = replace(place.source, stream=f"restored-check-{hours(40):%Y-%m-%d}")
    assert copies.ask("POST", f"{copies.stream}/_count", {})["count"] == 0


def test_a_rehearsal_finds_what_comes_back_otherwise(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(place)
    monkeypatch.setattr(Source, "restored", lambda *_: {})
    with pytest.raises(BrokenError, match="what was restored of it is not what it holds"):
        rehearse(place.source, place.bucket, hours(4))


def test_nothing_is_restored_into_what_it_was_archived_from(place: Place) -> None:
    filled(place)
    with pytest.raises(ValueError, match=f"{STREAM}-b.*begins with restored-"):
        restore(place.source, place.bucket, place.source.stream, f"{START:%Y-%m-%d}")


def test_a_day_is_restored_once_however_often(place: Place) -> None:
    filled(place)
    for _ in range(2):
        assert restore(place.source, place.bucket, "restored-audit", f"{START:%Y-%m-%d}") == 3
    restored = replace(place.source, stream="restored-audit")
    assert restored.ask("POST", "restored-audit/_count", {})["count"] == 3


@pytest.mark.parametrize(
    ("wrong", "arguments", "said"),
    [
        (
            {"ARCHIVE_ENDPOINT": "http://127.0.0.1:1"},
            ["verify"],
            'bucket {}: Could not connect to the endpoint URL: "http',
        ),
        ({"ARCHIVE_ENDPOINT": "http://127.0.0.1:1"}, ["hold"], "bucket {}: Could not connect"),
        ({"ARCHIVE_ENDPOINT": "nonsense"}, ["verify"], "Invalid endpoint: nonsense"),
        ({"ARCHIVE_BUCKET": "nowhere"}, ["verify"], "bucket nowhere: An error occurred (NoSuchBucket)"),
        ({"ARCHIVE_DAYS": "many"}, ["verify"], "ARCHIVE_DAYS: 'many' is no number of days"),
        ({"ARCHIVE_MODE": "compliance"}, ["verify"], "ARCHIVE_MODE: 'compliance' is neither COMPLIANCE nor GOVERNANCE"),
        ({"ELASTICSEARCH": "http://127.0.0.1:1"}, ["run"], "http://127.0.0.1:1: <urlopen error [Errno 111]"),
    ],
    ids=lambda value: "" if isinstance(value, list) else str(value),
)
def test_what_does_not_answer_is_no_broken_archive(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: Any, wrong: Any, arguments: list[str], said: str
) -> None:
    settings = {
        "ARCHIVE_BUCKET": place.bucket.name,
        "ARCHIVE_PREFIX": "p",
        "ARCHIVE_DAYS": "7",
        "ARCHIVE_ENDPOINT": place.servers.s3,
        "ARCHIVE_STREAM": STREAM,
        "ELASTICSEARCH": place.servers.elasticsearch,
        "USERNAME": "u",
        "PASSWORD": "p",
        "AWS_MAX_ATTEMPTS": "1",
    }
    for key, value in (settings | wrong).items():
        monkeypatch.setenv(key, value)
    assert main(arguments) == FAILED
    err = capsys.readouterr().err
    assert said.format(place.bucket.name) in err
    assert err.count("\n") == 1


def test_no_day_is_refused_before_anything_is_asked(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        main(["restore", "yesterday", "restored-x"])
    assert "'yesterday' is no day like 2026-11-24" in capsys.readouterr().err


def test_the_check_only_reads_the_bucket(place: Place) -> None:
    """So a key that may do no more is enough for it; docs/logs.md names what each key may."""
    asked = set[str]()

    def noted(model: Any, **_: object) -> None:
        asked.add(str(model.name))

    filled(place)
    client: Any = place.bucket.client
    client.meta.events.register("before-call.s3", noted)
    rehearse(place.source, place.bucket, hours(4))
    verify(place.bucket, hours(4))
    assert asked == {"GetObject", "HeadObject", "ListObjectVersions", "ListObjectsV2"}


def test_the_command_line_says_what_is(place: Place, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    place.arrive(datetime.now(UTC) - timedelta(hours=3))
    settings = {
        "ARCHIVE_BUCKET": place.bucket.name,
        "ARCHIVE_PREFIX": place.bucket.prefix,
        "ARCHIVE_DAYS": str(DAYS),
        "ARCHIVE_ENDPOINT": place.servers.s3,
        "ARCHIVE_STREAM": place.source.stream,
        "ELASTICSEARCH": place.servers.elasticsearch,
        "USERNAME": "u",
    }
    for key, value in settings.items():
        monkeypatch.setenv(key, value)
    monkeypatch.delenv("PASSWORD", raising=False)
    assert main(["run"]) == FAILED
    assert "PASSWORD is not set" in capsys.readouterr().err
    monkeypatch.setenv("PASSWORD", "p")
    assert main(["run"]) == DONE
    assert main(["verify"]) == DONE
    assert "whole: 1 lines in" in capsys.readouterr().out
    assert main(["rehearse"]) == DONE
    assert "restored 1 lines as they were" in capsys.readouterr().out
    assert main(["restore", "2026-11-24", place.source.stream]) == FAILED
    assert "begins with restored-" in capsys.readouterr().err
    place.servers.client.delete_object(Bucket=place.bucket.name, Key=f"{place.bucket.prefix}/{manifest_key(0)}")
    assert main(["verify"]) == BROKEN
