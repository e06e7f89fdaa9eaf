"""Snapshots: for recovery every day, and of evidence before it is deleted.

What must be gone by a day is in none of them: a snapshot of it would outlive it by a month. Nor are traces, which go
sooner than that and are most of what is written, and copies of what the archive holds.

They are no archive: an index can be restored one major version later at most, and a repository cannot lie in a bucket
with an object lock.
"""

from collections.abc import Sequence

from catalogue.model.logs import DEAD_LETTERS, Keep, LogClass
from catalogue.model.retention import EVIDENCE_REPOSITORY, RECOVERY_REPOSITORY
from components.render.kubernetes import Document
from components.render.logs.names import PREFIX, RESTORED, TRACES, pattern, weekly

DAILY = f"{PREFIX}-daily"


def repositories(bucket: str) -> dict[str, Document]:
    """Repositories by name. A lost or broken one must not take evidence with it, so that has its own."""
    return {
        name: {
            "type": "s3",
            "settings": {"bucket": bucket, "base_path": path, "client": "default", "compress": True},
        }
        for name, path in ((RECOVERY_REPOSITORY, "recovery"), (EVIDENCE_REPOSITORY, "evidence"))
    }


def daily(classes: Sequence[LogClass]) -> Document:
    """Everything that may be kept, every night."""
    passing = [each.name for each in classes if each.meaning is Keep.AT_MOST]
    return {
        "schedule": "0 30 1 * * ?",
        "name": f"<{DAILY}-{{now/d}}>",
        "repository": RECOVERY_REPOSITORY,
        "config": {
            "indices": [
                "*",
                *(f"-{index}" for name in (*passing, DEAD_LETTERS) for index in _behind(name)),
                f"-{TRACES}",
                f"-{RESTORED}",
            ],
            "include_global_state": True,
        },
        "retention": {"expire_after": "30d", "min_count": 7, "max_count": 60},
    }


def _behind(name: str) -> tuple[str, str, str]:
    """Its data streams, and the hidden indices of lines and of failures that a wildcard finds beside them."""
    return (pattern(name), f".ds-{pattern(name)}", f".fs-{pattern(name)}")


def weekly_policy(log_class: LogClass) -> Document:
    """One class, every Sunday. Daily ones of seven years would make a repository of thousands."""
    return {
        "schedule": "0 0 3 ? * SUN",
        "name": f"<{weekly(log_class)}-{{now/d}}>",
        "repository": EVIDENCE_REPOSITORY,
        "config": {"indices": [pattern(log_class.name)], "include_global_state": False},
        "retention": {"expire_after": f"{log_class.retention.seconds // 86_400}d", "min_count": 4},
    }
