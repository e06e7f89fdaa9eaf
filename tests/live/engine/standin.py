# ruff: noqa: ARG002 the protocol decides what methods are called and take
"""A STAND-IN for a provider plugin: speaks Pulumi's provider protocol, and leaves to others where objects are kept.

The engine cannot tell it from a real one: it checks, previews, compares and refuses with it as with any provider. What
only the vendor knows, the stand-ins do not: which inputs a resource may have, and which of them it can change.
"""

import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from tests.live.engine.plugin import serve
from tests.live.engine.values import Values, differences, plain, wire

HOLD, HELD = "STANDIN_HOLD", "STANDIN_HELD"
"""Where creating the resource named by the one hangs for ever, before:name or after:name; a file that then appears."""


class RefusedError(Exception):
    """The vendor refuses. The text is what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An object that exists: its id, what a program would have to write for it, and everything known about it."""

    id: str
    inputs: Values
    outputs: Values


class StandIn(provider_pb2_grpc.ResourceProviderServicer):
    """The protocol. Who inherits says where objects are kept."""

    version: str

    def configure(self, settings: Values) -> None:
        """Takes the provider's own inputs, mappings within them as text. Raises RefusedError."""

    def create(self, kind: str, inputs: Values) -> Made:
        """Makes an object of a resource type. Raises RefusedError."""
        raise NotImplementedError

    def read(self, kind: str, identity: str, inputs: Values) -> Made | None:
        """The object as it is now, or None. Raises RefusedError."""
        raise NotImplementedError

    def update(self, kind: str, identity: str, inputs: Values) -> Made:
        """Changes the object. Raises RefusedError."""
        raise NotImplementedError

    def delete(self, kind: str, identity: str, inputs: Values) -> None:
        """Removes the object, and returns when it is gone. Raises RefusedError."""
        raise NotImplementedError

    def invoke(self, token: str, arguments: Values) -> Values:
        """Answers a look-up. Raises RefusedError."""
        raise RefusedError(f"the stand-in does not know {token}, asked with {arguments}")

    def replaces(self, path: str) -> bool:
        """Whether a change there makes a new object."""
        raise NotImplementedError

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.ProviderHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=self.version)

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        return _diff(request, lambda _: False)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _answering(context):
            self.configure(plain(request.args))
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        return _diff(request, self.replaces)

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        if request.preview:
            return provider_pb2.CreateResponse(properties=request.properties)
        _hold("before", request.name)
        with _answering(context):
            made = self.create(request.type, plain(request.properties))
        _hold("after", request.name)
        return provider_pb2.CreateResponse(id=made.id, properties=wire(made.outputs))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _answering(context):
            made = self.read(request.type, request.id, plain(request.inputs))
        if made is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=made.id, properties=wire(made.outputs), inputs=wire(made.inputs))

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        if request.preview:
            return provider_pb2.UpdateResponse(properties=request.news)
        with _answering(context):
            made = self.update(request.type, request.id, plain(request.news))
        return provider_pb2.UpdateResponse(properties=wire(made.outputs))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        with _answering(context):
            self.delete(request.type, request.id, plain(request.old_inputs))
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        answer = provider_pb2.InvokeResponse()
        with _answering(context):
            getattr(answer, "return").CopyFrom(wire(self.invoke(request.tok, plain(request.args))))
        return answer

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()


class _answering:  # noqa: N801 used like a function
    """Tells the engine of a refusal."""

    def __init__(self, context: grpc.ServicerContext) -> None:
        self._context = context

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, RefusedError):
            self._context.abort(grpc.StatusCode.UNKNOWN, str(error))


def _diff(request: Any, replaces: Callable[[str], bool]) -> Any:
    answer = provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
    if request.old_inputs == request.news:
        return answer
    # The engine itself ignores them in an update, and leaves it to the provider in a refresh.
    ignored = [re.compile(re.escape(each).replace(r"\*", "[^.]+")) for each in request.ignoreChanges]
    for path, how in differences(plain(request.old_inputs), plain(request.news)):
        if any(each.match(path) for each in ignored):
            continue
        answer.changes = provider_pb2.DiffResponse.DIFF_SOME
        anew = replaces(path)
        kind = provider_pb2.PropertyDiff.Kind.Value(f"{how}_REPLACE" if anew else how)
        answer.detailedDiff[path].CopyFrom(provider_pb2.PropertyDiff(kind=kind, inputDiff=True))
        answer.diffs.append(path)
        if anew:
            answer.replaces.append(path)
            # Objects have explicit names, so two cannot exist at once.
            answer.deleteBeforeReplace = True
    return answer


def _hold(moment: str, name: str) -> None:
    if os.environ.get(HOLD) == f"{moment}:{name}":
        Path(os.environ[HELD]).touch()
        threading.Event().wait()


def run(servicer: StandIn) -> NoReturn:
    """Serves it to the engine that started this process."""
    serve(lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server))
