"""Lines as services write them, good and bad: who writes each, its class, and fields that come of it."""

import json
from datetime import UTC, datetime
from typing import Any

NOW = datetime.now(UTC)
STAMP = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
NGINX = f'203.0.113.77 - - [{NOW.strftime("%d/%b/%Y:%H:%M:%S +0000")}] "GET %s HTTP/1.1" %d 153 "-" "Mozilla/5.0 (X11)"'
ERROR = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    f()\nValueError: bad bill'
STRUCTLOG = {"event": "search performed", "level": "INFO", "logger": "api", "timestamp": STAMP, "trace_id": TRACE}


def ecs(**fields: Any) -> str:
    return json.dumps({"@timestamp": STAMP, "message": "m", "log.level": "info"} | fields)


AUDIT = ecs(**{"labels": {"log_class": "audit"}, "event.action": "grant", "user": {"id": "7"}})
SECURITY = ecs(**{"labels": {"log_class": "security"}, "event.action": "login", "client.ip": "203.0.113.77"})
REQUEST = {"url.path": "/mp", "http.response.status_code": 200}
LINES: dict[str, tuple[str, str, str, dict[str, object]]] = {
    "structlog's own JSON": (json.dumps(STRUCTLOG), "api-gateway", "app", {"message": "search performed"}),
    "ECS JSON with dots": (ecs(**{"trace.id": TRACE}), "scraper", "app", {"trace.id": TRACE, "log.level": "info"}),
    "nginx, answered": (NGINX % ("/mp", 200), "web", "access", {"url.path": "/mp", "client.ip": "203.0.113.0"}),
    "nginx, failed": (NGINX % ("/mp", 502), "web", "access", {"http.response.status_code": 502}),
    "a probe that fails": (NGINX % ("/healthz", 503), "web", "access", {"http.response.status_code": 503}),
    "a request in JSON": (ecs(**REQUEST, duration_ms=1.5), "api-gateway", "access", {"event.duration": 1_500_000}),
    "a request that raised": (
        ecs(**REQUEST, exception=ERROR),
        "api-gateway",
        "error",
        {"error.stack_trace": ERROR, "error.type": "ValueError", "error.message": "bad bill"},
    ),
    "an exception that says its own kind": (
        ecs(error={"type": "bills.Broken", "stack_trace": ERROR}),
        "scraper",
        "error",
        {"error.stack_trace": ERROR, "error.type": "bills.Broken", "error.message": "bad bill"},
    ),
    "an error in words": (ecs(**{"log.level": "ERROR"}), "scraper", "error", {"log.level": "error"}),
    "a bare traceback": (ERROR, "scraper", "error", {"error.type": "ValueError", "error.message": "bad bill"}),
    "audit": (AUDIT, "api-gateway", "audit", {"event.action": "grant", "user.id": "7"}),
    "security": (SECURITY, "web", "security", {"client.ip": "203.0.113.77"}),
    "audit by a stranger": (AUDIT, "redis", "app", {"tags": ["_claim_refused"]}),
    "audit that says who it is": (
        ecs(**json.loads(AUDIT), kubernetes={"labels": {"app_kubernetes_io/name": "web"}}, service={"name": "web"}),
        "redis",
        "app",
        {"tags": ["_claim_refused"], "service.name": "redis"},
    ),
    "a stream of its own choice": (ecs(data_stream={"dataset": "openpolicy.audit"}), "web", "app", {}),
    "plain text": ("server started", "redis", "app", {"message": "server started", "service.name": "redis"}),
    "half a JSON line": ('{"message": "cut o', "web", "app", {"tags": ["_not_json"]}),
    "a nested bomb": ('{"a":' * 5000 + "1" + "}" * 5000, "web", "app", {"tags": ["_nested_too_deep"]}),
    "a wrong type": (ecs(http="oops", log=5), "web", "app", {"tags": ["_wrong_type"]}),
    "an address that is none": (ecs(**{"client.ip": "unknown"}), "web", "app", {"tags": ["_ip_unparsable"]}),
    "a clock of another age": (
        ecs(**{"@timestamp": "1999-01-01T00:00:00Z"}),
        "web",
        "app",
        {"tags": ["_time_refused"]},
    ),
    "invalid UTF-8": (ecs(message="caf\udce9"), "web", "app", {}),
    "200 kB at once": ("x" * 200_000, "redis", "app", {}),
    "nothing": ("", "web", "app", {"message": ""}),
}
