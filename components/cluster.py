"""The place in the cluster where the stack lives, and how much of the cluster it may take.

One namespace is under Pod Security's strictest profile, and one is for the few agents that have to see their node. The
quota keeps a runaway in the monitoring from starving the platform; the priority keeps the platform's load from evicting
the monitoring when it is needed most.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_kubernetes as kubernetes
from pulumi import ComponentResource, Output, ResourceOptions
from pulumi_kubernetes.core.v1 import LimitRange, Namespace, ResourceQuota
from pulumi_kubernetes.scheduling.v1 import PriorityClass

from components.parts.objects import metadata
from components.render.kubernetes import labels

# Above workloads, which have 0 unless they say otherwise; far below the cluster's own two billion.
_PRIORITY = 1_000_000


def agents_of(namespace: str) -> str:
    """Name of the agents' namespace beside that one."""
    return f"{namespace}-agents"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterArgs:
    """Where, and how much."""

    kubeconfig: str | None
    """Path or content. None: what the machine's environment names."""

    context: str | None
    """Context of the kubeconfig. None: its current one."""

    identifier: str
    """Stable name of the cluster. Without one, a changed server address would replace every object."""

    namespace: str
    quota: Mapping[str, str]
    """Hard limits, in the keys of a ResourceQuota."""

    protect: bool
    """Whether deleting the namespace, and with it every volume claim, is refused."""


class Cluster(ComponentResource):
    """Provider, namespace, quota, defaults and priority class."""

    provider: kubernetes.Provider
    """The one way into the cluster for every other component."""

    namespace: Output[str]
    agents: Output[str]
    """Namespace of what sees the node it runs on: Pod Security has no profile between that and everything."""

    priority_class: Output[str]

    def __init__(self, name: str, args: ClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Cluster", name, None, opts)
        self.provider = kubernetes.Provider(
            f"{name}-kubernetes",
            kubeconfig=args.kubeconfig,
            context=args.context,
            cluster_identifier=args.identifier,
            # Named objects change in place; a checksum on the pods that read them rolls those out.
            enable_config_map_mutable=True,
            enable_secret_mutable=True,
            opts=ResourceOptions(parent=self),
        )
        child = ResourceOptions(parent=self, provider=self.provider)
        own = labels("observability")

        namespace = Namespace(
            f"{name}-namespace",
            metadata=metadata(args.namespace, own | _security("restricted")),
            opts=ResourceOptions(parent=self, provider=self.provider, protect=args.protect),
        )
        self.namespace = namespace.metadata.name
        agents = Namespace(
            f"{name}-agents",
            metadata=metadata(agents_of(args.namespace), own | _security("privileged")),
            opts=child,
        )
        self.agents = agents.metadata.name
        ResourceQuota(
            f"{name}-quota",
            metadata=metadata("observability", own, self.namespace),
            spec={"hard": dict(args.quota) | {"services.nodeports": "0", "services.loadbalancers": "0"}},
            opts=child,
        )
        # A quota refuses pods that ask for nothing, as sidecars of operators do.
        LimitRange(
            f"{name}-defaults",
            metadata=metadata("observability", own, self.namespace),
            spec={
                "limits": [
                    {
                        "type": "Container",
                        "default_request": {"cpu": "10m", "memory": "64Mi", "ephemeral-storage": "64Mi"},
                        # Elasticsearch's record of its own garbage collection comes to 2 GiB.
                        "default": {"memory": "128Mi", "ephemeral-storage": "4Gi"},
                    }
                ]
            },
            opts=child,
        )
        priority = PriorityClass(
            f"{name}-priority",
            metadata=metadata(f"{args.namespace}-critical", own),
            value=_PRIORITY,
            description="Monitoring outlives what it monitors.",
            opts=child,
        )
        self.priority_class = priority.metadata.name
        self.register_outputs(
            {
                "namespace": self.namespace,
                "agents": self.agents,
                "priority_class": self.priority_class,
            }
        )


def _security(level: str) -> dict[str, str]:
    return {f"pod-security.kubernetes.io/{mode}": level for mode in ("enforce", "audit", "warn")}
