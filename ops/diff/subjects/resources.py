"""Resources: what an update creates, changes, replaces and deletes.

Providers decide what is replaced when the update runs. What they will decide is known for what we use: names and
namespaces, and the fields that an API server or a vendor never lets change.
"""

from collections.abc import Iterator, Mapping

from ops.diff.compare import differences
from ops.diff.documents import Document, Documents
from ops.diff.facts import flatten, some
from ops.diff.model import Change, Difference, Facts, Kind

_FORCED: Mapping[str, tuple[str, ...]] = {
    "kubernetes:": ("apiVersion", "kind", "metadata.name", "metadata.namespace"),
    "kubernetes:apps/v1:": (
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
        "spec.podManagementPolicy",
    ),
    "kubernetes:batch/v1:Job": ("spec.template", "spec.selector", "spec.completions", "spec.parallelism"),
    "kubernetes:core/v1:PersistentVolumeClaim": ("spec",),
    "kubernetes:core/v1:Secret": ("type",),
    "kubernetes:core/v1:Service": ("spec.clusterIP",),
    "kubernetes:rbac.authorization.k8s.io/v1:": ("roleRef",),
    "kubernetes:scheduling.k8s.io/v1:PriorityClass": ("value",),
    "kubernetes:storage.k8s.io/v1:StorageClass": ("parameters", "provisioner"),
    "pulumi:providers:kubernetes": ("clusterIdentifier",),
    "random:": ("",),
    "tls:": ("",),
    "pagerduty:index/serviceIntegration:": ("service", "type", "vendor"),
    "pagerduty:index/serviceDependency:": ("",),
    "pagerduty:index/teamMembership:": ("userId", "teamId"),
    "datadog:index/syntheticsTest:": ("type",),
    "grafana:": ("uid",),
}
"""Which fields are never changed in place, by the start of the resource's type. An empty one is every field."""

_TOLD = ("PrometheusRule", "ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig", "HorizontalPodAutoscaler")
"""Kinds whose fields other subjects tell in words."""

Pair = tuple[Document | None, Document | None]


def pairs(old: Documents, new: Documents) -> Iterator[Pair]:
    """What was and what is, of each resource. One that names its former name is still itself."""
    before = {str(each["urn"]): each for each in old.resources}
    after = {str(each["urn"]): each for each in new.resources}
    moved = {
        urn: former
        for urn, each in after.items()
        if urn not in before
        for former in before
        if former not in after and former in _formers(each, after)
    }
    for urn, each in after.items():
        yield before.get(moved.get(urn, urn)), each
    for urn, each in before.items():
        if urn not in after and urn not in moved.values():
            yield each, None


def _formers(resource: Document, after: Mapping[str, Document]) -> Iterator[str]:
    """URNs by which the engine still knows it: those of its aliases, and what its parent's aliases make of its name."""
    start, _, name = str(resource["urn"]).rpartition("::")
    yield from (alias if "::" in alias else f"{start}::{alias}" for alias in resource.get("aliases", ()))
    parent = after.get(resource.get("parent", ""), {})
    own = _last(parent.get("urn", ""))
    for alias in parent.get("aliases", ()):
        if own and name.startswith(own):
            yield f"{start}::{_last(alias)}{name.removeprefix(own)}"


def compare(old: Documents, new: Documents) -> tuple[Change, ...]:
    """What the update does."""
    return tuple(sorted(_changes(old, new), key=lambda change: (list(Kind).index(change.kind), change.name)))


def _changes(old: Documents, new: Documents) -> Iterator[Change]:
    for before, after in pairs(old, new):
        if before is None and after is not None:
            yield Change(name=called(after), kind=Kind.ADDED, differences=())
        elif before is not None and after is None:
            yield Change(name=called(before), kind=Kind.REMOVED, differences=())
        elif before is not None and after is not None and (found := found_in(before, after)):
            forced = tuple(each for each in found if is_forced(after, each.label))
            told = () if is_told(after) and not forced else forced or found
            yield Change(name=called(after), kind=Kind.REPLACED if forced else Kind.CHANGED, differences=told)


def found_in(before: Document, after: Document) -> tuple[Difference, ...]:
    """Everything that differs between two states of one resource."""
    return tuple(differences(facts(before), facts(after))) if before != after else ()


def facts(resource: Document) -> Facts:
    """The resource's inputs, and how Pulumi treats it."""
    options = some(
        known_as=resource["urn"].split("::", 2)[2],
        protected=resource.get("protect"),
        kept_when_deleted=resource.get("retainOnDelete"),
        ignored_changes=tuple(resource.get("ignoreChanges", ())),
        by=_last(resource.get("provider", "")) or None,
        part_of=_last(resource.get("parent", "")) or None,
        waits_for=tuple(_last(urn) for urn in resource.get("dependencies", ())),
    )
    return {**flatten(resource["inputs"]), **{f"({label})": value for label, value in options.items()}}


def is_forced(resource: Document, label: str) -> bool:
    """Whether a change of the field replaces the resource."""
    return not label.startswith("(") and any(
        label == field or label.startswith((f"{field}.", f"{field}[")) or not field
        for start, fields in _FORCED.items()
        if str(resource["type"]).startswith(start)
        for field in fields
    )


def is_told(resource: Document) -> bool:
    """Whether another subject tells its fields in words."""
    inputs, kind = resource["inputs"], str(resource["type"])
    board = "grafana_dashboard" in inputs.get("metadata", {}).get("labels", {})
    return board or inputs.get("kind") in _TOLD or kind.startswith(("pagerduty:", "datadog:", "grafana:oss/dashboard:"))


def called(resource: Document) -> str:
    """How people call it: kind and name."""
    inputs = resource["inputs"]
    kind = inputs.get("kind") or str(resource["type"]).rpartition(":")[2]
    return f"{kind} {inputs.get('metadata', {}).get('name') or _last(resource['urn'])}"


def _last(urn: str) -> str:
    return urn.rpartition("::")[2]
