"""What a stack has to keep logs with. It decides what a policy may promise."""

from dataclasses import dataclass
from typing import Literal

from catalogue.model.logs import Keep, LogClass
from catalogue.model.retention import EVIDENCE_REPOSITORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Licence, buckets, and whether nodes of the frozen tier are there."""

    license: Literal["basic", "enterprise"]
    frozen: bool
    snapshots: str | None
    """Bucket of the snapshots."""

    archive: str | None
    """Bucket with an object lock."""

    smallest_tier: int
    """Nodes of the tier that has the fewest of those that there are."""

    def __post_init__(self) -> None:
        if self.frozen and self.license == "basic":
            raise ValueError("frozen: searchable snapshots are licensed, and the licence is basic")
        if self.frozen and self.snapshots is None:
            raise ValueError("frozen: a searchable snapshot needs a bucket of snapshots")

    def deletes_after_days(self, log_class: LogClass) -> int | None:
        """Days since rollover. None: never, for the class is held."""
        if log_class.hold:
            return None
        return log_class.deleted_after(archived=self.archived(log_class)).seconds // 86_400

    def replicas(self, log_class: LogClass) -> int:
        """Copies beside the first: never one that no node of a tier has room for.

        An index that waits for it goes no further: not to the next tier, and not when its time is over.
        """
        return min(log_class.replicas, self.smallest_tier - 1)

    def archived(self, log_class: LogClass) -> bool:
        """Whether the archive holds what Elasticsearch lets go of. Frozen nodes can hold it all themselves."""
        return self.archive is not None and not self.frozen and log_class.searchable is not None

    def snapshotted(self, log_class: LogClass) -> bool:
        """Whether it is in a snapshot before it is deleted."""
        return self.snapshots is not None and log_class.meaning is Keep.AT_LEAST

    def freezes(self, log_class: LogClass) -> bool:
        """Whether it ends on frozen nodes: only what is kept longer than it is searched."""
        return self.frozen and log_class.searchable is not None and log_class.cold_at is not None

    @property
    def repository(self) -> str:
        """Where frozen indices lie."""
        return EVIDENCE_REPOSITORY
