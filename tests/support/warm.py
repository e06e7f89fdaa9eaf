"""Python programs that start at once: one process has imported what they need, and forks for each.

Each is a process of its own all the same, with its own environment and outputs, and ends as Python does. A module that
reads its settings while it is imported must not be imported before.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from io import TextIOWrapper
from typing import Self

from tests.support.pages import ROOT

LIBRARIES = (
    "catalogue.metrics",
    "fastapi",
    "httpx",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry.sdk.trace.export",
    "packaging.requirements",
    "requests",
    "structlog",
)
"""What services import beside telemetry, which is looked at, and prometheus_client, which reads settings so early."""

_PATIENCE = 120
_LONGEST = 100_000


@dataclass(frozen=True, kw_only=True)
class Running:
    """A program, until it has ended: who does something else before `ended` says it by `with`."""

    stdout: TextIOWrapper | None
    """None where it was given one."""

    stderr: TextIOWrapper
    control: socket.socket
    pid: int

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ended()

    def ended(self) -> subprocess.CompletedProcess[str]:
        """Its exit status, and what nobody has read yet of what it wrote. Raises TimeoutError where it does not end."""
        with ExitStack() as stack:
            pipes = [stack.enter_context(closing(pipe)) for pipe in (self.stderr, self.stdout) if pipe]
            reading = stack.enter_context(ThreadPoolExecutor(len(pipes))).map(TextIOWrapper.read, pipes)
            try:
                status = int(self.control.recv(_LONGEST))
            except TimeoutError:
                os.kill(self.pid, signal.SIGKILL)
                self.control.recv(_LONGEST)
                raise
            said, *written = reading
        return subprocess.CompletedProcess([], status, "".join(written), said)


class Warm:
    """The process that forks. One program after the other: the next starts when the one before has ended."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def start(self, program: str, *, stdout: int | None = None, environment: Mapping[str, str]) -> Running:
        """Runs this text, with its standard output there or to a pipe."""
        stderr, writing = os.pipe()
        reading, output = (None, stdout) if stdout is not None else os.pipe()
        socket.send_fds(self._control, [json.dumps([program, dict(environment)]).encode()], [output, writing])
        os.close(writing)
        if reading is not None:
            os.close(output)
        pid = self._control.recv(_LONGEST)
        assert pid, "the process that forks has ended"
        return Running(
            stdout=None if reading is None else os.fdopen(reading, encoding="utf-8"),
            stderr=os.fdopen(stderr, encoding="utf-8"),
            control=self._control,
            pid=int(pid),
        )


@contextmanager
def warmed(*modules: str) -> Iterator[Warm]:
    """A process that has imported these."""
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    ours.settimeout(_PATIENCE)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.warm", *modules], stdin=theirs.fileno(), cwd=ROOT
        )
    with ours:
        yield Warm(ours)
    process.wait(timeout=_PATIENCE)


def _forked() -> str:
    """The program which the process is to be that comes back from here: a new one each time. The first never does."""
    for name in sys.argv[1:]:
        import_module(name)
    gc.freeze()
    control = socket.socket(fileno=sys.stdin.fileno())
    while True:
        asked, outputs, _, _ = socket.recv_fds(control, _LONGEST, 2)
        if not asked:
            sys.exit()
        if not (pid := os.fork()):
            control.detach()
            for number, given in enumerate((os.open(os.devnull, os.O_RDONLY), *outputs)):
                os.dup2(given, number)
                os.close(given)
            program, environment = json.loads(asked)
            os.environ.clear()
            os.environ.update(environment)
            return program
        for each in outputs:
            os.close(each)
        control.send(str(pid).encode())
        _, status = os.waitpid(pid, 0)
        control.send(str(os.waitstatus_to_exitcode(status)).encode())


if __name__ == "__main__":
    exec(_forked(), {"__name__": "__main__"})  # noqa: S102 a program of a test
