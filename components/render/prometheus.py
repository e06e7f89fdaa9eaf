"""The `Prometheus` object, without what other resources make."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration
from components.render.kubernetes import MONITORED, RESTRICTED_POD, Document, claim, memory_bound, spread
from components.render.scrape_configs import SCRAPE_CLASS

VERSION = "v3.13.2"
_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusSize:
    """How many, how large, and for how long."""

    replicas: int
    retention: Duration
    retention_size: Bytes
    volume: Bytes
    storage_class: str | None
    cpu: str
    memory: Bytes


def prometheus_spec(
    *,
    size: PrometheusSize,
    pods: Mapping[str, str],
    labels: Mapping[str, str],
    cluster: str,
    environment: str,
    external_url: str,
    scrape_interval: Duration,
    evaluation_interval: Duration,
) -> Document:
    """The specification. `pods` are labels by which its replicas are kept apart."""
    ours = {"matchLabels": MONITORED}
    return {
        "version": VERSION,
        "image": f"quay.io/prometheus/prometheus:{VERSION}",
        "replicas": size.replicas,
        "podMetadata": {"labels": dict(labels)},
        "externalLabels": {"cluster": cluster, "environment": environment},
        "externalUrl": external_url,
        "scrapeInterval": str(scrape_interval),
        "evaluationInterval": str(evaluation_interval),
        "serviceDiscoveryRole": "EndpointSlice",
        # Only what is marked as ours, and only in this namespace: a stranger's rule could read or page anything.
        "serviceMonitorSelector": ours,
        "podMonitorSelector": ours,
        "probeSelector": ours,
        "scrapeConfigSelector": ours,
        "ruleSelector": ours,
        "scrapeClasses": [
            {
                "name": SCRAPE_CLASS,
                "tlsConfig": {"caFile": f"{_ACCOUNT}/ca.crt"},
                "authorization": {"credentialsFile": f"{_ACCOUNT}/token"},
            }
        ],
        # A monitor may name no file of this pod: it could send the token away.
        "arbitraryFSAccessThroughSMs": {"deny": True},
        # One bad target must not take the server down.
        "enforcedSampleLimit": 50_000,
        "enforcedLabelLimit": 64,
        "enforcedLabelValueLengthLimit": 1024,
        "enforcedBodySizeLimit": "50MB",
        "enforcedKeepDroppedTargets": 100,
        "retention": str(size.retention),
        "retentionSize": str(size.retention_size),
        "walCompression": True,
        "tsdb": {"outOfOrderTimeWindow": "0s"},
        "enableFeatures": ["exemplar-storage"],
        "exemplars": {"maxSize": 100_000},
        "query": {"timeout": "60s", "maxConcurrency": 20, "maxSamples": 50_000_000},
        "enableAdminAPI": False,
        "reloadStrategy": "HTTP",
        # After a crash the write-ahead log is replayed, which takes minutes.
        "maximumStartupDurationSeconds": 900,
        "resources": memory_bound(size.cpu, str(size.memory)),
        "securityContext": RESTRICTED_POD | {"runAsUser": 1000, "runAsGroup": 2000, "fsGroup": 2000},
        "storage": {"volumeClaimTemplate": claim(str(size.volume), size.storage_class)},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
        **(spread(pods) if size.replicas > 1 else {}),
    }
