"""The gateways: each waits until a trace is whole, and decides whether it is kept.

Traces with an error and slow ones are all kept, and a share of the rest. What is kept waits on a volume while Jaeger is
away. There is a fixed number of them: when that changes, a part of the traces moves to another and is split.
"""

from dataclasses import dataclass
from decimal import Decimal

from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration
from components.render.kubernetes import Document
from components.render.tracing.agent import IMAGE
from components.render.tracing.collector import (
    BATCH,
    HEALTH,
    MEMORY_LIMITER,
    OTLP,
    QUEUE,
    SERVICE_TAG,
    Collector,
    Entry,
    collectors,
    listening,
    service,
)
from components.render.tracing.tls import Certificate, asking

# Longer than all but the longest requests. Spans that come later follow the decision that was taken.
_WAIT = "10s"
# What a gateway holds while it waits: 5,000 new traces a second for ten seconds.
_HELD_TRACES = 50_000
_REMEMBERED_DECISIONS = 100_000
# A scraper's run can be one trace of a day.
_LARGEST_TRACE = 20 * 2**20
# Its file does not shrink by itself, and needs room to be written anew.
_QUEUE_SHARE = Decimal("0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Which traces are kept."""

    slower_than: Duration
    share: Decimal
    """Of those that are neither slow nor failed."""


def gateway(*, name: str, job: str, jaeger: str, sampling: Sampling, replicas: int, queue: Bytes) -> Collector:
    """The workload. `jaeger` is the name of all its collectors' addresses; `queue` is the volume of each replica."""
    return Collector(
        name=name,
        image=IMAGE,
        job=job,
        config=_config(jaeger, sampling, int(queue.count * _QUEUE_SHARE)),
        ports={"otlp": int(OTLP)},
        health="/",
        memory=Bytes.parse("2Gi"),
        replicas=replicas,
        queue=queue,
        certificate=Certificate(host=name, uses=["server_auth", "client_auth"]),
    )


def entry(*, name: str) -> Entry:
    """What agents choose among."""
    pods = {"app.kubernetes.io/name": name}
    return Entry(name=name, pods=pods, ports={"otlp": (int(OTLP), "otlp")}, every_address=True)


def _config(jaeger: str, sampling: Sampling, queue_bytes: int) -> Document:
    return {
        "extensions": {
            "health_check": listening(HEALTH),
            "file_storage/queue": {"directory": QUEUE, "compaction": {"on_start": True, "directory": QUEUE}},
        },
        "receivers": collectors(),
        "processors": {
            "memory_limiter": MEMORY_LIMITER,
            "tail_sampling": _sampling(sampling),
            "transform/service": {
                "error_mode": "ignore",
                # Jaeger keeps `service.name` beside a span's tags, where Grafana's links to metrics do not look.
                "trace_statements": [f'set(resource.attributes["{SERVICE_TAG}"], resource.attributes["service.name"])'],
            },
            "batch": BATCH,
        },
        "exporters": {
            "otlp_grpc/jaeger": {
                # Each of its collectors in turn: one connection would load one alone.
                "endpoint": f"dns:///{jaeger}:{OTLP}",
                "tls": asking(jaeger),
                "sending_queue": {
                    "enabled": True,
                    "storage": "file_storage/queue",
                    "sizer": "bytes",
                    "queue_size": queue_bytes,
                },
                # Until the queue is full: what was kept was kept for a reason.
                "retry_on_failure": {"enabled": True, "max_elapsed_time": "0s"},
            }
        },
        "service": service(
            ["health_check", "file_storage/queue"],
            {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["memory_limiter", "tail_sampling", "transform/service", "batch"],
                    "exporters": ["otlp_grpc/jaeger"],
                }
            },
        ),
    }


def _sampling(sampling: Sampling) -> Document:
    return {
        "decision_wait": _WAIT,
        "num_traces": _HELD_TRACES,
        # Senders wait: else the oldest would be thrown away undecided, errors among them.
        "block_on_overflow": True,
        "maximum_trace_size_bytes": _LARGEST_TRACE,
        "decision_cache": {
            "sampled_cache_size": _REMEMBERED_DECISIONS,
            "non_sampled_cache_size": _REMEMBERED_DECISIONS,
        },
        # One that says yes is enough.
        "policies": [
            {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}},
            {"name": "slow", "type": "latency", "latency": {"threshold_ms": sampling.slower_than.seconds * 1000}},
            {
                "name": "share-of-the-rest",
                "type": "probabilistic",
                "probabilistic": {"sampling_percentage": float(sampling.share * 100)},
            },
        ],
    }
