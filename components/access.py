"""The way in for people: an Ingress with TLS for each page, and behind it a proxy that asks who they are.

Prometheus, Alertmanager and Jaeger know no users, so nothing but their proxy may reach them from outside the stack.
The proxies are ordinary ones, and not a feature of one ingress controller: the controller can be replaced.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, ResourceOptions
from pulumi_kubernetes.networking.v1 import Ingress

from components.parts.objects import metadata
from components.parts.workloads import run
from components.render.containers import Container
from components.render.kubernetes import labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """A proxy, and the name that people open."""

    proxy: Container
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessArgs:
    """Which pages have a door."""

    namespace: Input[str]
    priority_class: Input[str]
    entrances: Sequence[Entrance]
    """They decide which objects exist, so they are never an Output."""

    ingress_class: str
    certificate_issuer: str | None
    """Issuer of cert-manager for the whole cluster. None: the Secret `<door>-tls` exists already."""


class Access(ComponentResource):
    """Doors and Ingresses."""

    def __init__(self, name: str, args: AccessArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Access", name, None, opts)
        child = ResourceOptions(parent=self)
        asked = {"cert-manager.io/cluster-issuer": args.certificate_issuer} if args.certificate_issuer else {}

        for each in args.entrances:
            door = each.proxy.name
            service = run(name, each.proxy, args.namespace, args.priority_class, child)
            Ingress(
                f"{name}-{door}-ingress",
                metadata={**metadata(door, labels(door), args.namespace), "annotations": asked},
                spec={
                    "ingress_class_name": args.ingress_class,
                    "tls": [{"hosts": [each.host], "secret_name": f"{door}-tls"}],
                    "rules": [
                        {
                            "host": each.host,
                            "http": {
                                "paths": [
                                    {
                                        "path": "/",
                                        "path_type": "Prefix",
                                        "backend": {"service": {"name": service, "port": {"name": "web"}}},
                                    }
                                ]
                            },
                        }
                    ],
                },
                opts=child,
            )
        self.register_outputs({})
