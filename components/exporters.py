"""Exporters: programs that show as metrics what cannot show itself, and Prometheus's prober.

Each runs under an account of its own without a token, but for the one that reads the cluster's state. What has to see
its node runs in a namespace apart, for the stack's own admits nothing that mounts the host. One replica each, for two
of them would show everything twice; the prober shows nothing of its own, and may have several.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, ResourceOptions

from components.parts.workloads import run
from components.render.containers import Container


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportersArgs:
    """Which exporters, and where they run."""

    namespace: Input[str]
    agents: Input[str]
    """Namespace where pods may mount the host."""

    priority_class: Input[str]
    containers: Sequence[Container]
    """Every exporter. They decide which objects exist, so they are never an Output."""


class Exporters(ComponentResource):
    """Workload, account, Service and rights of each exporter."""

    def __init__(self, name: str, args: ExportersArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Exporters", name, None, opts)
        child = ResourceOptions(parent=self)
        for each in args.containers:
            run(name, each, args.agents if each.on_every_node else args.namespace, args.priority_class, child)
        self.register_outputs({})
