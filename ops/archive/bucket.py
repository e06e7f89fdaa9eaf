"""A bucket with an object lock, as the archive uses it: written once, never overwritten."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol, cast

_NEVER = datetime.min.replace(tzinfo=UTC)


class Client(Protocol):
    """What is used of boto3's client, which has no types of its own."""

    exceptions: Any

    def put_object(self, **request: Any) -> Mapping[str, Any]:
        """Writes an object."""
        ...

    def get_object(self, **request: Any) -> Mapping[str, Any]:
        """Reads one."""
        ...

    def head_object(self, **request: Any) -> Mapping[str, Any]:
        """What is known of one."""
        ...

    def put_object_legal_hold(self, **request: Any) -> Mapping[str, Any]:
        """Puts a hold on one, or takes it off."""
        ...

    def get_paginator(self, name: str) -> Any:
        """Lists."""
        ...


class TakenError(Exception):
    """Somebody else wrote this key first."""


class Lock(NamedTuple):
    """What keeps an object from being deleted."""

    until: datetime
    held: bool
    """Whether it is under a legal hold as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One archive within a bucket."""

    client: Client
    name: str
    prefix: str
    """Folder of this archive, such as audit/env=prod."""

    days: int
    """How long an object cannot be deleted."""

    mode: str
    """COMPLIANCE: by nobody. GOVERNANCE: but by who has a right of its own for it."""

    hold: bool
    """Whether a legal hold is on what is written."""

    def put_new(self, key: str, content: bytes, now: datetime) -> None:
        """Writes an object that is not there yet. Raises TakenError where it is."""
        try:
            self.client.put_object(
                Bucket=self.name,
                Key=self._full(key),
                Body=content,
                IfNoneMatch="*",
                # A lock is refused without one.
                ChecksumAlgorithm="SHA256",
                ObjectLockMode=self.mode,
                ObjectLockRetainUntilDate=now + timedelta(days=self.days),
                ObjectLockLegalHoldStatus="ON" if self.hold else "OFF",
            )
        except Exception as error:
            if _code(error) in ("PreconditionFailed", "ConditionalRequestConflict"):
                raise TakenError(key) from None
            raise

    def get(self, key: str) -> bytes | None:
        """Its content, or None where there is none."""
        try:
            return cast("bytes", self.client.get_object(Bucket=self.name, Key=self._full(key))["Body"].read())
        except Exception as error:
            if _code(error) in ("NoSuchKey", "404"):
                return None
            raise

    def lock(self, key: str) -> Lock:
        """Its lock, as it is now."""
        found = self.client.head_object(Bucket=self.name, Key=self._full(key))
        until = cast("datetime", found.get("ObjectLockRetainUntilDate", _NEVER))
        return Lock(until, found.get("ObjectLockLegalHoldStatus") == "ON")

    def put_under_hold(self, key: str) -> None:
        """Puts a legal hold on what is there already."""
        self.client.put_object_legal_hold(Bucket=self.name, Key=self._full(key), LegalHold={"Status": "ON"})

    def keys(self, folder: str, after: str = "") -> Iterator[str]:
        """Keys in the folder, in order."""
        pages = self.client.get_paginator("list_objects_v2")
        start: dict[str, str] = {"StartAfter": self._full(after)} if after else {}
        for page in pages.paginate(Bucket=self.name, Prefix=self._full(folder), **start):
            for each in page.get("Contents", []):
                yield str(each["Key"]).removeprefix(f"{self.prefix}/")

    def versions(self, folder: str) -> Mapping[str, int]:
        """How many versions, deletions among them, each key of the folder has."""
        found = dict[str, int]()
        for page in self.client.get_paginator("list_object_versions").paginate(
            Bucket=self.name, Prefix=self._full(folder)
        ):
            for each in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                key = str(each["Key"]).removeprefix(f"{self.prefix}/")
                found[key] = found.get(key, 0) + 1
        return found

    def _full(self, key: str) -> str:
        return f"{self.prefix}/{key}"


def _code(error: Exception) -> str:
    # boto3 makes its exceptions at run time; what they have in common is this.
    response: Any = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))
