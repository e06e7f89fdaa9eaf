"""The Kubernetes API as its clients see it, strict about what it is told."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests

from tests.live.certificates import Identity

Document = dict[str, Any]
"""An object as JSON has it: apiVersion, kind, metadata, and the rest."""


class RefusedError(Exception):
    """The API server refused. The text names the object, and what the server says about which field."""


class UnknownKindError(RefusedError):
    """The API server has no such kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of an object, and what the server warned of."""

    document: Document
    warnings: tuple[str, ...]


class Api:
    """One user's way into one API server."""

    def __init__(self, address: str, authority: Path, identity: Identity) -> None:
        self.address = address
        self._session = requests.Session()
        # Nothing of the machine's: no proxy, and no authorities that its environment names.
        self._session.trust_env = False
        self._session.verify = str(authority)
        self._session.cert = (str(identity.certificate), str(identity.key))
        self._kinds: dict[tuple[str, str], tuple[str, bool]] = {}

    def close(self) -> None:
        self._session.close()

    def healthy(self, path: str = "/readyz", *, address: str | None = None) -> bool | None:
        """True when the server says that it is; None until then."""
        try:
            answer = self._session.get(f"{address or self.address}{path}", timeout=5)
        except requests.RequestException:
            return None
        return True if answer.status_code == HTTPStatus.OK else None

    def version(self) -> str:
        """Of the API server, such as v1.2.3."""
        return self._send("GET", "/version").json()["gitVersion"]

    def apply(self, manifest: Mapping[str, Any], *, field_manager: str) -> Applied:
        """Applies it on the server. Raises RefusedError, also for a field that its kind does not have."""
        what = named(manifest)
        metadata = manifest["metadata"]
        path = self._path(manifest["apiVersion"], manifest["kind"], metadata.get("namespace"), metadata["name"])
        answer = self._send(
            "PATCH",
            path,
            params={"fieldManager": field_manager, "fieldValidation": "Strict"},
            data=json.dumps(manifest),
            headers={"Content-Type": "application/apply-patch+yaml"},
        )
        _refuse(answer, what)
        return Applied(document=answer.json(), warnings=_warnings(answer))

    def create(self, manifest: Mapping[str, Any]) -> Document:
        """Creates it, with its status where the kind takes one. Raises RefusedError."""
        path = self._path(manifest["apiVersion"], manifest["kind"], manifest["metadata"].get("namespace"))
        answer = self._send("POST", path, params={"fieldValidation": "Strict"}, json=manifest)
        _refuse(answer, named(manifest))
        return answer.json()

    def get(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Document | None:
        """The object, or None. Raises RefusedError."""
        answer = self._send("GET", self._path(api_version, kind, namespace, name))
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        _refuse(answer, f"{kind} {name}")
        return answer.json()

    def all(self, api_version: str, kind: str, namespace: str | None = None) -> list[Document]:
        """Every object of the kind, in one namespace or in all. Raises RefusedError."""
        answer = self._send("GET", self._path(api_version, kind, namespace))
        _refuse(answer, kind)
        return answer.json()["items"]

    def delete(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> None:
        """Deletes the object, if there is one. Raises RefusedError."""
        answer = self._send("DELETE", self._path(api_version, kind, namespace, name))
        if answer.status_code != HTTPStatus.NOT_FOUND:
            _refuse(answer, f"{kind} {name}")

    def _send(self, method: str, path: str, **options: Any) -> requests.Response:
        return self._session.request(method, f"{self.address}{path}", timeout=60, **options)

    def _path(self, api_version: str, kind: str, namespace: str | None, name: str | None = None) -> str:
        group = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
        plural, namespaced = self._kind(group, kind)
        if name and namespaced and not namespace:
            raise RefusedError(f"{kind} {name}: names no namespace")
        steps = [
            group,
            *(["namespaces", namespace] if namespaced and namespace else []),
            plural,
            *([name] if name else []),
        ]
        return "/".join(steps)

    def _kind(self, group: str, kind: str) -> tuple[str, bool]:
        """The kind's plural, and whether it lives in namespaces. Kinds that come later are found as well."""
        if (group, kind) not in self._kinds:
            answer = self._send("GET", group)
            # Of a group that it does not know either, the server says so in plain text.
            for each in answer.json().get("resources", []) if answer.ok else []:
                if "/" not in each["name"]:
                    self._kinds[group, each["kind"]] = (each["name"], each["namespaced"])
        if (group, kind) not in self._kinds:
            raise UnknownKindError(f"{self.address}{group} has no kind {kind}")
        return self._kinds[group, kind]


def named(manifest: Mapping[str, Any]) -> str:
    """Kind, namespace and name, for people."""
    metadata = manifest["metadata"]
    return f"{manifest['kind']} " + "/".join(filter(None, [metadata.get("namespace"), metadata["name"]]))


def _warnings(answer: requests.Response) -> tuple[str, ...]:
    """The texts of headers such as `299 - "a text"`. Each is on its own, for a text may hold commas."""
    quoted = [header.split(" ", 2)[2][1:-1] for header in answer.raw.headers.getlist("Warning")]
    return tuple(re.sub(r"\\(.)", r"\1", text) for text in quoted)


def _refuse(answer: requests.Response, what: str) -> None:
    if answer.ok:
        return
    try:
        said = answer.json()["message"]
    except (requests.JSONDecodeError, KeyError):
        said = answer.text
    raise RefusedError(f"{what}: {said}")
