"""Every test has its own lines, its own spans, and fails where a service would go on."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from telemetry import logs, problems
from telemetry.identity import Identity
from telemetry.problems import STRICT
from tests.support.warm import LIBRARIES, Warm, warmed

SPANS = InMemorySpanExporter()
IDENTITY = Identity(service="api-gateway", version="1.2.3", commit="abc123", environment="dev", instance="pod-1")


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """Where services start."""
    with warmed(*LIBRARIES) as made:
        yield made


class Written(io.BytesIO):
    """What was written, line by line."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    @property
    def line(self) -> dict[str, Any]:
        assert len(self.lines) == 1, self.lines
        return self.lines[0]

    def of(self, log_class: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["labels"]["log_class"] == log_class]


@pytest.fixture(autouse=True)
def _strict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STRICT, "1")
    problems.told.clear()


@pytest.fixture
def written() -> Iterator[Written]:
    """Logs of a service that has started."""
    handlers, level = logging.root.handlers[:], logging.root.level
    stream = Written()
    logs.start(IDENTITY, level="INFO", stream=stream)
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.fixture(scope="session")
def _provider() -> None:
    # OpenTelemetry takes one provider a process.
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(SPANS))
    trace.set_tracer_provider(provider)


@pytest.fixture
def spans(_provider: None) -> InMemorySpanExporter:
    """The spans of the test."""
    SPANS.clear()
    return SPANS
