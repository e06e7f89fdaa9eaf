"""What our Kubernetes objects have in common, in the SDK's types."""

from collections.abc import Mapping

from pulumi import Input
from pulumi_kubernetes.core.v1 import (
    PodSecurityContextArgsDict,
    ResourceRequirementsArgsDict,
    SecurityContextArgsDict,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

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
