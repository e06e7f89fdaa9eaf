"""Thanos: samples of all Prometheuses in one bucket, for years, and asked as if they were one.

Beside each Prometheus a sidecar uploads every block of two hours. Store gateways read the bucket, the compactor makes
coarser samples of old ones and deletes what is too old, and the query asks them all and drops what two replicas have
both scraped. Rules stay with Prometheus: no page waits for a bucket. There is no query frontend: it would split and
cache what a handful of people ask for, and be one thing more that can fail at night.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration, days
from components.render.containers import FILES, Container, Data
from components.render.kubernetes import Document, memory_bound

VERSION = "v0.42.4"
IMAGE = f"quay.io/thanos/thanos:{VERSION}"
GRPC, HTTP = 10901, 10902
SIDECAR, STORE, COMPACTOR, QUERY = "thanos-sidecar", "thanos-store", "thanos-compactor", "thanos-query"
BUCKET = "metrics-bucket"
"""The ConfigMap that says where the bucket is, and the Secret with its keys."""

ROLE = {"openpolicy.ca/thanos-sidecar": "true"}
"""On pods of Prometheus that have a sidecar."""

REPLICA = "prometheus_replica"
"""The label by which Prometheus Operator tells replicas apart."""

KEYS = {"AWS_ACCESS_KEY_ID": "access_key", "AWS_SECRET_ACCESS_KEY": "secret_key"}
"""Keys of the bucket's Secret, by the environment's names for them, which Thanos reads."""

_BUCKET_FILE = "bucket.yaml"
_BUCKET_FOLDER = "/etc/thanos/bucket"
_DATA = "/data"
# The span of the largest blocks that the compactor makes.
LARGEST_BLOCK = days(14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Where samples go. Who may write there is no part of it."""

    name: str
    region: str
    endpoint: str | None
    """Of a store that is compatible with S3. None: S3 itself."""

    prefix: str
    """Folder of this cluster: two in one would compact each other's blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTermSize:
    """How long each resolution is kept, and how large the parts are."""

    raw: Duration
    five_minutes: Duration
    one_hour: Duration
    query_replicas: int
    query_memory: Bytes
    store_replicas: int
    store_memory: Bytes
    store_volume: Bytes
    compactor_memory: Bytes
    compactor_volume: Bytes
    storage_class: str | None


def bucket_config(bucket: Bucket) -> str:
    """The file by which Thanos finds the bucket. Keys come from the environment, so none is in it."""
    host = (bucket.endpoint or f"https://s3.{bucket.region}.amazonaws.com").removeprefix("https://")
    config = {"bucket": bucket.name, "endpoint": host, "region": bucket.region}
    return json.dumps({"type": "S3", "config": config, "prefix": bucket.prefix}, indent=2) + "\n"


def bucket_files(bucket: Bucket) -> Mapping[str, str]:
    """The same, by its name in a ConfigMap."""
    return {_BUCKET_FILE: bucket_config(bucket)}


def store(size: LongTermSize, bucket: Bucket, keys: str) -> Container:
    """Answers from the bucket. Its volume holds where things are in the blocks, and can be made anew from them."""
    return _part(
        STORE,
        size.store_memory,
        [
            "store",
            *_bucket_arguments(),
            f"--data-dir={_DATA}",
            # Half of its memory: the rest is for the answers themselves.
            f"--index-cache-size={size.store_memory.count // 4}B",
            f"--chunk-pool-size={size.store_memory.count // 4}B",
        ],
        files=bucket_files(bucket),
        keys=keys,
        replicas=size.store_replicas,
        data=Data(path=_DATA, size=size.store_volume, storage_class=size.storage_class),
    )


def compactor(size: LongTermSize, bucket: Bucket, keys: str) -> Container:
    """Compacts, makes coarser samples, and deletes. There is exactly one: two would destroy each other's blocks."""
    return _part(
        COMPACTOR,
        size.compactor_memory,
        [
            "compact",
            "--wait",
            *_bucket_arguments(),
            f"--data-dir={_DATA}",
            f"--retention.resolution-raw={size.raw}",
            f"--retention.resolution-5m={size.five_minutes}",
            f"--retention.resolution-1h={size.one_hour}",
        ],
        files=bucket_files(bucket),
        keys=keys,
        replicas=1,
        data=Data(path=_DATA, size=size.compactor_volume, storage_class=size.storage_class),
    )


def query(size: LongTermSize, domain: str) -> Container:
    """Asks sidecars and stores as one Prometheus. `domain` is what their Services' names end in."""
    found = [{"address": f"dns+{name}.{domain}:{GRPC}"} for name in (SIDECAR, STORE)]
    return _part(
        QUERY,
        size.query_memory,
        [
            "query",
            f"--endpoint.sd-config={json.dumps({'endpoints': found})}",
            f"--query.replica-label={REPLICA}",
            # A panel over a year reads samples of an hour, and not fifteen seconds.
            "--query.auto-downsampling",
            "--query.timeout=60s",
            "--query.max-concurrent=20",
        ],
        replicas=size.query_replicas,
    )


def _part(
    name: str,
    memory: Bytes,
    args: list[str],
    *,
    replicas: int,
    files: Mapping[str, str] | None = None,
    keys: str | None = None,
    data: Data | None = None,
) -> Container:
    # Nobody asks the compactor.
    asked = {} if name == COMPACTOR else {"grpc": GRPC}
    return Container(
        name=name,
        image=IMAGE,
        port=HTTP,
        port_name="http",
        more_ports=asked,
        cpu="100m",
        memory=memory,
        args=[
            *args,
            f"--http-address=0.0.0.0:{HTTP}",
            *(f"--{key}-address=0.0.0.0:{port}" for key, port in asked.items()),
        ],
        files=files or {},
        credentials=keys,
        credential_keys=KEYS if keys else {},
        health="/-/ready",
        alive="/-/healthy",
        replicas=replicas,
        data=data,
    )


def _bucket_arguments() -> list[str]:
    return [f"--objstore.config-file={FILES}/{_BUCKET_FILE}"]


def sidecar(bucket: object, keys: object) -> Document:
    """What is added to a `Prometheus` object: the sidecar, with the bucket's ConfigMap and the Secret of its keys."""
    shown = [{"name": name, "valueFrom": {"secretKeyRef": {"name": keys, "key": key}}} for name, key in KEYS.items()]
    return {
        "thanos": {
            "version": VERSION,
            "image": IMAGE,
            # With a bucket the operator has Prometheus keep blocks of two hours: the compactor alone compacts.
            "objectStorageConfigFile": f"{_BUCKET_FOLDER}/{_BUCKET_FILE}",
            "volumeMounts": [{"name": "bucket", "mountPath": _BUCKET_FOLDER, "readOnly": True}],
            "resources": memory_bound("50m", "256Mi"),
        },
        "volumes": [{"name": "bucket", "configMap": {"name": bucket}}],
        # Merged into the container that the operator makes.
        "containers": [{"name": SIDECAR, "env": shown}],
    }
