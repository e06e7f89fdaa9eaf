"""Kibana, which Elastic's operator runs."""

from pulumi import Input, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.parts.objects import budget, metadata
from components.render.elastic.kibana import kibana_spec
from components.render.elastic.size import KIBANA, LogsSize
from components.render.kubernetes import labels

_PODS = {"kibana.k8s.elastic.co/name": KIBANA}


def kibana(
    name: str,
    *,
    where: Input[str],
    size: LogsSize,
    url: str,
    people: Input[str] | None,
    priority: Input[str],
    opts: ResourceOptions,
) -> None:
    """The object, and its budget. `people` is the Secret of the user that all are who come in by the door."""
    CustomResource(
        f"{name}-kibana",
        api_version="kibana.k8s.elastic.co/v1",
        kind="Kibana",
        metadata=metadata(KIBANA, labels("kibana"), where),
        spec=kibana_spec(size=size, url=url, people=people, labels=labels("kibana"), pods=_PODS, priority=priority),
        opts=opts,
    )
    if size.kibana_replicas > 1:
        budget(f"{name}-kibana-budget", metadata("kibana", labels("kibana"), where), _PODS, opts)
