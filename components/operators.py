"""The operators that run the stateful systems, and the kinds that they understand.

The kinds are apart from the operators: removing a CustomResourceDefinition deletes every object of its kind and the
data behind it, so each is protected, and stays in the cluster when it leaves the program.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_kubernetes.apiextensions.v1 import CustomResourceDefinition
from pulumi_kubernetes.apps.v1 import Deployment
from pulumi_kubernetes.core.v1 import Service, ServiceAccount
from pulumi_kubernetes.rbac.v1 import (
    ClusterRole,
    ClusterRoleBinding,
    PolicyRuleArgsDict,
    Role,
    RoleBinding,
    SubjectArgsDict,
)

from components.objects import CONTAINER_SECURITY, POD_SECURITY, metadata, resources
from components.render.kubernetes import labels

VERSION = "v0.85.0"
"""Of Prometheus Operator, and so of components/crds."""

_IMAGES = "quay.io/prometheus-operator"
_RBAC = "rbac.authorization.k8s.io"
_CRDS = Path(__file__).parent / "crds"


def _rule(group: str, resources: Sequence[str], *verbs: str) -> PolicyRuleArgsDict:
    return {"api_groups": [group], "resources": list(resources), "verbs": list(verbs)}


_KINDS = ("alertmanagers", "prometheuses", "prometheusagents", "thanosrulers")
_READ_KINDS = ("alertmanagerconfigs", "podmonitors", "probes", "prometheusrules", "scrapeconfigs", "servicemonitors")
_ALL = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")

# It writes the StatefulSets, Services and generated Secrets of the objects that it finds, here and nowhere else.
_IN_NAMESPACE = [
    _rule("monitoring.coreos.com", _KINDS, "get", "list", "watch", "update", "patch"),
    _rule(
        "monitoring.coreos.com",
        [f"{kind}/{part}" for kind in _KINDS for part in ("finalizers", "status")],
        "update",
        "patch",
    ),
    _rule("monitoring.coreos.com", _READ_KINDS, "get", "list", "watch"),
    _rule("monitoring.coreos.com", ["servicemonitors/status"], "update", "patch"),
    _rule("apps", ["statefulsets"], *_ALL),
    _rule("", ["configmaps", "secrets"], *_ALL),
    _rule("", ["pods"], "list", "delete"),
    _rule("", ["services", "services/finalizers"], "get", "create", "update", "delete"),
    _rule("", ["events"], "create", "patch"),
]
_IN_CLUSTER = [
    _rule("", ["namespaces"], "get", "list", "watch"),
    _rule("storage.k8s.io", ["storageclasses"], "get"),
]


@cache
def definitions() -> Sequence[dict[str, Any]]:
    """The CustomResourceDefinitions, as upstream publishes them for VERSION, without descriptions."""
    return [json.loads(path.read_text()) for path in sorted(_CRDS.glob("*.json"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorsArgs:
    """Where the operators run, and what they look after."""

    namespace: Input[str]
    """The one namespace whose objects they act on."""

    watched: str
    """The same, for a command line, where an unknown value would hide the whole of it."""


class Operators(ComponentResource):
    """Kinds of monitoring.coreos.com and Prometheus Operator."""

    service: Output[str]
    """Service under which the operator shows its own metrics."""

    def __init__(self, name: str, args: OperatorsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Operators", name, None, opts)
        child = ResourceOptions(parent=self)
        kept = ResourceOptions(parent=self, protect=True, retain_on_delete=True)
        own = labels("prometheus-operator")
        selector = {"app.kubernetes.io/name": own["app.kubernetes.io/name"]}
        here = metadata("prometheus-operator", own, args.namespace)

        kinds = [
            CustomResourceDefinition(
                f"{name}-{definition['spec']['names']['plural']}",
                metadata=definition["metadata"],
                spec=definition["spec"],
                opts=kept,
            )
            for definition in definitions()
        ]
        account = ServiceAccount(f"{name}-account", metadata=here, automount_service_account_token=False, opts=child)
        subject: SubjectArgsDict = {
            "kind": "ServiceAccount",
            "name": account.metadata.name,
            "namespace": args.namespace,
        }
        role = Role(f"{name}-role", metadata=here, rules=_IN_NAMESPACE, opts=child)
        everywhere = metadata("openpolicy-prometheus-operator", own)
        cluster_role = ClusterRole(f"{name}-cluster-role", metadata=everywhere, rules=_IN_CLUSTER, opts=child)
        bindings = [
            RoleBinding(
                f"{name}-binding",
                metadata=here,
                role_ref={"api_group": _RBAC, "kind": "Role", "name": role.metadata.name},
                subjects=[subject],
                opts=child,
            ),
            ClusterRoleBinding(
                f"{name}-cluster-binding",
                metadata=everywhere,
                role_ref={"api_group": _RBAC, "kind": "ClusterRole", "name": cluster_role.metadata.name},
                subjects=[subject],
                opts=child,
            ),
        ]
        Deployment(
            f"{name}-operator",
            metadata=here,
            spec={
                "replicas": 1,
                "selector": {"match_labels": selector},
                "template": {
                    "metadata": {"labels": own},
                    "spec": {
                        "service_account_name": account.metadata.name,
                        "automount_service_account_token": True,
                        "security_context": POD_SECURITY,
                        "containers": [
                            {
                                "name": "prometheus-operator",
                                "image": f"{_IMAGES}/prometheus-operator:{VERSION}",
                                "args": [
                                    f"--namespaces={args.watched}",
                                    f"--prometheus-config-reloader={_IMAGES}/prometheus-config-reloader:{VERSION}",
                                    "--config-reloader-cpu-limit=0",
                                    "--enable-config-reloader-probes=true",
                                    # Kubelets are found through the API instead.
                                    "--kubelet-endpoints=false",
                                ],
                                "ports": [{"name": "http", "container_port": 8080}],
                                "resources": resources("100m", "256Mi"),
                                "security_context": CONTAINER_SECURITY,
                                "readiness_probe": {"http_get": {"path": "/healthz", "port": "http"}},
                                "liveness_probe": {"http_get": {"path": "/healthz", "port": "http"}},
                            }
                        ],
                    },
                },
            },
            opts=ResourceOptions(parent=self, depends_on=[*kinds, *bindings]),
        )
        service = Service(
            f"{name}-service",
            metadata=here,
            spec={"selector": selector, "ports": [{"name": "http", "port": 8080, "target_port": "http"}]},
            opts=child,
        )
        self.service = service.metadata.name
        self.register_outputs({"service": self.service})
