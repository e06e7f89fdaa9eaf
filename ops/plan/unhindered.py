"""What keeps the SDK from waiting for nothing, and from asking what nobody wants to know, while it plans."""

import asyncio
import gc
from collections.abc import Coroutine, Generator, Iterable
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any, cast

from pulumi import log
from pulumi.runtime import resource, rpc, settings
from pulumi.runtime.proto import source_pb2

_PAUSE_SECONDS, _GLANCE_SECONDS = 0.001, 0.25
DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
_SCALARS = frozenset({str, int, float, bool, type(None)})
_UNTYPED = frozenset[object]({None, Any})

serialize = rpc.serialize_property
create_urn = resource.create_urn
_aside, _numbers = dict[str, object](), count()


@contextmanager
def unhindered() -> Generator[None]:
    """Goes without what the SDK does for an engine that records, or for values that are not plain."""
    with ExitStack() as done:
        # The lines from which each resource comes: a tenth of the work.
        done.enter_context(_instead(resource, "_get_stack_trace", source_pb2.StackTrace))
        done.enter_context(_instead(log, "debug", _say_nothing))
        # A URN of its own, for tests without an engine: a tenth again.
        done.enter_context(_instead(resource, "create_urn", _urn))
        # Of each value, down to the last number, whether it is an Output, a resource or an archive: a fifth.
        done.enter_context(_instead(rpc, "serialize_property", plainly))
        yield


@contextmanager
def _instead(of: object, name: str, by: object) -> Generator[None]:
    before = getattr(of, name)
    setattr(of, name, by)
    try:
        yield
    finally:
        setattr(of, name, before)


def _say_nothing(*_said: object, **_more: object) -> None:
    """Debugging lines are not shown."""


class _Unasked:
    """A URN that is waited for, and that nobody reads."""

    async def future(self) -> str:
        return ""


def _urn(name: Any, type_: Any, parent: Any = None, project: Any = None, stack: Any = None) -> Any:
    # Those of aliases name the project and the stack, or a parent that is not known yet.
    if project is None and stack is None and type(parent) in {str, type(None)}:
        return _Unasked()
    return create_urn(name, type_, parent, project, stack)


async def plainly(
    value: object,
    deps: list[Any] | None,
    property_key: str | None,
    resource_obj: Any = None,
    input_transformer: Any = None,
    typ: Any = None,
    *more: bool,
    **named: bool,
) -> Any:
    """What the SDK's own makes of the value: itself, where it is plain and its keys go as they are."""
    if not named.get("return_protobuf_value"):
        if type(value) in _SCALARS:
            return value
        if input_transformer is None and typ in _UNTYPED and is_plain(value):
            return _set_aside(value) if property_key == "spec" and _type(resource_obj) == DEFINITION else value
    return await serialize(value, deps, property_key, resource_obj, input_transformer, typ, *more, **named)


def _type(of: Any) -> str:
    return of._type if of else ""  # noqa: SLF001 nothing else knows it before it is registered


def _set_aside(spec: object) -> str:
    # Thousands of values, of which no program reads one: sending them would be a fifth of the work.
    number = f"aside {next(_numbers)}"
    _aside[number] = spec
    return number


def taken_back(sent: object) -> object:
    """The definition's spec as it was before it was set aside, or as it was sent."""
    return _aside.pop(sent, sent) if isinstance(sent, str) else sent


def is_plain(value: object) -> bool:
    """Whether the value is as JSON would read it."""
    if type(value) is dict:
        entries = cast("dict[object, object]", value)
        return all(type(key) is str and is_plain(entry) for key, entry in entries.items())
    if type(value) is list:
        return all(map(is_plain, cast("list[object]", value)))
    return type(value) in _SCALARS


@contextmanager
def no_garbage() -> Generator[None]:
    """A program makes many objects and keeps them: looking among them for garbage would be a third of the work."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


async def quiet() -> None:
    """Ends when no task gets done any more.

    The SDK would look at every open one after each that is done: a time that grows with the square of their number.
    """
    held = cast("Any", settings.SETTINGS)
    left = -1
    while left != (left := _undone(held.outputs)):  # noqa: ASYNC110 the SDK tells nobody when a task is done
        await asyncio.sleep(_PAUSE_SECONDS)


def _undone(tasks: Iterable[asyncio.Task[object]]) -> int:
    return sum(not task.done() for task in tasks)


class StuckError(Exception):
    """What is waited for will never be."""


async def unless_stuck(work: Coroutine[Any, Any, object], loop: asyncio.AbstractEventLoop) -> None:
    """Does the work. Raises StuckError as soon as it waits and nothing else is left to do, however slow the machine.

    Every request is answered at once, so nothing comes from outside: with no task ready and no timer set, none follows.
    """
    task, inner = asyncio.ensure_future(work), cast("Any", loop)
    while not task.done():
        await asyncio.wait([task], timeout=_GLANCE_SECONDS)
        # The loop tells nobody what it has left. Its own timer is gone by now.
        if not (task.done() or inner._ready or inner._scheduled):  # noqa: SLF001
            task.cancel()
            await asyncio.wait([task])
            raise StuckError
    await task
