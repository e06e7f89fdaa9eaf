"""The metrics adapter: answers the cluster's questions about an application's load from Prometheus.

It serves an API of the cluster itself, so the API server has to trust its certificate. cert-manager issues it,
and tells the API server whom to trust.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from pulumi import Input, Output, ResourceOptions
from pulumi_kubernetes.apiregistration.v1 import APIService
from pulumi_kubernetes.apps.v1 import Deployment
from pulumi_kubernetes.core.v1 import ConfigMap, Service, ServiceAccount

from components.parts.extension import serve_extension, serving_certificate
from components.parts.objects import (
    CONTAINER_SECURITY,
    NODES,
    POD_SECURITY,
    ZONES,
    account,
    budget,
    grant,
    metadata,
    resources,
    rule,
    spread,
)
from components.render.kubernetes import labels

_NAME = "prometheus-adapter"
_VERSION = "v0.12.0"
_GROUP = "custom.metrics.k8s.io"
_CONFIG, _CERTIFICATE = "/etc/adapter", "/etc/certificate"
_REPLICAS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """Where it runs, what it reads, and who may ask it."""

    namespace: Input[str]
    priority_class: Input[str]
    prometheus: Input[str]
    """Prometheus' address."""

    config: str
    metrics: Sequence[str]
    """What it serves about pods."""

    application_namespace: str

    def deploy(self, name: str, opts: ResourceOptions) -> None:
        """Registers it, and the API that it serves."""
        own = labels(_NAME)
        pods = {"app.kubernetes.io/name": _NAME}
        here = metadata(_NAME, own, self.namespace)
        identity = ServiceAccount(f"{name}-account", metadata=here, automount_service_account_token=False, opts=opts)
        subject = account(identity.metadata.name, self.namespace)
        serve_extension(name, _NAME, own, subject, opts)
        theirs = metadata(_NAME, own, self.application_namespace)
        grant(name, theirs, [rule("", ["pods"], "list")], subject, opts)
        asked = [rule(_GROUP, [f"pods/{metric}" for metric in self.metrics], "get")]
        reader = metadata(f"{_NAME}-reader", own, self.application_namespace)
        grant(f"{name}-reader", reader, asked, account("horizontal-pod-autoscaler", "kube-system"), opts)
        config = ConfigMap(f"{name}-config", metadata=here, data={"config.yaml": self.config}, opts=opts)
        service = Service(
            f"{name}-service",
            metadata=here,
            spec={"selector": pods, "ports": [{"name": "https", "port": 443, "target_port": "https"}]},
            opts=opts,
        )
        budget(f"{name}-budget", here, pods, opts)
        certificate = serving_certificate(name, _NAME, here, Output.concat(_NAME, ".", self.namespace, ".svc"), opts)
        Deployment(
            f"{name}-deployment",
            metadata=here,
            spec={
                "replicas": _REPLICAS,
                "selector": {"match_labels": pods},
                "template": {
                    # Its configuration is read once.
                    "metadata": {
                        "labels": own,
                        "annotations": {"openpolicy.ca/config": sha256(self.config.encode()).hexdigest()},
                    },
                    "spec": {
                        "service_account_name": identity.metadata.name,
                        "automount_service_account_token": True,
                        "priority_class_name": self.priority_class,
                        "security_context": POD_SECURITY | {"fs_group": 65534},
                        "topology_spread_constraints": spread(pods, NODES, ZONES),
                        "containers": [
                            {
                                "name": _NAME,
                                "image": f"registry.k8s.io/prometheus-adapter/{_NAME}:{_VERSION}",
                                "args": [
                                    f"--config={_CONFIG}/config.yaml",
                                    Output.concat("--prometheus-url=", self.prometheus),
                                    "--metrics-relist-interval=1m",
                                    "--secure-port=6443",
                                    f"--tls-cert-file={_CERTIFICATE}/tls.crt",
                                    f"--tls-private-key-file={_CERTIFICATE}/tls.key",
                                ],
                                "ports": [{"name": "https", "container_port": 6443}],
                                "resources": resources("100m", "192Mi"),
                                "security_context": CONTAINER_SECURITY,
                                "readiness_probe": {
                                    "http_get": {"path": "/readyz", "port": "https", "scheme": "HTTPS"}
                                },
                                "liveness_probe": {"http_get": {"path": "/livez", "port": "https", "scheme": "HTTPS"}},
                                "volume_mounts": [
                                    {"name": "config", "mount_path": _CONFIG, "read_only": True},
                                    {"name": "certificate", "mount_path": _CERTIFICATE, "read_only": True},
                                ],
                            }
                        ],
                        "volumes": [
                            {"name": "config", "config_map": {"name": config.metadata.name}},
                            {"name": "certificate", "secret": {"secret_name": certificate}},
                        ],
                    },
                },
            },
            opts=opts,
        )
        trust = {"cert-manager.io/inject-ca-from": Output.concat(self.namespace, "/", _NAME)}
        APIService(
            f"{name}-api",
            metadata={"name": f"v1beta1.{_GROUP}", "labels": own, "annotations": trust},
            spec={
                "group": _GROUP,
                "version": "v1beta1",
                "group_priority_minimum": 100,
                "version_priority": 100,
                "service": {"name": service.metadata.name, "namespace": self.namespace},
            },
            opts=opts,
        )
