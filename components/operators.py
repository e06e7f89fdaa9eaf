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
from pulumi_kubernetes.apiextensions import CustomResource

from components.parts.operator import Operator, run
from components.parts.rights import (
    ELASTIC_IN_CLUSTER,
    ELASTIC_IN_NAMESPACE,
    PROMETHEUS_IN_CLUSTER,
    PROMETHEUS_IN_NAMESPACE,
)

VERSION = "v0.85.0"
"""Of Prometheus Operator, and so of its kinds in components/crds."""

ELASTIC_VERSION = "3.5.0"
"""Of Elastic Cloud on Kubernetes, and so of its kinds."""

_IMAGES = "quay.io/prometheus-operator"
_CRDS = Path(__file__).parent / "crds"


@cache
def definitions() -> Sequence[dict[str, Any]]:
    """The CustomResourceDefinitions, as upstream publishes them, without descriptions."""
    return [json.loads(path.read_text()) for path in sorted(_CRDS.glob("*.json"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorsArgs:
    """Where the operators run, and what they look after."""

    priority_class: Input[str]
    namespace: Input[str]
    """Where they run, and whose objects they act on."""

    watched: str
    """The same, for a command line, where an unknown value would hide the whole of it."""

    agents: Input[str]
    """Where Filebeat runs, which the Elastic operator looks after too."""

    agents_watched: str


class Operators(ComponentResource):
    """Kinds of monitoring.coreos.com and k8s.elastic.co, Prometheus Operator and Elastic Cloud on Kubernetes."""

    service: Output[str]
    """Service under which Prometheus Operator shows its own metrics."""

    elastic_service: Output[str]
    """The same of Elastic's."""

    def __init__(self, name: str, args: OperatorsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Operators", name, None, opts)
        kept = ResourceOptions(parent=self, protect=True, retain_on_delete=True)
        kinds = {
            definition["metadata"]["name"]: CustomResource(
                f"{name}-{definition['spec']['names']['plural']}",
                definition["apiVersion"],
                definition["kind"],
                metadata=definition["metadata"],
                spec=definition["spec"],
                opts=kept,
            )
            for definition in definitions()
        }
        elastic = [kind for full, kind in kinds.items() if full.endswith(".elastic.co")]
        others = [kind for full, kind in kinds.items() if not full.endswith(".elastic.co")]
        self.service = run(name, _prometheus(args), [args.namespace], self, others)
        self.elastic_service = run(f"{name}-elastic", _elastic(args), [args.namespace, args.agents], self, elastic)
        self.register_outputs({"service": self.service, "elastic_service": self.elastic_service})


def _prometheus(args: OperatorsArgs) -> Operator:
    return Operator(
        name="prometheus-operator",
        image=f"{_IMAGES}/prometheus-operator:{VERSION}",
        args=[
            f"--namespaces={args.watched}",
            f"--prometheus-config-reloader={_IMAGES}/prometheus-config-reloader:{VERSION}",
            "--config-reloader-cpu-limit=0",
            "--enable-config-reloader-probes=true",
            # Kubelets are found through the API instead.
            "--kubelet-endpoints=false",
        ],
        priority_class=args.priority_class,
        memory="256Mi",
        health="/healthz",
        in_namespaces=PROMETHEUS_IN_NAMESPACE,
        in_cluster=PROMETHEUS_IN_CLUSTER,
    )


def _elastic(args: OperatorsArgs) -> Operator:
    return Operator(
        name="elastic-operator",
        image=f"docker.elastic.co/eck/eck-operator:{ELASTIC_VERSION}",
        args=[
            "manager",
            f"--operator-namespace={args.watched}",
            f"--namespaces={args.watched},{args.agents_watched}",
            "--metrics-port=8080",
            # Objects are checked against their kinds in the tests, and by the API server.
            "--enable-webhook=false",
            # One runs, and a second would have to wait for its lease.
            "--enable-leader-election=false",
            "--exposed-node-labels=topology.kubernetes.io/.*",
            "--disable-telemetry=true",
            # Most who trust it read its certificate only when they start. What it signs is renewed every year.
            "--ca-cert-validity=87600h",
        ],
        priority_class=args.priority_class,
        memory="512Mi",
        health="",
        in_namespaces=ELASTIC_IN_NAMESPACE,
        in_cluster=ELASTIC_IN_CLUSTER,
    )
