"""Telemetry fails open: what goes wrong in it is told, and never breaks a request.

A service in production goes on without the metric or line that could not be made. In a test that would hide a
mistake, so with OPENPOLICY_TELEMETRY_STRICT set, the same problem is raised.
"""

import logging
import os
import time
from types import TracebackType

STRICT = "OPENPOLICY_TELEMETRY_STRICT"
"""Environment variable that makes problems of telemetry fail what they happen in."""

_PAUSE = 60.0
"""Seconds in which the same problem is told once: it may happen with every request."""

told: dict[str, float] = {}
"""When each problem was told last."""


class Quietly:
    """`with Quietly("counting a request"):` lets nothing out but what ends the process."""

    __slots__ = ("doing",)

    def __init__(self, doing: str) -> None:
        self.doing = doing

    def __enter__(self) -> None:
        """Costs nothing."""

    def __exit__(self, kind: object, error: BaseException | None, trace: TracebackType | None) -> bool:
        if not isinstance(error, Exception) or os.environ.get(STRICT):
            return False
        tell(self.doing, error)
        return True


def tell(doing: str, error: Exception) -> None:
    """Logs the problem, unless the same was logged a moment ago."""
    now = time.monotonic()
    if now - told.get(doing, -_PAUSE) >= _PAUSE:
        told[doing] = now
        logging.getLogger("telemetry").warning("telemetry failed while %s: %r", doing, error, exc_info=error)
