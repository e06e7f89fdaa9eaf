"""What keeps the SDK from waiting for nothing while a program is planned."""

import asyncio
import gc
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any, cast

from pulumi.runtime import resource, settings
from pulumi.runtime.proto import source_pb2

_PAUSE_SECONDS = 0.001


@contextmanager
def nobody_asks_where() -> Generator[None]:
    """The SDK would tell the engine from which lines each resource comes: a tenth of the work, and nobody reads it."""
    sdk = cast("Any", resource)
    told = sdk._get_stack_trace  # noqa: SLF001 there is no other way to go without
    sdk._get_stack_trace = source_pb2.StackTrace  # noqa: SLF001
    try:
        yield
    finally:
        sdk._get_stack_trace = told  # noqa: SLF001


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
