"""One server with an HTTP API: where it is, who asks, and one sentence where it does not answer."""

import os
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

Parameters = Sequence[tuple[str, str]]


class UnreadError(Exception):
    """A server could not be read. The text names it and says why, and what to do about it."""


class Answer(BaseModel):
    """What is read of an answer; whatever else is in it does not matter."""


A = TypeVar("A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a server is, and how its address is given."""

    name: str
    """As people know it."""

    forward: str
    """What `kubectl port-forward` takes to bring it to one's own machine."""

    login: bool = False
    """Whether it asks who one is: `<KIND>_USERNAME` and `<KIND>_PASSWORD`, `<KIND>_CA` where its authority is ours."""

    @property
    def flag(self) -> str:
        """Of the command line."""
        return f"--{self.name.lower()}"

    @property
    def variable(self) -> str:
        """Of the environment."""
        return f"{self.name.upper()}_URL"


JAEGER = Kind(name="Jaeger", forward="svc/jaeger-query 16686")
PROMETHEUS = Kind(name="Prometheus", forward="svc/prometheus 9090")
ALERTMANAGER = Kind(name="Alertmanager", forward="svc/alertmanager 9093")
ELASTICSEARCH = Kind(name="Elasticsearch", forward="svc/openpolicy-logs-es-http 9200", login=True)

_MISSING = 404
_SECONDS = 30
_LONGEST_ANSWER = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that can be asked."""

    kind: Kind
    address: str | None
    login: tuple[str, str] | None = None
    authority: str | None = None
    """File of who signed its certificate. None: whom the machine trusts."""

    transport: httpx.BaseTransport | None = field(default=None, repr=False)
    """What carries requests. None: the network."""

    def find(self, shape: type[A], path: str, parameters: Parameters = ()) -> A | None:
        """What is there, or None where it says that there is no such thing. Raises UnreadError."""
        return self._ask(shape, "GET", path, parameters, None)

    def get(self, shape: type[A], path: str, parameters: Parameters = ()) -> A:
        """What is there. Raises UnreadError."""
        return self._present(path, self._ask(shape, "GET", path, parameters, None))

    def post(self, shape: type[A], path: str, body: Mapping[str, object]) -> A:
        """What it answers to that body. Raises UnreadError."""
        return self._present(path, self._ask(shape, "POST", path, (), body))

    def _present(self, path: str, answer: A | None) -> A:
        if answer is None:
            raise UnreadError(f"{self.kind.name} at {self.address} has no {path}: is it another server?")
        return answer

    def _ask(
        self, shape: type[A], method: str, path: str, parameters: Parameters, body: Mapping[str, object] | None
    ) -> A | None:
        name = self.kind.name
        if self.address is None:
            raise UnreadError(
                f"{name}: no address. Give {self.kind.flag} URL or {self.kind.variable}; from a cluster: "
                f"kubectl -n observability port-forward {self.kind.forward}"
            )
        where = f"{name} at {self.address}"
        try:
            with self._client(self.address) as client:
                answer = client.request(method, path, params=[*parameters], json=body)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise UnreadError(f"{where} does not answer: {error or type(error).__name__}") from error
        if answer.status_code == _MISSING:
            return None
        if not answer.is_success:
            raise UnreadError(f"{where} answers {answer.status_code}: {_short(answer.text)}")
        return _read(shape, answer.content, f"{where} answers {path} as no {name} does")

    def _client(self, address: str) -> httpx.Client:
        # Whom the machine trusts takes a tenth of a second to read: only where it is needed.
        encrypted = address.startswith("https:")
        verify = ssl.create_default_context(cafile=self.authority) if encrypted and self.authority else encrypted
        return httpx.Client(
            base_url=address, auth=self.login, verify=verify, timeout=_SECONDS, transport=self.transport
        )


def server(kind: Kind, address: str | None) -> Server:
    """The server at that address, or where the environment says."""
    named = kind.name.upper()
    user, password = os.environ.get(f"{named}_USERNAME"), os.environ.get(f"{named}_PASSWORD")
    return Server(
        kind=kind,
        address=address or os.environ.get(kind.variable) or None,
        login=(user, password) if kind.login and user and password else None,
        authority=os.environ.get(f"{named}_CA") if kind.login else None,
    )


def _read(shape: type[A], content: bytes, complaint: str) -> A:
    try:
        return TypeAdapter(shape).validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        part = ".".join(str(each) for each in first["loc"])
        raise UnreadError(f"{complaint}: {f'{part}: ' if part else ''}{first['msg']}") from error


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_ANSWER else f"{line[:_LONGEST_ANSWER]}…"
