"""Index lifecycle policies: one for each class of logs, from its retention."""

from catalogue.model.logs import LogClass
from catalogue.model.time import Duration, days
from components.render.kubernetes import Document
from components.render.logs.keeping import Keeping
from components.render.logs.names import weekly

MANAGED: Document = {"managed_by": "pulumi"}


def lifecycle(log_class: LogClass, keeping: Keeping) -> Document:
    """The policy. Ages count from the rollover. Moving to the next tier is what a phase does by itself."""
    phases: Document = {"hot": _hot(log_class), "warm": _warm(log_class)}
    if log_class.cold_after is not None:
        phases["cold"] = {"min_age": age(log_class.cold_after), "actions": {"set_priority": {"priority": 0}}}
    if keeping.freezes(log_class) and log_class.cold_after is not None:
        # A day in cold, where the snapshot is taken from.
        phases["frozen"] = {
            "min_age": age(Duration(log_class.cold_after.seconds + days(1).seconds)),
            "actions": {"searchable_snapshot": {"snapshot_repository": keeping.repository}},
        }
    after = keeping.deletes_after_days(log_class)
    if after is not None:
        phases["delete"] = {"min_age": f"{after}d", "actions": _delete(log_class, keeping)}
    return {"policy": {"_meta": {**MANAGED, "class": log_class.name}, "phases": phases}}


def age(span: Duration) -> str:
    """As Elasticsearch writes it: whole days."""
    return f"{span.seconds // 86_400}d"


def _hot(log_class: LogClass) -> Document:
    size = f"{log_class.rollover_size.count >> 30}gb"
    rollover = {"max_primary_shard_size": size, "max_age": age(log_class.rollover)}
    # After a crash, evidence comes back first.
    priority = 200 if log_class.evidence else 100
    return {"min_age": "0ms", "actions": {"rollover": rollover, "set_priority": {"priority": priority}}}


def _warm(log_class: LogClass) -> Document:
    actions: Document = {"readonly": {}, "forcemerge": {"max_num_segments": 1}, "set_priority": {"priority": 50}}
    return {"min_age": age(log_class.warm_after), "actions": actions}


def _delete(log_class: LogClass, keeping: Keeping) -> Document:
    wait: Document = {"wait_for_snapshot": {"policy": weekly(log_class)}} if keeping.snapshotted(log_class) else {}
    # What is frozen is only a snapshot, which would stay behind.
    return {**wait, "delete": {"delete_searchable_snapshot": keeping.freezes(log_class)}}
