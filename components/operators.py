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

from components.objects import CONTAINER_SECURITY, POD_SECURITY, account, grant, metadata, resources, rule
from components.render.kubernetes import labels

VERSION = "v0.85.0"
"""Of Prometheus Operator, and so of components/crds."""

_IMAGES = "quay.io/prometheus-operator"
_CRDS = Path(__file__).parent / "crds"


_KINDS = ("alertmanagers", "prometheuses", "prometheusagents", "thanosrulers")
_READ_KINDS = ("alertmanagerconfigs", "podmonitors", "probes", "prometheusrules", "scrapeconfigs", "servicemonitors")
_ALL = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")

# It writes the StatefulSets, Services and generated Secrets of the objects that it finds, here and nowhere else.
_IN_NAMESPACE = [
    rule("monitoring.coreos.com", _KINDS, "get", "list", "watch", "update", "patch"),
    rule(
        "monitoring.coreos.com",
        [f"{kind}/{part}" for kind in _KINDS for part in ("finalizers", "status")],
        "update",
        "patch",
    ),
    rule("monitoring.coreos.com", _READ_KINDS, "get", "list", "watch"),
    rule("monitoring.coreos.com", ["servicemonitors/status"], "update", "patch"),
    rule("apps", ["statefulsets"], *_ALL),
    rule("", ["configmaps", "secrets"], *_ALL),
    rule("", ["pods"], "list", "delete"),
    rule("", ["services", "services/finalizers"], "get", "create", "update", "delete"),
]
_IN_CLUSTER = [
    # It asks for this everywhere, and without it tells nobody which objects it has rejected.
    rule("", ["events"], "create", "patch"),
    rule("", ["namespaces"], "get", "list", "watch"),
    rule("storage.k8s.io", ["storageclasses"], "get"),
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
        identity = ServiceAccount(f"{name}-account", metadata=here, automount_service_account_token=False, opts=child)
        subject = account(identity.metadata.name, args.namespace)
        everywhere = metadata("openpolicy-prometheus-operator", own)
        rights = [
            grant(name, here, _IN_NAMESPACE, subject, child),
            grant(name, everywhere, _IN_CLUSTER, subject, child),
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
                        "service_account_name": identity.metadata.name,
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
            opts=ResourceOptions(parent=self, depends_on=[*kinds, *rights]),
        )
        service = Service(
            f"{name}-service",
            metadata=here,
            spec={"selector": selector, "ports": [{"name": "http", "port": 8080, "target_port": "http"}]},
            opts=child,
        )
        self.service = service.metadata.name
        self.register_outputs({"service": self.service})
