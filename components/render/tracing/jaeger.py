"""Jaeger 2: what stores traces, and what people look at them with.

Both are one program and two workloads, so that a search never keeps spans waiting. Traces in memory are seen by the
process that took them alone, so there both are in one.
"""

import json
from dataclasses import dataclass
from urllib.parse import quote

from catalogue.model.board import DataSource
from catalogue.model.quantity import Bytes
from components.render.kubernetes import Document, Labels
from components.render.tracing.agent import SPAN_METRICS
from components.render.tracing.collector import (
    BATCH,
    FILES,
    HEALTH,
    MEMORY_LIMITER,
    OTLP,
    Collector,
    Entry,
    collectors,
    listening,
    service,
)
from components.render.tracing.storage import VERSION, Elasticsearch, Memory, Storage, backend, memory, preparation
from components.render.tracing.tls import Certificate

IMAGE = f"cr.jaegertracing.io/jaegertracing/jaeger:{VERSION}"
_WEB = 16686
_GRPC = 16685
_UI_FILE = "ui.json"
_EXTENSIONS: Document = {"healthcheckv2": {"use_v2": True, "http": listening(HEALTH)}}
_HEALTH_PATH = "/status"
# An eighth of the memory: spans take more room there than on the wire.
_MOST_QUEUED = 128 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a pod of Jaeger does: its name, and the labels that policies know it by."""

    name: str
    labels: Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Jaeger:
    """How much of it there is, and what it is connected with."""

    storage: Storage
    collects: Role
    answers: Role
    collectors: int
    queries: int
    prometheus: str
    """Where it finds what agents measure."""

    grafana: str
    """Where people open a trace's lines."""

    def __post_init__(self) -> None:
        if isinstance(self.storage, Memory) and (self.collectors, self.queries) != (1, 1):
            raise ValueError("traces in memory are not shared: one collector and one query alone can be")


def jaeger(given: Jaeger, *, job: str) -> tuple[Collector, ...]:
    """The workloads."""
    first, files = preparation(given.storage)
    store = given.storage if isinstance(given.storage, Elasticsearch) else None
    served = Certificate(host=given.collects.name, uses=["server_auth"])
    look = {_UI_FILE: json.dumps(_ui(given.grafana), indent=2) + "\n"}
    if isinstance(given.storage, Memory):
        return (
            Collector(
                name=job,
                image=IMAGE,
                job=job,
                config=_config(job, given, collects=True, answers=True),
                files=look,
                ports={"otlp": int(OTLP), "web": _WEB},
                health=_HEALTH_PATH,
                roles=given.collects.labels | given.answers.labels,
                memory=memory(given.storage),
                certificate=served,
            ),
        )
    return (
        Collector(
            name=given.collects.name,
            image=IMAGE,
            job=job,
            config=_config(given.collects.name, given, collects=True, answers=False),
            files=files,
            ports={"otlp": int(OTLP)},
            health=_HEALTH_PATH,
            roles=given.collects.labels,
            memory=memory(given.storage),
            replicas=given.collectors,
            login=store and store.login,
            certificate=served,
            first=first,
        ),
        Collector(
            name=given.answers.name,
            image=IMAGE,
            job=job,
            config=_config(given.answers.name, given, collects=False, answers=True),
            files=look,
            ports={"web": _WEB},
            health=_HEALTH_PATH,
            roles=given.answers.labels,
            memory=Bytes.parse("512Mi"),
            replicas=given.queries,
            login=store and store.reader,
        ),
    )


def entries(given: Jaeger) -> tuple[Entry, ...]:
    """Where gateways send, and where people and Grafana look."""
    collects, answers = given.collects, given.answers
    return (
        Entry(name=collects.name, pods=collects.labels, ports={"otlp": (int(OTLP), "otlp")}, every_address=True),
        Entry(name=answers.name, pods=answers.labels, ports={"web": (_WEB, "web")}),
    )


def _config(name: str, given: Jaeger, *, collects: bool, answers: bool) -> Document:
    storage: Document = {"backends": {"traces": backend(given.storage)}}
    extensions: Document = _EXTENSIONS | {"jaeger_storage": storage}
    if answers:
        storage["metric_backends"] = {"spans": {"prometheus": _measured(given.prometheus)}}
        extensions["jaeger_query"] = {
            "storage": {"traces": "traces", "metrics": "spans"},
            "ui": {"config_file": f"{FILES}/{_UI_FILE}"},
            "http": listening(_WEB),
            "grpc": listening(_GRPC),
        }
    # A collector has to have a pipeline, even one that only answers.
    parts: dict[str, Document] = {"receivers": {"nop": {}}, "processors": {}, "exporters": {"nop": {}}}
    if collects:
        parts = {
            "receivers": collectors(),
            "processors": {"memory_limiter": MEMORY_LIMITER, "batch": BATCH},
            "exporters": {
                "jaeger_storage_exporter": {
                    "trace_storage": "traces",
                    # The default has neither. It evens out seconds; what takes longer waits at the gateways. Bytes,
                    # for a thousand batches would be more than the memory that there is.
                    "queue": {"enabled": True, "num_consumers": 10, "sizer": "bytes", "queue_size": _MOST_QUEUED},
                    "retry_on_failure": {"enabled": True, "max_elapsed_time": "60s"},
                }
            },
        }
    pipeline: Document = {part: [*named] for part, named in parts.items()}
    return {
        "extensions": extensions,
        **parts,
        "service": service([*extensions], {"traces": pipeline}, name=name),
    }


def _measured(prometheus: str) -> Document:
    return {
        "endpoint": prometheus,
        "metric_namespace": SPAN_METRICS,
        "latency_unit": "s",
        "normalize_calls": True,
        "normalize_duration": True,
    }


def _ui(grafana: str) -> Document:
    lines = {
        "datasource": DataSource.LOGS.value,
        "queries": [{"refId": "A", "query": 'trace.id:"TRACE"', "metrics": [{"id": "1", "type": "logs"}]}],
        "range": {"from": "now-7d", "to": "now"},
    }
    panes = quote(json.dumps({"lines": lines}, separators=(",", ":")))
    return {
        "monitor": {"menuEnabled": True},
        # Nothing computes them.
        "dependencies": {"menuEnabled": False},
        "linkPatterns": [
            {
                "type": "traces",
                "url": f"{grafana}/explore?schemaVersion=1&panes={panes.replace('TRACE', '#{traceID}')}",
                "text": "Lines of this trace",
            }
        ],
    }
