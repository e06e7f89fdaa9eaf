"""Stands in for Pulumi's engine: takes what a program registers, checks it as the engine would, and answers.

Unlike the SDK's mocks it builds real URNs, refuses the same URN twice, keeps parents, dependencies, options and the
exact paths of secrets, and runs each program in a context of its own.
"""

import asyncio
import contextvars
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime import config, settings
from pulumi.runtime.proto import engine_pb2, resource_pb2
from pulumi.runtime.stack import run_in_stack

from ops.plan.unhindered import DEFINITION, StuckError, no_garbage, quiet, taken_back, unhindered, unless_stuck
from ops.plan.wire import decode, encode, secrets

_STACK = "pulumi:pulumi:Stack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What the program registered. Secrets in `inputs` are masked; `secrets` are their paths."""

    urn: str
    type: str
    name: str
    custom: bool
    inputs: Mapping[str, Any]
    plain: Mapping[str, Any] = field(repr=False)
    """The inputs with their secrets. For documents that are public although Kubernetes keeps them in a Secret."""

    secrets: tuple[str, ...]
    parent: str
    provider: str
    dependencies: tuple[str, ...]
    protect: bool
    retain_on_delete: bool
    ignore_changes: tuple[str, ...]
    aliases: tuple[str, ...]


@dataclass(slots=True)
class Recording:
    """Everything that one run did."""

    resources: dict[str, Resource] = field(default_factory=dict[str, Resource])
    outputs: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """What components and the stack declared as their outputs, by URN."""

    invokes: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program, and what the engine would tell it."""

    run: Callable[[], object]
    project: str
    stack: str
    config: Mapping[str, str]
    secret_keys: frozenset[str]
    preview: bool
    """Whether it is a first preview, in which what does not exist yet is unknown."""

    made: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """Outputs that providers would compute, by resource type."""


class _Inline(ThreadPoolExecutor):
    """Runs what it is given at once, in the caller's thread: the order is then always the same."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 the future carries it to whoever waits
            future.set_exception(error)
        return future


class Recorder:
    """The engine's resource monitor and log, in memory. Method names are the protocol's."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.recording = Recording()

    def _urn(self, request: resource_pb2.RegisterResourceRequest) -> str:
        parent = request.parent.split("::")[2] if request.parent else ""
        within = f"{parent}$" if parent and parent != _STACK else ""
        return f"urn:pulumi:{self._program.stack}::{self._program.project}::{within}{request.type}::{request.name}"

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> resource_pb2.RegisterResourceResponse:
        """Takes a resource and answers with its inputs, and with what a provider would have made."""
        urn = self._urn(request)
        if urn in self.recording.resources:
            raise ValueError(f"two resources have the same URN, {urn}")
        if request.custom and request.type.split(":")[0] != "pulumi" and not request.provider:
            raise ValueError(f"{urn} names no provider, and default providers are disabled")
        inputs = struct_pb2.Value(struct_value=request.object)
        hidden = secrets(inputs)
        masked = decode(inputs)
        if request.type == DEFINITION:
            masked["spec"] = taken_back(masked.get("spec"))
        self.recording.resources[urn] = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            custom=request.custom,
            inputs=masked,
            plain=decode(inputs, mask=False) if hidden else masked,
            secrets=hidden,
            parent=request.parent,
            provider=request.provider,
            dependencies=tuple(sorted(request.dependencies)),
            protect=request.protect,
            retain_on_delete=request.retainOnDelete,
            ignore_changes=tuple(request.ignoreChanges),
            aliases=tuple(_former(alias) for alias in request.aliases),  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType, reportUnknownArgumentType] the SDK's stub lacks it
        )
        answer = resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        if request.type == DEFINITION:
            answer.object.fields["spec"].struct_value.Clear()
        if request.custom and not self._program.preview:
            answer.id = f"id-of-{request.name}"
            for key, value in self._program.made.get(request.type, {}).items():
                answer.object.fields[key].CopyFrom(encode(value, secret=key in request.additionalSecretOutputs))
        return answer

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> empty_pb2.Empty:
        """Takes what a component declares as its outputs."""
        self.recording.outputs[request.urn] = decode(struct_pb2.Value(struct_value=request.outputs))
        return empty_pb2.Empty()

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeResponse:
        """Answers a look-up with what was asked for and an id."""
        self.recording.invokes.append(request.tok)
        answer = resource_pb2.ResourceInvokeResponse()
        found = getattr(answer, "return")
        found.CopyFrom(request.args)
        named = "-".join(str(decode(request.args.fields[key])) for key in sorted(request.args.fields))
        found.fields["id"].string_value = f"id-of-{named}"
        return answer

    def GetDeploymentInfo(self, _: empty_pb2.Empty) -> resource_pb2.DeploymentInfo:
        """What the SDK may use. Without output values, secrets arrive at their exact paths."""
        return resource_pb2.DeploymentInfo(
            supportedFeatures=[
                resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
                resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
                resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
            ]
        )

    def SignalAndWaitForShutdown(self, _: empty_pb2.Empty) -> empty_pb2.Empty:
        """The program is done."""
        return empty_pb2.Empty()

    def Log(self, request: engine_pb2.LogRequest) -> empty_pb2.Empty:
        """Keeps warnings; what a program logs as an error, it also raises."""
        if request.severity == engine_pb2.WARNING:
            self.recording.warnings.append(request.message)
        return empty_pb2.Empty()


def _former(alias: Any) -> str:
    return alias.urn or alias.spec.name


def record(program: Program) -> Recording:
    """Runs the program once, isolated from every other run. Raises what the program raises."""
    # After a failure asyncio would print every task that nobody waited for.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    with unhindered(), no_garbage():
        return contextvars.copy_context().run(_run, program)


def _run(program: Program) -> Recording:
    recorder = Recorder(program)
    settings.ROOT.set(None)
    settings.configure(
        settings.Settings(
            project=program.project,
            stack=program.stack,
            monitor=recorder,
            engine=recorder,
            dry_run=program.preview,
            parallel=1,
        )
    )
    config.set_all_config(dict(program.config), list(program.secret_keys))
    loop = asyncio.new_event_loop()
    loop.set_default_executor(_Inline())
    asyncio.set_event_loop(loop)

    async def main() -> None:
        program.run()
        await quiet()

    try:
        loop.run_until_complete(unless_stuck(run_in_stack(main), loop))
    except StuckError:
        raise ValueError("the program waits for itself: Outputs depend on each other in a circle") from None
    finally:
        loop.close()
        asyncio.set_event_loop(None)
    return recorder.recording
