"""What OpenPolicy's Python services import: `telemetry.start(service="api-gateway", app=app)`, and it is observable."""

from telemetry.asgi import Middleware
from telemetry.database import query, watch
from telemetry.events import Outcome, audit, security
from telemetry.logs import logger
from telemetry.metrics import count, known, observe, set_to
from telemetry.scraping import Run, scraper
from telemetry.service import start
from telemetry.wsgi import Middleware as WsgiMiddleware

__all__ = [
    "Middleware",
    "Outcome",
    "Run",
    "WsgiMiddleware",
    "audit",
    "count",
    "known",
    "logger",
    "observe",
    "query",
    "scraper",
    "security",
    "set_to",
    "start",
    "watch",
]
