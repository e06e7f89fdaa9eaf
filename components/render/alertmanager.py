"""The `Alertmanager` object, without what other resources make."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.model.quantity import Bytes
from components.render.kubernetes import RESTRICTED_POD, Document, claim, memory_bound, spread

VERSION = "v0.31.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertmanagerSize:
    """How many, and how large."""

    replicas: int
    volume: Bytes
    storage_class: str | None
    memory: Bytes


def alertmanager_spec(
    *, size: AlertmanagerSize, pods: Mapping[str, str], labels: Mapping[str, str], external_url: str
) -> Document:
    """The specification. `pods` are labels by which its replicas are kept apart."""
    return {
        "version": VERSION,
        "image": f"quay.io/prometheus/alertmanager:{VERSION}",
        "replicas": size.replicas,
        "podMetadata": {"labels": dict(labels)},
        "externalUrl": external_url,
        # Silences and what was sent to whom; longer than a long weekend.
        "retention": "120h",
        "automountServiceAccountToken": False,
        "resources": memory_bound("50m", str(size.memory)),
        "securityContext": RESTRICTED_POD | {"runAsUser": 1000, "runAsGroup": 2000, "fsGroup": 2000},
        "storage": {"volumeClaimTemplate": claim(str(size.volume), size.storage_class)},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
        **(spread(pods) if size.replicas > 1 else {}),
    }
