"""Says whether the archive is what was written: all of it on demand, and every month a sample that is restored."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ops.archive.bucket import Bucket
from ops.archive.chain import MANIFESTS, BrokenError, Manifest, manifest_key, read_manifests, unpacked
from ops.archive.source import Source

RESTORED = "restored-"
"""How an index for what is restored begins."""

# With the oldest and the newest, a dozen objects: over the years every one of a few that were spoiled is met.
_SAMPLE = 10
# Elasticsearch counts it in milliseconds, and keeps what it was told.
_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the archive holds, and how much of it was looked at."""

    manifests: int
    lines: int
    reached: str
    """Up to when it is archived; empty where nothing is."""


def verify(bucket: Bucket, now: datetime) -> Checked:
    """Reads everything. Raises BrokenError where a line is missing, doubled or changed, or can be deleted too soon."""
    versions, known = bucket.versions(""), list[Manifest]()
    for each in _chain(bucket):
        _lines(bucket, each, known)
        _once(versions, each)
        _locked(bucket, each, now)
        known.append(each)
    _none_deleted(versions, known)
    return _checked(known, known)


def rehearse(source: Source, bucket: Bucket, now: datetime) -> Checked:
    """Restores a sample into an index of its own and reads it back. Raises BrokenError where that is not the same.

    The chain of manifests, and that nothing was deleted or written over, is checked of everything.
    """
    versions, known = bucket.versions(""), list[Manifest]()
    for each in _chain(bucket):
        _once(versions, each)
        known.append(each)
    _none_deleted(versions, known)
    filled = [each for each in known if each.key]
    # Nobody should know beforehand what is looked at.
    chosen = {each.sequence: each for each in (*filled[:1], *filled[-1:])}
    chosen |= {each.sequence: each for each in random.SystemRandom().sample(filled, min(_SAMPLE, len(filled)))}
    index = f"{RESTORED}check-{now:%Y-%m-%d}"
    source.remove(index)
    source.prepare(index)
    try:
        for each in chosen.values():
            _locked(bucket, each, now)
            lines = _lines(bucket, each, known)
            written = {str(line["_id"]): line["_source"] for line in lines}
            source.restore(index, lines)
            if source.restored(index, list(written)) != written:
                raise BrokenError(f"{each.key}: what was restored of it is not what it holds")
    finally:
        source.remove(index)
    return _checked(known, list(chosen.values()))


def hold(bucket: Bucket) -> int:
    """Puts a legal hold on all that is there. Returns on how much it was not yet."""
    free = [key for key in bucket.versions("") if not bucket.lock(key).held]
    for key in free:
        bucket.put_under_hold(key)
    return len(free)


def restore(source: Source, bucket: Bucket, index: str, day: str) -> int:
    """Writes the lines that arrived on a day (YYYY-MM-DD), in a month or in a year into an index. Returns how many.

    Raises ValueError for an index of another kind: what is restored is a copy, and never mixed with what it copies.
    """
    if not index.startswith(RESTORED):
        raise ValueError(f"{index}: the name of an index for what is restored begins with {RESTORED}")
    source.prepare(index)
    count = 0
    for manifest in read_manifests(bucket):
        if manifest.key.startswith((f"dt={day}/", f"dt={day}-")):
            lines = unpacked(bucket, manifest)
            source.restore(index, lines)
            count += len(lines)
    return count


def _checked(known: Sequence[Manifest], looked_at: Sequence[Manifest]) -> Checked:
    reached = max((each.end for each in known), default="")
    return Checked(manifests=len(known), lines=sum(each.count for each in looked_at), reached=reached)


def _chain(bucket: Bucket) -> Iterator[Manifest]:
    """Every manifest, one hour after the other without a gap."""
    reached = ""
    for each in read_manifests(bucket):
        if reached and not each.late and each.start != reached:
            raise BrokenError(f"{manifest_key(each.sequence)}: it begins at {each.start}, and not at {reached}")
        reached = reached if each.late else each.end
        yield each


def _once(versions: Mapping[str, int], manifest: Manifest) -> None:
    for key in filter(None, (manifest.key, manifest_key(manifest.sequence))):
        if versions.get(key) != 1:
            raise BrokenError(f"{key}: {versions.get(key, 0)} versions of what is written once")


def _none_deleted(versions: Mapping[str, int], known: Sequence[Manifest]) -> None:
    if missing := sum(key.startswith(MANIFESTS) for key in versions) - len(known):
        raise BrokenError(f"{missing} manifests were deleted")


def _lines(bucket: Bucket, manifest: Manifest, known: Sequence[Manifest]) -> list[dict[str, Any]]:
    """Its lines: each once, and of the time that it covers, so that what covers another has none of them."""
    lines = unpacked(bucket, manifest)
    ids = {str(line["_id"]) for line in lines}
    if len(ids) != len(lines):
        raise BrokenError(f"{manifest.key}: a line is there twice")
    start, end = datetime.fromisoformat(manifest.start), datetime.fromisoformat(manifest.end)
    if not all(start - _TICK <= datetime.fromisoformat(line["_source"]["event"]["ingested"]) < end for line in lines):
        raise BrokenError(f"{manifest.key}: a line of another time is in it")
    if manifest.late:
        before = [
            each for each in known[: manifest.sequence] if (each.start, each.end) == (manifest.start, manifest.end)
        ]
        if any(str(line["_id"]) in ids for each in before for line in unpacked(bucket, each)):
            raise BrokenError(f"{manifest.key}: a line is there twice")
    return lines


def _locked(bucket: Bucket, manifest: Manifest, now: datetime) -> None:
    # Written at the end of its time or later, and locked from then on.
    least = min(datetime.fromisoformat(manifest.end), now) + timedelta(days=bucket.days)
    for key in filter(None, (manifest.key, manifest_key(manifest.sequence))):
        lock = bucket.lock(key)
        if lock.until < least:
            raise BrokenError(f"{key}: it can be deleted before {least:%Y-%m-%d}")
        if bucket.hold and not lock.held:
            raise BrokenError(f"{key}: it is not under the legal hold; run `python -m ops archive hold`")
