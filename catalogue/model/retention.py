"""Under which names logs are kept: alerts watch them, and what keeps the logs uses them."""

OUR_INDICES = "[.]ds-logs-openpolicy[.].+"
"""Regular expression for the indices behind every data stream of ours."""

RECOVERY_REPOSITORY = "openpolicy-snapshots"
"""Gets a snapshot each night of everything that has not to be gone by a day."""

EVIDENCE_REPOSITORY = "openpolicy-evidence"
"""Gets a snapshot of the log classes that are evidence each Sunday. Their deletion waits for it."""

AUDIT_ARCHIVE = "audit-archive"
"""CronJob that writes new audit lines to the locked bucket every hour."""

AUDIT_RESTORE = "audit-restore"
"""CronJob that restores a sample of that bucket every month, and compares."""
