"""From an autoscaler to the object that Kubernetes or KEDA acts on, and to the rules of the metrics adapter.

Both engines end in the same HorizontalPodAutoscaler; KEDA writes it itself, and reads the load from Prometheus without
an adapter.
"""

from collections.abc import Iterable, Sequence

from catalogue.model.scaling import Autoscaler, Load, Pace, Targets
from components.render.kubernetes import Document

_SUFFIXES = ((1_000_000, "M"), (1_000, "k"))


def hpa_spec(autoscaler: Autoscaler, targets: Targets) -> Document:
    """A HorizontalPodAutoscaler of autoscaling/v2."""
    load: list[Document] = []
    if targets.load:
        target = {"type": "AverageValue", "averageValue": _quantity(targets.load)}
        load = [{"type": "Pods", "pods": {"metric": {"name": autoscaler.load.name}, "target": target}}]
    return {
        "scaleTargetRef": _deployment(autoscaler),
        "minReplicas": targets.least,
        "maxReplicas": targets.most,
        "metrics": [_share("cpu", targets.cpu_percent), _share("memory", targets.memory_percent), *load],
        "behavior": _behavior(autoscaler),
    }


def _quantity(count: int) -> str:
    """As an API server writes it back; otherwise each refresh would find another number than was sent."""
    size, name = next(((size, name) for size, name in _SUFFIXES if count % size == 0), (1, ""))
    return f"{count // size}{name}"


def scaled_object_spec(autoscaler: Autoscaler, targets: Targets, *, server: object, query: str) -> Document:
    """A ScaledObject of keda.sh/v1alpha1. `server` is Prometheus' address, `query` the load of all pods together."""
    load: list[Document] = []
    if targets.load:
        about = {"serverAddress": server, "query": query, "threshold": str(targets.load), "ignoreNullValues": "false"}
        load = [{"type": "prometheus", "metricType": "AverageValue", "metadata": about}]
    return {
        "scaleTargetRef": _deployment(autoscaler),
        "minReplicaCount": targets.least,
        "maxReplicaCount": targets.most,
        "advanced": {
            "horizontalPodAutoscalerConfig": {"name": autoscaler.name, "behavior": _behavior(autoscaler)},
        },
        # Without Prometheus nobody knows the load: twice the least, or what there is.
        **(
            {
                "fallback": {
                    "failureThreshold": 3,
                    "replicas": min(2 * targets.least, targets.most),
                    "behavior": "currentReplicasIfHigher",
                }
            }
            if targets.load
            else {}
        ),
        "triggers": [
            _trigger("cpu", targets.cpu_percent),
            _trigger("memory", targets.memory_percent),
            *load,
        ],
    }


def adapter_config(loads: Iterable[Load], job: str) -> Document:
    """The adapter's configuration: these loads and nothing else, for its own rules would read every series."""
    return {"rules": [_rule(load, job) for load in loads]}


def _rule(load: Load, job: str) -> Document:
    without = "".join(f',{label}!~"{pattern}"' for label, pattern in load.without.items())
    selector = f'{{<<.LabelMatchers>>,job="{job}"{without}}}'
    return {
        "seriesQuery": f'{load.counter.name}{{job="{job}",namespace!="",pod!=""}}',
        "resources": {"overrides": {"namespace": {"resource": "namespace"}, "pod": {"resource": "pod"}}},
        "name": {"matches": f"^{load.counter.name}$", "as": load.name},
        "metricsQuery": f"sum by (<<.GroupBy>>) (rate(<<.Series>>{selector}[{load.window}]))",
    }


def _deployment(autoscaler: Autoscaler) -> Document:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "name": autoscaler.service.name}


def _share(resource: str, percent: int) -> Document:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": resource, "target": target}}


def _trigger(resource: str, percent: int) -> Document:
    return {"type": resource, "metricType": "Utilization", "metadata": {"value": str(percent)}}


def _behavior(autoscaler: Autoscaler) -> Document:
    return {"scaleUp": _pace(autoscaler.up), "scaleDown": _pace(autoscaler.down)}


def _pace(pace: Pace) -> Document:
    policies: Sequence[Document] = [
        {"type": step.measure.value, "value": step.value, "periodSeconds": step.period.seconds} for step in pace.steps
    ]
    return {
        "stabilizationWindowSeconds": pace.settle.seconds,
        "selectPolicy": pace.prefer.value,
        "policies": policies,
    }
