"""Long-term metrics: samples of years, in a bucket, asked as if one Prometheus had them all.

Prometheus keeps weeks on volumes of its own, which is what alerts and objectives need. Whoever plans for the next
session of parliament, or compares with the last one, asks for years: those are cheap in a bucket alone, and old samples
in coarser steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_kubernetes.core.v1 import ConfigMap, Secret, Service

from components.parts.objects import metadata
from components.parts.workloads import run
from components.render.containers import Container
from components.render.kubernetes import labels
from components.render.thanos import BUCKET, COMPACTOR, GRPC, HTTP, ROLE, SIDECAR, Bucket, bucket_files


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTermArgs:
    """The bucket, and what reads and tidies it."""

    namespace: Input[str]
    priority_class: Input[str]
    bucket: Bucket
    keys: Mapping[str, Input[str]]
    """access_key and secret_key of it."""

    parts: Sequence[Container]
    """Stores, the compactor and the query. They decide which objects exist, so they are never an Output."""

    def __post_init__(self) -> None:
        if more := [each.name for each in self.parts if each.name == COMPACTOR and each.replicas != 1]:
            raise ValueError(f"{more[0]}: there is exactly one, for two would destroy each other's blocks")


class LongTerm(ComponentResource):
    """Everything of Thanos but the sidecars, which Prometheus' operator adds."""

    bucket: Output[str]
    """ConfigMap with what a sidecar has to know of the bucket."""

    bucket_keys: Output[str]
    """Secret with the bucket's keys."""

    def __init__(self, name: str, args: LongTermArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:LongTerm", name, None, opts)
        child = ResourceOptions(parent=self)
        here = metadata(BUCKET, labels(SIDECAR), args.namespace)
        keys = Secret(
            f"{name}-keys",
            metadata=here,
            string_data={key: Output.secret(value) for key, value in args.keys.items()},
            opts=child,
        )
        known = ConfigMap(f"{name}-bucket", metadata=here, data=dict(bucket_files(args.bucket)), opts=child)
        Service(
            f"{name}-sidecars",
            metadata=metadata(SIDECAR, labels(SIDECAR), args.namespace),
            spec={
                # Each is asked: one alone would lack what it missed while it restarted.
                "cluster_ip": "None",
                "selector": ROLE,
                "ports": [
                    {"name": "grpc", "port": GRPC, "target_port": "grpc"},
                    {"name": "http", "port": HTTP, "target_port": "http"},
                ],
            },
            opts=child,
        )
        for part in args.parts:
            run(name, part, args.namespace, args.priority_class, child)

        self.bucket, self.bucket_keys = known.metadata.name, keys.metadata.name
        self.register_outputs({"bucket": self.bucket, "bucket_keys": self.bucket_keys})
