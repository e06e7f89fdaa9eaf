"""Writes what is not yet in the archive."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ops.archive.bucket import Bucket, TakenError
from ops.archive.chain import Manifest, manifest_key, object_key, packed, read_manifests, unpacked
from ops.archive.source import Line, Source

_SPAN = timedelta(hours=1)
# A line becomes visible seconds after it arrived; this leaves minutes.
SETTLED = timedelta(minutes=15)
# How far back a run looks for lines that became visible later all the same.
_LOOKS_BACK = timedelta(days=2)
# More lines than this are not held in memory at once.
_MOST = 200_000


@dataclass(slots=True)
class Tail:
    """Where the chain ends."""

    sequence: int = 0
    previous: str = ""
    reached: datetime | None = None


def archive(source: Source, bucket: Bucket, now: datetime, told: Callable[[str], None] = print) -> int:
    """Archives every whole hour that has settled, and what became visible late. Returns how many lines.

    Raises BrokenError where the chain is broken: nothing is added to that.
    """
    known = list(read_manifests(bucket))
    tail = _tail(known)
    written = 0
    for start, end in _covered(known, now - _LOOKS_BACK):
        written += _late(source, bucket, tail, [each for each in known if _at(each) == (start, end)], now, told)
    start = tail.reached or _hour(source.first() or now)
    while (end := _hour(start) + _SPAN) <= now - SETTLED:
        while end - start > timedelta(seconds=1) and source.count(start, end) > _MOST:
            end = start + (end - start) / 2
        written += _write(bucket, tail, list(source.lines(start, end)), (start, end), now, told)
        start = end
        tail.reached = end
    return written


def _tail(known: Sequence[Manifest]) -> Tail:
    reached = max((datetime.fromisoformat(each.end) for each in known), default=None)
    last = known[-1] if known else None
    return Tail(sequence=len(known), previous=last.digest() if last else "", reached=reached)


def _at(manifest: Manifest) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(manifest.start), datetime.fromisoformat(manifest.end)


def _covered(known: Sequence[Manifest], since: datetime) -> list[tuple[datetime, datetime]]:
    return sorted({_at(each) for each in known if _at(each)[1] > since})


def _late(
    source: Source,
    bucket: Bucket,
    tail: Tail,
    covering: Sequence[Manifest],
    now: datetime,
    told: Callable[[str], None],
) -> int:
    start, end = _at(covering[0])
    if source.count(start, end) <= sum(each.count for each in covering):
        return 0
    held = {str(line["_id"]) for each in covering for line in unpacked(bucket, each)}
    lines = [line for line in source.lines(start, end) if line.id not in held]
    return _write(bucket, tail, lines, (start, end), now, told, late=True) if lines else 0


def _write(
    bucket: Bucket,
    tail: Tail,
    lines: Sequence[Line],
    span: tuple[datetime, datetime],
    now: datetime,
    told: Callable[[str], None],
    *,
    late: bool = False,
) -> int:
    content = packed(lines)
    sha256 = hashlib.sha256(content).hexdigest()
    key = object_key(span[0], sha256) if lines else ""
    if key:
        try:
            bucket.put_new(key, content, now)
        except TakenError:
            # Named by its content, so it is the same: a run ended between the object and its manifest.
            told(f"{key} is there already")
    manifest = Manifest(
        sequence=tail.sequence,
        previous=tail.previous,
        start=span[0].isoformat(),
        end=span[1].isoformat(),
        late=late,
        key=key,
        sha256=sha256 if lines else "",
        count=len(lines),
    )
    # Of two runs at once, one loses here, and has changed nothing.
    bucket.put_new(manifest_key(tail.sequence), manifest.content(), now)
    tail.sequence, tail.previous = tail.sequence + 1, manifest.digest()
    told(f"archived {len(lines)} lines of {manifest.start} up to {manifest.end}{' (late)' if late else ''}")
    return len(lines)


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
