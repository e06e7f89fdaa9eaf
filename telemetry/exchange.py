"""One request and its answer, measured the same whichever server and framework carry it."""

import re
import time
from dataclasses import dataclass, field
from uuid import uuid4

from structlog.contextvars import bind_contextvars, unbind_contextvars

from catalogue.logs import ACCESS
from catalogue.metrics import ENDPOINT, HTTP_REQUEST_DURATION, HTTP_REQUESTS, PROBE_PATHS
from telemetry.logs import CLASS, logger, mark_logged, record
from telemetry.metrics import count, observe
from telemetry.problems import Quietly

REQUEST_ID = "x-request-id"
"""Header that carries a request's id from the ingress to every service, and back to the caller."""

GONE_AWAY = 499
"""Status of a request whose caller did not wait, as nginx writes it. HTTP has none."""

_ID_FIELD = "http.request.id"
# What a caller sends stands in every line, so it is short and plain.
_ID = re.compile(r"[\w.-]{1,64}")
_PROBE = re.compile(PROBE_PATHS)
_log = logger("telemetry.exchange")


@dataclass(slots=True, kw_only=True)
class Exchange:
    """What is known of a request when it comes in."""

    method: str
    path: str
    client: str | None
    agent: str | None
    request_id: str
    started: float = field(default_factory=time.perf_counter)

    def begin(self) -> None:
        """Gives every line of the request its id."""
        with Quietly("beginning a request"):
            if not _ID.fullmatch(self.request_id):
                self.request_id = uuid4().hex
            bind_contextvars(**{_ID_FIELD: self.request_id})

    def end(self, *, endpoint: str | None, status: int, error: BaseException | None = None) -> None:
        """Counts the request, and writes its line. `endpoint` is the route's template, None where no route matched."""
        passed = time.perf_counter() - self.started
        labels = {"method": self.method, "endpoint": endpoint or ENDPOINT.overflow}
        count(HTTP_REQUESTS, **labels, status=status)
        observe(HTTP_REQUEST_DURATION, passed, **labels)
        with Quietly("writing a request's line"):
            if error is not None:
                _log.error("request failed", exc_info=error, route=labels["endpoint"])
                mark_logged(error)
            # A probe that succeeds is told by the metric; ten a minute and pod would drown the rest.
            if status >= 400 or not _PROBE.fullmatch(self.path):  # noqa: PLR2004 the first status of a failure
                record(f"{self.method} {self.path} {status}", self._line(labels["endpoint"], status, passed))
        with Quietly("ending a request"):
            unbind_contextvars(_ID_FIELD)

    def _line(self, endpoint: str, status: int, passed: float) -> dict[str, object]:
        # Neither the query nor the body: people search for themselves.
        return {
            CLASS: ACCESS,
            "log.logger": _log_name,
            "http.request.method": self.method,
            "http.response.status_code": status,
            "route": endpoint,
            "url.path": self.path,
            "event.duration": int(passed * 1e9),
            "client.ip": self.client,
            "user_agent.original": self.agent,
        }


_log_name = "telemetry.exchange"
