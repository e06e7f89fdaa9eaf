"""A STAND-IN for Datadog and its provider: keeps what it is told in a file, and makes up ids.

It is no judge of what Datadog accepts. It behaves like Datadog where the program counts on it: both keys are needed, a
test keeps its id when it changes, and a test is of one type for ever.
"""

import os
import secrets
from pathlib import Path

from typing_extensions import override

from tests.live.engine.standin import Made, RefusedError, StandIn, run
from tests.live.engine.store import kept
from tests.live.engine.values import Values

STORE = "STANDIN_DATADOG"
"""Names the file of the objects."""

# What Datadog cannot change of what exists.
_FIXED = ("type", "subtype", "serviceName")


class Datadog(StandIn):
    """Records."""

    version = "5.17.0"

    def __init__(self, file: Path) -> None:
        self._file = file

    @override
    def configure(self, settings: Values) -> None:
        if not settings.get("apiKey") or not settings.get("appKey"):
            raise RefusedError("403 Forbidden: no keys")

    @override
    def replaces(self, path: str) -> bool:
        return path in _FIXED

    @override
    def create(self, kind: str, inputs: Values) -> Made:
        identity = "-".join(secrets.token_hex(2) for _ in range(3))
        with kept(self._file) as objects:
            objects[identity] = {"kind": kind, "inputs": inputs}
        return Made(id=identity, inputs=inputs, outputs=inputs)

    @override
    def read(self, kind: str, identity: str, inputs: Values) -> Made | None:
        with kept(self._file) as objects:
            found = objects.get(identity)
        return Made(id=identity, inputs=found["inputs"], outputs=found["inputs"]) if found else None

    @override
    def update(self, kind: str, identity: str, inputs: Values) -> Made:
        with kept(self._file) as objects:
            if identity not in objects:
                raise RefusedError(f"404 Not Found: {kind} {identity}")
            objects[identity]["inputs"] = inputs
        return Made(id=identity, inputs=inputs, outputs=inputs)

    @override
    def delete(self, kind: str, identity: str, inputs: Values) -> None:
        with kept(self._file) as objects:
            objects.pop(identity, None)


if __name__ == "__main__":
    run(Datadog(Path(os.environ[STORE])))
