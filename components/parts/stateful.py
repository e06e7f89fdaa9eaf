"""Replicas with a volume each, which do not know each other."""

from collections.abc import Mapping

from pulumi import ResourceOptions
from pulumi_kubernetes.apps.v1 import StatefulSet
from pulumi_kubernetes.core.v1 import (
    PersistentVolumeClaimArgsDict,
    PersistentVolumeClaimSpecArgsDict,
    PodTemplateSpecArgsDict,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

from catalogue.model.quantity import Bytes


def independent(
    own: str,
    here: ObjectMetaArgsDict,
    *,
    replicas: int,
    service: str,
    selector: Mapping[str, str],
    template: PodTemplateSpecArgsDict,
    volume: PersistentVolumeClaimArgsDict,
    opts: ResourceOptions,
) -> None:
    """Runs them. `service` is the name that each has an address below."""
    StatefulSet(
        own,
        metadata=here,
        spec={
            "replicas": replicas,
            "service_name": service,
            # They do not know each other.
            "pod_management_policy": "Parallel",
            "selector": {"match_labels": dict(selector)},
            "template": template,
            "volume_claim_templates": [volume],
        },
        opts=opts,
    )


def claim(
    name: str, labels: Mapping[str, str], size: Bytes, storage_class: str | None
) -> PersistentVolumeClaimArgsDict:
    """The volume of one. Without a class it is of the cluster's default."""
    spec: PersistentVolumeClaimSpecArgsDict = {
        "access_modes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": str(size)}},
    }
    if storage_class:
        spec["storage_class_name"] = storage_class
    return {"metadata": {"name": name, "labels": dict(labels)}, "spec": spec}
