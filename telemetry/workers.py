"""Hooks for gunicorn: `from telemetry.workers import child_exit, when_ready` in its configuration file.

Its master serves the metrics of all workers, so that none is asked for them, and forgets the share of a worker that
has ended. PROMETHEUS_MULTIPROC_DIR names the folder they share; OPENPOLICY_METRICS_PORT the port.
"""

import os
from typing import Any

from prometheus_client import multiprocess

from telemetry import exposition
from telemetry.problems import Quietly
from telemetry.service import PORT


def when_ready(_server: Any) -> None:
    """Serves the metrics, before any worker can take the port."""
    if port := os.environ.get(PORT):
        exposition.serve(port)


def child_exit(_server: Any, worker: Any) -> None:
    """Takes the worker's connections out of the pod's sum."""
    with Quietly("forgetting a worker"):
        multiprocess.mark_process_dead(worker.pid)  # pyright: ignore[reportUnknownMemberType] the library leaves it untyped
