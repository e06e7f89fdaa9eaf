"""Traces: OpenTelemetry over OTLP, every request recorded, and the collector decides what is kept.

Only the collector sees a whole trace, so only it can keep all failed and all slow ones. Spans are exported where
OTEL_EXPORTER_OTLP_ENDPOINT says; without it they still give every line its trace id. The exporter speaks HTTP, for
gRPC's channels do not survive a fork; where OTEL_EXPORTER_OTLP_PROTOCOL asks for gRPC, it is used.
"""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from catalogue.metrics import PROBE_PATHS
from telemetry.identity import Identity
from telemetry.problems import Quietly

UNTRACED = f"^https?://[^/]+{PROBE_PATHS}$"
"""Addresses that only machines visit."""

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_GRACE_MS = 5_000
# Read by the instrumentations when they are first used. Without it they emit names of before 2023.
_SETTINGS = {"OTEL_SEMCONV_STABILITY_OPT_IN": "http,database"}
# Clients that take part in a trace, where both they and their instrumentation are installed.
_CLIENTS = (("redis", "RedisInstrumentor"), ("requests", "RequestsInstrumentor"), ("httpx", "HTTPXClientInstrumentor"))


class _Brief(BatchSpanProcessor):
    """Ends in seconds. The SDK waits half a minute for a dead collector, which is all that a pod has to end in."""

    def shutdown(self) -> None:
        # It offers no other way to say how long.
        self._batch_processor.shutdown(timeout_millis=_GRACE_MS)


def start(identity: Identity) -> None:
    """Records spans from here on, in this process and in those that it forks."""
    with Quietly("starting traces"):
        provider = TracerProvider(resource=_resource(identity))
        trace.set_tracer_provider(provider)
        # Without an exporter there are ids all the same.
        if any(os.environ.get(name) for name in _ENDPOINTS):
            provider.add_span_processor(_Brief(_exporter()))
    for library, name in _CLIENTS:
        with Quietly(f"tracing {library}"):
            if find_spec(library) and (instrumentor := instrumentation(library, name)):
                instrumentor().instrument()


def stop() -> None:
    """Sends what has not been sent. Nothing is recorded afterwards."""
    with Quietly("ending traces"):
        if isinstance(provider := trace.get_tracer_provider(), TracerProvider):
            provider.shutdown()


def instrumentation(library: str, name: str) -> Any:
    """The class that traces a library, or None where it is not installed. They have no type in common."""
    for setting, value in _SETTINGS.items():
        os.environ.setdefault(setting, value)
    module = f"opentelemetry.instrumentation.{library}"
    return getattr(import_module(module), name) if find_spec(module) else None


def _resource(identity: Identity) -> Resource:
    # OTEL_RESOURCE_ATTRIBUTES adds what only the deployment knows, such as the pod.
    return Resource.create(
        {
            "service.name": identity.service,
            "service.namespace": identity.namespace,
            "service.version": identity.version,
            "service.instance.id": identity.instance,
            "deployment.environment.name": identity.environment,
            "vcs.ref.head.revision": identity.commit,
        }
    )


def _exporter() -> SpanExporter:
    if any(os.environ.get(name) == "grpc" for name in _PROTOCOLS):
        return import_module("opentelemetry.exporter.otlp.proto.grpc.trace_exporter").OTLPSpanExporter()
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()
