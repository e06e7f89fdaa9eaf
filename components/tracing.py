"""Traces: agents that take spans, gateways that choose among traces, and Jaeger that keeps and shows them.

The application sends every span to the agent of its own node, and knows no more than that name. All decisions are taken
behind it: what is removed, what is counted, what is kept and for how long.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_tls as tls
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.parts.certificates import authority
from components.parts.collectors import enter, run
from components.render.tracing.collector import Collector, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class TracingArgs:
    """What spans pass, and under which names it is found."""

    namespace: Input[str]
    priority_class: Input[str]
    storage_class: str | None
    collectors: Sequence[Collector]
    """Every workload. They decide which objects exist, so they are never an Output."""

    entries: Sequence[Entry]

    def __post_init__(self) -> None:
        ports = {port for each in self.collectors for port in (*each.ports, "metrics")}
        for entry in self.entries:
            if missing := sorted({target for _, target in entry.ports.values()} - ports):
                raise ValueError(f"{entry.name}: no collector has a port {missing[0]}")


class Tracing(ComponentResource):
    """Agents, gateways, and Jaeger."""

    services: Output[Sequence[str]]
    """The names under which all of it is found."""

    def __init__(self, name: str, args: TracingArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Tracing", name, None, opts)
        child = ResourceOptions(parent=self)
        provider = tls.Provider(f"{name}-tls", opts=child)
        signer = authority(name, "OpenPolicy traces", ResourceOptions(parent=self, provider=provider))
        for each in args.collectors:
            run(name, each, args.namespace, args.priority_class, args.storage_class, signer, child)
        made = [enter(name, each, args.namespace, child).metadata.name for each in args.entries]
        self.services = Output.all(*made)
        self.register_outputs({"services": self.services})
