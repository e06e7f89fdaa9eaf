"""Where data is at stake: what is deleted or replaced that holds some, and what is kept for less long than before."""

import re
from collections.abc import Iterator, Mapping, Sequence

from catalogue.model.time import Duration
from ops.diff.compare import pairs as paired
from ops.diff.documents import Document, Documents
from ops.diff.facts import flatten
from ops.diff.model import Item, Value
from ops.diff.subjects.resources import called, found_in, is_forced, pairs

_HELD: Mapping[str, str] = {
    "Namespace": "everything in it goes with it",
    "CustomResourceDefinition": "every object of its kind goes with it",
    "Prometheus": "its metrics",
    "Alertmanager": "its silences and its record of what was sent",
    "Elasticsearch": "its logs",
    "PersistentVolumeClaim": "what is on its volume",
    "StatefulSet": "what its volumes hold",
    "RandomPassword": "who uses the password is locked out until told the new one",
    "PrivateKey": "what was signed with the key is no longer trusted",
    "Service": "its incidents stay, under a service that is gone",
}
_SIZES = {"K": 1, "M": 2, "G": 3, "T": 4, "P": 5}
_SIZE = re.compile(r"([0-9.]+)([KMGTP]?)(i?)B?")


def warnings(old: Documents, new: Documents, kept: tuple[Sequence[Item], Sequence[Item]]) -> tuple[str, ...]:
    """Each in one sentence. `kept` is what both say of retention."""
    return (*sorted(_resources(old, new)), *sorted(_shortened(*kept)))


def _resources(old: Documents, new: Documents) -> Iterator[str]:
    for before, after in pairs(old, new):
        if before and not after:
            yield from _lost(before, "is deleted")
        if before and after:
            yield from _changed(before, after)


def _changed(before: Document, after: Document) -> Iterator[str]:
    found = found_in(before, after)
    if forced := [each.label for each in found if is_forced(after, each.label)]:
        yield from _lost(before, f"is replaced, for {forced[0]} changes")
    elif before.get("protect") and not after.get("protect"):
        yield f"{called(before)} is no longer protected from deletion"
    for each in found:
        if each.label.endswith("requests.storage") and each.old and each.new and _size(each.new) < _size(each.old):
            yield f"{called(before)}: {each.label} shrinks, and a volume cannot: the update fails or the old size stays"


def _lost(resource: Document, what: str) -> Iterator[str]:
    kind = str(resource["inputs"].get("kind") or str(resource["type"]).rpartition(":")[2])
    vendor = not str(resource["type"]).startswith("kubernetes:")
    if str(resource["type"]) == "pulumi:providers:kubernetes":
        yield f"{called(resource)} {what}: every object in the cluster goes with it"
    elif kind in _HELD and (kind != "Service" or vendor):
        yield f"{called(resource)} {what}: {_HELD[kind]}{_kept(resource)}"
    elif resource.get("protect"):
        yield f"{called(resource)} {what}{_kept(resource)}"


def _kept(resource: Document) -> str:
    """What softens or prevents the loss."""
    stay = flatten(resource["inputs"]).get("spec.persistentVolumeClaimRetentionPolicy.whenDeleted") == "Retain"
    volumes = "; its volumes are retained" if stay else ""
    retained = "; it stays in the cluster, and nobody manages it" if resource.get("retainOnDelete") else ""
    protected = "; it is protected, so the update is refused until somebody unprotects it"
    return f"{volumes}{retained}{protected if resource.get('protect') else ''}"


def _shortened(old: Sequence[Item], new: Sequence[Item]) -> Iterator[str]:
    for before, after in paired(old, new):
        if before is None:
            continue
        if after is None:
            if before.name.startswith("policy "):
                yield f"{before.name} is deleted: what it kept is kept for ever, or by another"
            continue
        for label, value in before.facts.items():
            now = after.facts.get(label)
            if now is not None and _is_less(label, value, now):
                yield f"{after.name}: {label} {value} → {now}: what is beyond that is deleted for good"


def _is_less(label: str, old: Value, new: Value) -> bool:
    if label == "kept up to":
        return _size(new) < _size(old)
    if label == "kept for" or "retention" in label or label.endswith(("delete after", "delete.minAge", "expire_after")):
        return _span(new) < _span(old)
    return False


def _span(value: Value) -> int:
    try:
        return Duration.parse(str(value)).seconds
    except ValueError:
        return 0


def _size(value: Value) -> float:
    match = _SIZE.fullmatch(str(value))
    return float(match[1]) * (1024 if match[3] else 1000) ** _SIZES.get(match[2], 0) if match else 0.0
