"""A STAND-IN for the Kubernetes provider: applies each object on the server, as the real one does, and no more.

Like the real one it refuses to create what is there already unless it is told to take that in, replaces what is renamed
or moved, waits until a deleted object is gone, and marks what a Secret holds. Unlike it, it does not wait for pods, has
no schema of its own, and previews without asking the server. With a kubeconfig of `recording:<file>` there is no
server, and it only records.
"""

import base64
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import requests
import yaml
from typing_extensions import override

from tests.live.api import Api, RefusedError, UnknownKindError
from tests.live.certificates import Identity
from tests.live.engine import standin
from tests.live.engine.standin import Made
from tests.live.engine.store import kept
from tests.live.engine.values import Values, secret

T = TypeVar("T")

RECORDING = "recording:"
WARNS = "the API server warns"
_MANAGER = "pulumi-kubernetes-stand-in"
_IDENTITY = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
# A kind is served a moment after its definition is there.
_SERVED_SECONDS = 15.0
_GONE_SECONDS = 90.0


class Objects(Protocol):
    """Where objects are."""

    def get(self, wanted: Values) -> Values | None: ...

    def apply(self, wanted: Values) -> Values: ...

    def delete(self, wanted: Values) -> None: ...


class Recording:
    """Objects in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, wanted: Values) -> Values | None:
        with kept(self._file) as objects:
            return objects.get(_key(wanted))

    def apply(self, wanted: Values) -> Values:
        with kept(self._file) as objects:
            objects[_key(wanted)] = wanted
        return wanted

    def delete(self, wanted: Values) -> None:
        with kept(self._file) as objects:
            objects.pop(_key(wanted), None)


class Served:
    """Objects of an API server, as a kubeconfig names it."""

    def __init__(self, kubeconfig: str, context: str | None) -> None:
        config = yaml.safe_load(Path(kubeconfig).read_text(encoding="utf-8"))
        place = _named(config, "context", context or config["current-context"])
        cluster, user = _named(config, "cluster", place["cluster"]), _named(config, "user", place["user"])
        who = Identity(certificate=Path(user["client-certificate"]), key=Path(user["client-key"]))
        self._api = Api(cluster["server"], Path(cluster["certificate-authority"]), who)

    def get(self, wanted: Values) -> Values | None:
        try:
            return self._api.get(*_address(wanted))
        except UnknownKindError:
            return None

    def apply(self, wanted: Values) -> Values:
        end = time.monotonic() + _SERVED_SECONDS
        while True:
            try:
                applied = self._api.apply(wanted, field_manager=_MANAGER)
            except UnknownKindError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
            else:
                for warning in applied.warnings:
                    # The engine shows it as the plugin's.
                    print(f"{WARNS} about {_key(wanted)}: {warning}", file=sys.stderr, flush=True)
                return applied.document

    def delete(self, wanted: Values) -> None:
        self._api.delete(*_address(wanted))


class Kubernetes(standin.StandIn):
    """Objects by server-side apply."""

    version = "4.34.2"
    _objects: Objects
    _upsert: bool

    @override
    def configure(self, settings: Values) -> None:
        kubeconfig = settings.get("kubeconfig")
        if not kubeconfig:
            raise standin.RefusedError("the stand-in looks for no kubeconfig: set openpolicy:cluster.kubeconfig")
        # Anything but a text comes as JSON.
        self._upsert = settings.get("upsertExistingObjects") in (True, "true")
        if kubeconfig.startswith(RECORDING):
            self._objects = Recording(Path(kubeconfig.removeprefix(RECORDING)))
        else:
            self._objects = Served(kubeconfig, settings.get("context"))

    @override
    def replaces(self, path: str) -> bool:
        return path in _IDENTITY

    @override
    def create(self, kind: str, inputs: Values) -> Made:
        if not self._upsert and _asked(lambda: self._objects.get(inputs)) is not None:
            raise standin.RefusedError(f"{_key(inputs)} already exists")
        return _made(inputs, _asked(lambda: self._objects.apply(inputs)))

    @override
    def read(self, kind: str, identity: str, inputs: Values) -> Made | None:
        live = _asked(lambda: self._objects.get(inputs))
        return _made(_owned(inputs, live), live) if live is not None else None

    @override
    def update(self, kind: str, identity: str, inputs: Values) -> Made:
        return _made(inputs, _asked(lambda: self._objects.apply(inputs)))

    @override
    def delete(self, kind: str, identity: str, inputs: Values) -> None:
        _asked(lambda: self._objects.delete(inputs))
        end = time.monotonic() + _GONE_SECONDS
        while _asked(lambda: self._objects.get(inputs)) is not None:
            if time.monotonic() > end:
                raise standin.RefusedError(f"{_key(inputs)} is still there after {_GONE_SECONDS:.0f} s")
            time.sleep(0.2)


def _asked(question: Callable[[], T]) -> T:
    try:
        return question()
    except (RefusedError, UnknownKindError, requests.RequestException) as error:
        raise standin.RefusedError(str(error)) from None


def _made(inputs: Values, live: Values) -> Made:
    metadata = {key: value for key, value in live["metadata"].items() if key != "managedFields"}
    outputs = live | {"metadata": metadata}
    if live["kind"] == "Secret":
        outputs |= {key: secret(live[key]) for key in ("data", "stringData") if key in live}
    return Made(id=_identity(live), inputs=inputs, outputs=outputs)


def _owned(inputs: Any, live: Any) -> Any:
    """The live values of the fields that the inputs set. Nobody minds what others add."""
    if isinstance(inputs, dict) and isinstance(live, dict):
        live = live | _texts(live) if "stringData" in inputs else live
        return {key: _owned(value, live[key]) for key, value in inputs.items() if key in live}
    if isinstance(inputs, list) and isinstance(live, list) and len(inputs) == len(live):
        return [_owned(*pair) for pair in zip(inputs, live, strict=True)]
    return live


def _texts(live: Values) -> Values:
    """A Secret is written as text, and read as bytes."""
    texts = {key: base64.b64decode(value).decode() for key, value in live.get("data", {}).items()}
    return {"stringData": texts | live.get("stringData", {})}


def _address(wanted: Values) -> tuple[str, str, str, str | None]:
    metadata = wanted["metadata"]
    return wanted["apiVersion"], wanted["kind"], metadata["name"], metadata.get("namespace")


def _identity(wanted: Values) -> str:
    _, _, name, namespace = _address(wanted)
    return f"{namespace}/{name}" if namespace else name


def _key(wanted: Values) -> str:
    return f"{wanted['apiVersion']}/{wanted['kind']} {_identity(wanted)}"


def _named(config: Any, kind: str, name: str) -> Any:
    for each in config[f"{kind}s"]:
        if each["name"] == name:
            return each[kind]
    raise standin.RefusedError(f"the kubeconfig has no {kind} {name!r}")


if __name__ == "__main__":
    standin.run(Kubernetes())
