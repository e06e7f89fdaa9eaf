"""What every Kubernetes object of the stack has in common."""

from collections.abc import Mapping

Labels = dict[str, str]
Document = dict[str, object]

MONITORED = {"openpolicy.ca/monitored": "true"}
"""Marks the monitors and rules that our Prometheus reads, and nobody else's."""

RESTRICTED_POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
"""Pod-level part of Pod Security's `restricted`, in the keys of the API."""

UNPRIVILEGED = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
"""The part of each container."""


def labels(name: str) -> Labels:
    """The recommended labels of an object that belongs to the workload `name`."""
    return {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/part-of": "openpolicy-observability",
        "app.kubernetes.io/managed-by": "pulumi",
    }


def spread(selector: Mapping[str, str]) -> Document:
    """Scheduling that keeps replicas off the same node, and apart in zones as far as they reach."""
    match = {"matchLabels": dict(selector)}
    return {
        "affinity": {
            "podAntiAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    {"labelSelector": match, "topologyKey": "kubernetes.io/hostname"}
                ]
            }
        },
        "topologySpreadConstraints": [
            {
                "labelSelector": match,
                "maxSkew": 1,
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "ScheduleAnyway",
            }
        ],
    }


def claim(size: str, storage_class: str | None) -> Document:
    """A volume claim template, of the cluster's default class where none is named."""
    named = {"storageClassName": storage_class} if storage_class else {}
    return {
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            **named,
            "resources": {"requests": {"storage": size}},
        }
    }


def memory_bound(cpu: str, memory: str) -> Document:
    """Resources with a hard limit on memory and none on CPU, where a limit only throttles."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": memory}}
