"""Manifests: which lines are where, each naming the one before by its hash."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ops.archive.bucket import Bucket
from ops.archive.source import Line

MANIFESTS = "manifests"
# Elasticsearch takes half of a pair of characters, and gives it back.
_ANY = "surrogatepass"


class BrokenError(Exception):
    """The archive is not what was written. The text says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One object, or a span of time in which nothing arrived."""

    sequence: int
    previous: str
    """SHA-256 of the manifest before; empty for the first."""

    start: str
    end: str
    """The time of arrival that it covers: from the one, up to the other."""

    late: bool
    """Whether it adds lines to a time that another covers, which became visible later."""

    key: str
    """The object; empty where there are no lines."""

    sha256: str
    count: int

    def content(self) -> bytes:
        """As it is written."""
        return (json.dumps(asdict(self), sort_keys=True, indent=1) + "\n").encode()

    def digest(self) -> str:
        """By which the next one names it."""
        return hashlib.sha256(self.content()).hexdigest()


def manifest_key(sequence: int) -> str:
    """Ordered by name as by number."""
    return f"{MANIFESTS}/{sequence:012d}.json"


def read_manifests(bucket: Bucket) -> Iterator[Manifest]:
    """All, in order. Raises BrokenError where one is missing or does not name the one before."""
    previous, expected = "", 0
    for key in bucket.keys(f"{MANIFESTS}/"):
        content = bucket.get(key) or b"{}"
        try:
            manifest = Manifest(**json.loads(content))
        except (TypeError, ValueError) as error:
            raise BrokenError(f"{key}: it is no manifest ({error})") from None
        if key != manifest_key(expected) or manifest.sequence != expected:
            raise BrokenError(f"{key}: number {expected} is missing")
        if manifest.previous != previous or manifest.content() != content:
            raise BrokenError(f"{key}: it does not follow from the one before")
        previous, expected = manifest.digest(), expected + 1
        yield manifest


def packed(lines: Sequence[Line]) -> bytes:
    """The object's content: the same lines give the same bytes, whenever they are packed."""
    ordered = sorted(lines, key=lambda line: (line.arrived, line.id))
    return gzip.compress("".join(f"{line.text()}\n" for line in ordered).encode(errors=_ANY), mtime=0)


def object_key(start: datetime, sha256: str) -> str:
    """By day and hour, and by what is in it."""
    return f"{start:dt=%Y-%m-%d/hh=%H}/{start:%M%S}-{sha256[:32]}.ndjson.gz"


def unpacked(bucket: Bucket, manifest: Manifest) -> list[dict[str, Any]]:
    """The lines of a manifest. Raises BrokenError where they are not those that were written."""
    if not manifest.key:
        return []
    content = bucket.get(manifest.key)
    if content is None:
        raise BrokenError(f"{manifest.key}: it is gone, and manifest {manifest.sequence} names it")
    if hashlib.sha256(content).hexdigest() != manifest.sha256:
        raise BrokenError(f"{manifest.key}: its content is not what manifest {manifest.sequence} says")
    # Bytes end a line where it was ended; text would, at other characters too.
    lines = [json.loads(line.decode(errors=_ANY)) for line in gzip.decompress(content).splitlines()]
    if len(lines) != manifest.count:
        raise BrokenError(f"{manifest.key}: {len(lines)} lines instead of {manifest.count}")
    return lines
