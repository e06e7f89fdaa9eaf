"""What every server needs that adds an API to the cluster's own: a certificate, and a way to ask who is calling.

The API server calls it, and vouches for the caller; so it may read whom to believe, and ask what a caller may do.
"""

from collections.abc import Mapping

from pulumi import Input, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
from pulumi_kubernetes.rbac.v1 import ClusterRoleBinding, RoleBinding, SubjectArgsDict

from components.parts.objects import metadata

_RBAC = "rbac.authorization.k8s.io"
_ISSUING = "cert-manager.io/v1"


def serve_extension(
    name: str, what: str, labels: Mapping[str, str], subject: SubjectArgsDict, opts: ResourceOptions
) -> None:
    """Lets `subject`, which serves the extension `what`, find out who is calling and what they may do."""
    ClusterRoleBinding(
        f"{name}-delegator",
        metadata=metadata(f"openpolicy-{what}-delegator", labels),
        role_ref={"api_group": _RBAC, "kind": "ClusterRole", "name": "system:auth-delegator"},
        subjects=[subject],
        opts=opts,
    )
    RoleBinding(
        f"{name}-authentication",
        metadata=metadata(f"openpolicy-{what}-authentication", labels, "kube-system"),
        role_ref={"api_group": _RBAC, "kind": "Role", "name": "extension-apiserver-authentication-reader"},
        subjects=[subject],
        opts=opts,
    )


def serving_certificate(
    name: str, what: str, where: ObjectMetaArgsDict, host: Input[str], opts: ResourceOptions
) -> str:
    """Has cert-manager issue a certificate that vouches for itself; returns the name of its Secret.

    `where` names it and its issuer `what`, and says in which namespace they are.

    Nobody but the API server reads it, and cert-manager tells that whom to trust. So no other authority is needed.
    """
    secret = f"{what}-certificate"
    issuer = CustomResource(
        f"{name}-issuer", api_version=_ISSUING, kind="Issuer", metadata=where, spec={"selfSigned": {}}, opts=opts
    )
    CustomResource(
        f"{name}-certificate",
        api_version=_ISSUING,
        kind="Certificate",
        metadata=where,
        spec={
            "secretName": secret,
            "dnsNames": [host],
            "usages": ["server auth"],
            "duration": "2160h",
            "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
            "issuerRef": {"kind": "Issuer", "name": what},
        },
        opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[issuer])),
    )
    return secret
