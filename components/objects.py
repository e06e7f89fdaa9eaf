"""What our Kubernetes objects have in common, in the SDK's types."""

from collections.abc import Mapping, Sequence

from pulumi import Input, Resource, ResourceOptions
from pulumi_kubernetes.core.v1 import (
    PodSecurityContextArgsDict,
    ResourceRequirementsArgsDict,
    SecurityContextArgsDict,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
from pulumi_kubernetes.rbac.v1 import (
    ClusterRole,
    ClusterRoleBinding,
    PolicyRuleArgsDict,
    Role,
    RoleBinding,
    RoleRefArgsDict,
    SubjectArgsDict,
)

_RBAC = "rbac.authorization.k8s.io"

# Pod Security's `restricted` profile.
POD_SECURITY: PodSecurityContextArgsDict = {
    "run_as_non_root": True,
    "run_as_user": 65534,
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


def resources(cpu: str, memory: str) -> ResourceRequirementsArgsDict:
    """A hard limit on memory and none on CPU, where a limit only throttles."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}}


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
