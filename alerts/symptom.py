"""What people notice, or would: how somebody who knows no alert by name finds its runbook."""

from enum import StrEnum


class Symptom(StrEnum):
    """What is wrong from the outside."""

    OUTAGE = "The platform, or a part of it, cannot be used"
    ERRORS = "Some requests or jobs fail"
    SLOW = "Answers are slow"
    STALE = "Data is old or missing"
    LOSS = "Data may be lost: backups, snapshots, archives, replicas"
    FULL = "Something fills up: memory, disk, connections, quotas"
    DEGRADED = "Less redundancy than planned; nothing is broken yet"
    BLIND = "We do not see what happens: metrics, logs, traces or alerts are missing"
    NONE = "Nothing is wrong"
