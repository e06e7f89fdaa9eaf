"""Requests of FastAPI and Starlette. Plain ASGI: a middleware that buffers would change how answers stream."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, cast

from telemetry.exchange import GONE_AWAY, REQUEST_ID, Exchange
from telemetry.problems import Quietly
from telemetry.tracing import UNTRACED, instrumentation

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Middleware:
    """Measures, names and logs every HTTP request of the application within it."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on. What the application raises goes on as it came."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange, root, status = _exchange(scope), scope.get("root_path", ""), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                name = (REQUEST_ID.encode(), exchange.request_id.encode())
                message = {**message, "headers": [*message.get("headers", ()), name]}
            await send(message)

        exchange.begin()
        try:
            await self.app(scope, receive, watched)
        except asyncio.CancelledError:
            exchange.end(endpoint=template(scope, root), status=status or GONE_AWAY)
            raise
        except Exception as error:
            exchange.end(endpoint=template(scope, root), status=status or 500, error=error)
            raise
        exchange.end(endpoint=template(scope, root), status=status or GONE_AWAY)


def watch(app: Any) -> None:
    """Puts the middleware into a FastAPI or Starlette application, and traces its requests."""
    app.add_middleware(Middleware)
    library = "fastapi" if any(kind.__module__.startswith("fastapi") for kind in type(app).__mro__) else "starlette"
    name = {"fastapi": "FastAPIInstrumentor", "starlette": "StarletteInstrumentor"}[library]
    if instrumentor := instrumentation(library, name):
        # Spans for every piece of a body say nothing, and cost as much as the request's.
        instrumentor.instrument_app(app, excluded_urls=UNTRACED, exclude_spans=["receive", "send"])


def template(scope: Mapping[str, Any], root: str) -> str | None:
    """The matched route as the application wrote it, `/api/v1/bills/{bill_id}`. None where none matched.

    FastAPI's `scope["route"]` is without the prefix under which its router was included, and a mounted application
    knows only what is below it; `root` is where this application itself is mounted.
    """
    with Quietly("finding a request's route"):
        fastapi = cast("Mapping[str, Any]", scope.get("fastapi") or {})
        route = fastapi.get("effective_route_context") or scope.get("route")
        mount = str(scope.get("root_path", "")).removeprefix(root)
        path = getattr(route, "path", None)
        if isinstance(path, str):
            return mount if path.rstrip("/") == mount else f"{mount}{path}"
        return mount or None
    return None


def _exchange(scope: Scope) -> Exchange:
    given: dict[bytes, bytes] = dict(scope["headers"])
    client, agent = scope.get("client"), given.get(b"user-agent")
    return Exchange(
        method=scope["method"],
        path=scope["path"],
        client=client[0] if client else None,
        agent=agent.decode("latin-1") if agent else None,
        request_id=given.get(REQUEST_ID.encode(), b"").decode("latin-1"),
    )
