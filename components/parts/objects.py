"""What our Kubernetes objects have in common, in the SDK's types."""

from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

from pulumi import Input, Resource, ResourceOptions
from pulumi_kubernetes.core.v1 import (
    PodSecurityContextArgsDict,
    ResourceRequirementsArgsDict,
    SecurityContextArgsDict,
    TopologySpreadConstraintArgsDict,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgsDict, ObjectMetaArgsDict
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget
from pulumi_kubernetes.rbac.v1 import (
    ClusterRole,
    ClusterRoleBinding,
    PolicyRuleArgsDict,
    Role,
    RoleBinding,
    RoleRefArgsDict,
    SubjectArgsDict,
)

T = TypeVar("T")
NODES, ZONES = "kubernetes.io/hostname", "topology.kubernetes.io/zone"
_RBAC = "rbac.authorization.k8s.io"

# Pod Security's `restricted` profile.
POD_SECURITY: PodSecurityContextArgsDict = {
    "run_as_non_root": True,
    "run_as_user": 65534,
    # An image names no group for a user that it does not know, and root's would be taken.
    "run_as_group": 65534,
    "seccomp_profile": {"type": "RuntimeDefault"},
}
CONTAINER_SECURITY: SecurityContextArgsDict = {
    "allow_privilege_escalation": False,
    "read_only_root_filesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def metadata(name: str, labels: Mapping[str, str], namespace: Input[str] | None = None) -> ObjectMetaArgsDict:
    """Name, labels and namespace; names are always explicit, or each preview would make up another."""
    if namespace is None:
        return {"name": name, "labels": dict(labels)}
    return {"name": name, "labels": dict(labels), "namespace": namespace}


def filled(spec: T) -> T:
    """The object without empty lists and maps: an API server leaves them out, and each refresh would miss them."""
    return cast("T", {key: value for key, value in cast("Mapping[str, object]", spec).items() if value not in ([], {})})


def resources(cpu: str, memory: str) -> ResourceRequirementsArgsDict:
    """Hard limits on memory and on what is written to the node's disk; none on CPU, where a limit only throttles."""
    return {
        "requests": {"cpu": cpu, "memory": memory, "ephemeral-storage": "64Mi"},
        # Lines that the kubelet has yet to rotate, 50 MiB at most, and what pods have of scratch.
        "limits": {"memory": memory, "ephemeral-storage": "512Mi"},
    }


def budget(name: str, where: ObjectMetaArgsDict, pods: Mapping[str, str], opts: ResourceOptions) -> None:
    """Lets a drained node take one of the pods at a time."""
    selector: LabelSelectorArgsDict = {"match_labels": dict(pods)}
    PodDisruptionBudget(name, metadata=where, spec={"max_unavailable": 1, "selector": selector}, opts=opts)


def spread(pods: Mapping[str, str], *topologies: str) -> list[TopologySpreadConstraintArgsDict]:
    """Keeps replicas apart as far as there is room: on nodes, zones, or what else the labels of nodes name."""
    return [
        {
            "label_selector": {"match_labels": dict(pods)},
            "max_skew": 1,
            "topology_key": topology,
            "when_unsatisfiable": "ScheduleAnyway",
        }
        for topology in topologies
    ]


def rule(group: str, resources: Sequence[str], *verbs: str) -> PolicyRuleArgsDict:
    """One rule of a role."""
    return {"api_groups": [group], "resources": list(resources), "verbs": list(verbs)}


def account(name: Input[str], namespace: Input[str]) -> SubjectArgsDict:
    """A service account as the subject of a binding."""
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


def grant(
    name: str,
    where: ObjectMetaArgsDict,
    rules: Sequence[PolicyRuleArgsDict],
    subject: SubjectArgsDict,
    opts: ResourceOptions,
) -> Resource:
    """Lets the subject do what the rules say: within the namespace of `where`, or in the whole cluster without one."""
    if "namespace" in where:
        role = Role(f"{name}-role", metadata=where, rules=[*rules], opts=opts)
        reference: RoleRefArgsDict = {"api_group": _RBAC, "kind": "Role", "name": role.metadata.name}
        return RoleBinding(f"{name}-binding", metadata=where, role_ref=reference, subjects=[subject], opts=opts)
    role = ClusterRole(f"{name}-cluster-role", metadata=where, rules=[*rules], opts=opts)
    everywhere: RoleRefArgsDict = {"api_group": _RBAC, "kind": "ClusterRole", "name": role.metadata.name}
    return ClusterRoleBinding(
        f"{name}-cluster-binding", metadata=where, role_ref=everywhere, subjects=[subject], opts=opts
    )
