"""Requests of Flask, and of any other WSGI application that says which route it took."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from telemetry.exchange import REQUEST_ID, Exchange
from telemetry.tracing import UNTRACED, instrumentation

ROUTE = "openpolicy.route"
"""Key of the environment under which an application leaves the route's template."""

Environ = dict[str, Any]
App = Callable[[Environ, Any], Iterable[bytes]]


class Middleware:
    """Measures, names and logs every request of the application within it."""

    def __init__(self, app: App) -> None:
        self.app = app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Passes the request on. Its end is when the answer has been sent."""
        exchange, status = _exchange(environ), [500]

        def watched(line: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            status[0] = int(line.partition(" ")[0])
            return start_response(line, [*headers, (REQUEST_ID, exchange.request_id)], exc_info)

        exchange.begin()
        try:
            body = self.app(environ, watched)
        except Exception as error:
            exchange.end(endpoint=environ.get(ROUTE), status=500, error=error)
            raise
        return _Body(body, lambda error: exchange.end(endpoint=environ.get(ROUTE), status=status[0], error=error))


class _Body:
    """The answer, which tells when it ends. Servers close what they were given."""

    def __init__(self, body: Iterable[bytes], end: Callable[[Exception | None], None]) -> None:
        self._body, self._end, self._error = body, end, None

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._body
        except Exception as error:
            self._error = error
            raise

    def close(self) -> None:
        """Ends the request."""
        try:
            getattr(self._body, "close", lambda: None)()
        finally:
            self._end(self._error)


def watch(app: Any) -> None:
    """Puts the middleware around a Flask application, and traces its requests."""
    app.before_request(_leave_route)
    app.wsgi_app = Middleware(app.wsgi_app)
    if instrumentor := instrumentation("flask", "FlaskInstrumentor"):
        instrumentor().instrument_app(app, excluded_urls=UNTRACED)


def _leave_route() -> None:
    from flask import request

    if request.url_rule is not None:
        # In one spelling with the other services': <int:bill_id> is {bill_id}.
        parts = [part.rpartition(":")[2] for part in request.url_rule.rule.replace(">", "<").split("<")]
        request.environ[ROUTE] = "".join(part if index % 2 == 0 else f"{{{part}}}" for index, part in enumerate(parts))


def _exchange(environ: Environ) -> Exchange:
    return Exchange(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/"),
        client=environ.get("REMOTE_ADDR"),
        agent=environ.get("HTTP_USER_AGENT"),
        request_id=environ.get("HTTP_X_REQUEST_ID", ""),
    )
