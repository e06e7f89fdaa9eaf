"""How the application grows and shrinks with its load: by one autoscaler each, of Kubernetes itself or by KEDA.

Kubernetes' own needs an adapter to learn of requests, and that is being given up upstream; KEDA asks Prometheus itself,
where a cluster has it. Never both: two autoscalers on one Deployment undo each other. What is scaled belongs to the
application, and sets no number of replicas.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from alerts.render.text import to_yaml
from catalogue.model.scaling import Autoscaler, Targets
from components.parts.adapter import Adapter
from components.parts.objects import metadata
from components.render.autoscaling import adapter_config, hpa_spec, scaled_object_spec
from components.render.kubernetes import labels

Engine = Literal["hpa", "keda"]

# KEDA refuses a Deployment that already has an autoscaler, unless it may take that over.
_TAKE_OVER = {"scaledobject.keda.sh/transfer-hpa-ownership": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoscalingArgs:
    """What grows, by what, and who looks after it."""

    engine: Engine
    autoscalers: Sequence[Autoscaler]
    """They decide which objects exist, so they are never an Output."""

    targets: Targets
    application_namespace: str
    job: str
    """Under which Prometheus scrapes the application."""

    queries: Mapping[str, str]
    """The load of all pods of an autoscaler together, in PromQL, by the autoscaler's name."""

    namespace: Input[str]
    priority_class: Input[str]
    prometheus: Input[str]
    """Service of Prometheus in `namespace`."""

    def __post_init__(self) -> None:
        if missing := sorted({each.name for each in self.autoscalers} - self.queries.keys()):
            raise ValueError(f"queries: no load of {', '.join(missing)}")


class Autoscaling(ComponentResource):
    """An autoscaler for each workload that has one, and the adapter where their engine needs it."""

    autoscalers: Mapping[str, Output[str]]
    """Ids of the objects, by the autoscalers' names."""

    def __init__(self, name: str, args: AutoscalingArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Autoscaling", name, None, opts)
        child = ResourceOptions(parent=self)
        server = Output.concat("http://", args.prometheus, ".", args.namespace, ".svc:9090")

        made = dict[str, Output[str]]()
        for each in args.autoscalers:
            here = metadata(each.name, labels(each.name), args.application_namespace)
            if args.engine == "hpa":
                scaler = CustomResource(
                    f"{name}-{each.name}",
                    api_version="autoscaling/v2",
                    kind="HorizontalPodAutoscaler",
                    metadata=here,
                    spec=hpa_spec(each, args.targets),
                    opts=child,
                )
            else:
                scaler = CustomResource(
                    f"{name}-{each.name}",
                    api_version="keda.sh/v1alpha1",
                    kind="ScaledObject",
                    metadata=here | {"annotations": _TAKE_OVER},
                    spec=scaled_object_spec(each, args.targets, server=server, query=args.queries[each.name]),
                    opts=child,
                )
            made[each.name] = scaler.id

        if args.engine == "hpa" and args.targets.load:
            Adapter(
                namespace=args.namespace,
                priority_class=args.priority_class,
                prometheus=server,
                config=to_yaml(adapter_config([each.load for each in args.autoscalers], args.job)),
                metrics=[each.load.name for each in args.autoscalers],
                application_namespace=args.application_namespace,
            ).deploy(f"{name}-adapter", child)

        self.autoscalers = made
        self.register_outputs({"autoscalers": made})
