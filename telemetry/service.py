"""The one call: `telemetry.start(service="api-gateway", app=app)`, and everything is measured, logged and traced."""

import os
from typing import Any, BinaryIO

from catalogue.metrics import BUILD_INFO
from telemetry import asgi, exposition, logs, tracing, wsgi
from telemetry.identity import identify
from telemetry.metrics import set_to
from telemetry.problems import Quietly

PORT = "OPENPOLICY_METRICS_PORT"
"""Environment variable: where metrics are served. Not set, nothing is served."""

LEVEL = "OPENPOLICY_LOG_LEVEL"
"""Environment variable: from which level on lines are written."""


def start(service: str, app: Any = None, *, stream: BinaryIO | None = None) -> None:
    """Starts logs, traces and metrics of a service, and watches the requests of `app`: FastAPI, Starlette or Flask.

    Call it once, before the first request. Raises ValueError where the catalogue does not know the service or the
    environment; nothing else here stops a service from starting.
    """
    identity = identify(service)
    with Quietly("starting logs"):
        logs.start(identity, level=os.environ.get(LEVEL, "INFO"), stream=stream)
    tracing.start(identity)
    set_to(BUILD_INFO, 1, version=identity.version, commit=identity.commit)
    with Quietly("watching the application"):
        if hasattr(app, "wsgi_app"):
            wsgi.watch(app)
        elif hasattr(app, "add_middleware"):
            asgi.watch(app)
    if port := os.environ.get(PORT):
        exposition.serve(port)
