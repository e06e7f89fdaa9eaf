"""A STAND-IN for PagerDuty and its provider: keeps what it is told in a file, and makes up ids and integration keys.

It is no judge of what PagerDuty accepts. It behaves like PagerDuty where the program counts on it: a token is needed,
only known people are found, the start of a shift that lies in the past is moved, and what others refer to stays.
"""

import hashlib
import json
import os
import secrets
from pathlib import Path
from typing import Any

from typing_extensions import override

from tests.live.engine.standin import Made, RefusedError, StandIn, run
from tests.live.engine.store import kept
from tests.live.engine.values import Values

STORE = "STANDIN_PAGERDUTY"
"""Names the file of the objects."""

MOVED = "2026-01-05T09:00:00Z"
# What PagerDuty cannot change of what exists.
_FIXED = ("service", "teamId", "userId")
INTEGRATION = "pagerduty:index/serviceIntegration:ServiceIntegration"


def routing_key(identity: str) -> str:
    """The key of an integration, which no one could guess from outside."""
    return hashlib.md5(f"key of {identity}".encode(), usedforsecurity=False).hexdigest()


class PagerDuty(StandIn):
    """Records."""

    version = "4.37.0"

    def __init__(self, file: Path) -> None:
        self._file = file

    @override
    def configure(self, settings: Values) -> None:
        if not settings.get("token"):
            raise RefusedError("401 Unauthorized: no token")

    @override
    def replaces(self, path: str) -> bool:
        return path in _FIXED

    @override
    def create(self, kind: str, inputs: Values) -> Made:
        with kept(self._file) as objects:
            if (name := inputs.get("name")) and kind != INTEGRATION:
                taken = [each for each in objects.values() if each["kind"] == kind and each["inputs"]["name"] == name]
                if taken:
                    raise RefusedError(f"400 Bad Request: name {name!r} has already been taken")
            identity = f"P{secrets.token_hex(5).upper()}"
            objects[identity] = {"kind": kind, "inputs": _moved(inputs)}
        return self._made(kind, identity, inputs)

    @override
    def read(self, kind: str, identity: str, inputs: Values) -> Made | None:
        with kept(self._file) as objects:
            found = objects.get(identity)
        return self._made(kind, identity, found["inputs"]) if found else None

    @override
    def update(self, kind: str, identity: str, inputs: Values) -> Made:
        with kept(self._file) as objects:
            if identity not in objects:
                raise RefusedError(f"404 Not Found: {kind} {identity}")
            objects[identity]["inputs"] = _moved(inputs)
        return self._made(kind, identity, inputs)

    @override
    def delete(self, kind: str, identity: str, inputs: Values) -> None:
        with kept(self._file) as objects:
            users = [each for each, other in objects.items() if f'"{identity}"' in json.dumps(other)]
            if users:
                raise RefusedError(f"400 Bad Request: {kind} {identity} is used by {', '.join(users)}")
            objects.pop(identity, None)

    @override
    def invoke(self, token: str, arguments: Values) -> Values:
        if token == "pagerduty:index/getVendor:getVendor":
            return {"name": arguments["name"], "id": f"V-{arguments['name']}"}
        if token != "pagerduty:index/getUser:getUser":
            return super().invoke(token, arguments)
        email: str = arguments["email"]
        if email.startswith("nobody@"):
            raise RefusedError(f"Unable to locate any user with the email: {email}")
        return {"email": email, "id": f"U-{email}", "name": email.partition("@")[0]}

    def _made(self, kind: str, identity: str, inputs: Values) -> Made:
        computed = {"integrationKey": routing_key(identity)} if kind == INTEGRATION else {}
        return Made(id=identity, inputs=inputs, outputs=inputs | computed)


def _moved(value: Any) -> Any:
    """Starts in the past are moved to when PagerDuty was told of them."""
    if isinstance(value, dict):
        return {
            key: MOVED if key in ("effectiveSince", "start") and isinstance(each, str) else _moved(each)
            for key, each in value.items()
        }
    return [_moved(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    run(PagerDuty(Path(os.environ[STORE])))
