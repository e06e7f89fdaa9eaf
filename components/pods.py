"""What every pod of ours has in common: Pod Security's `restricted` profile, in the SDK's types."""

from pulumi_kubernetes.core.v1 import PodSecurityContextArgsDict, SecurityContextArgsDict

POD_SECURITY: PodSecurityContextArgsDict = {
    "run_as_non_root": True,
    "seccomp_profile": {"type": "RuntimeDefault"},
}
CONTAINER_SECURITY: SecurityContextArgsDict = {
    "allow_privilege_escalation": False,
    "read_only_root_filesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
