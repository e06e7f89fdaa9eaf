"""Processes that end when this one does, however it ends."""

import atexit
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_GRACE = 5.0
"""Seconds that all have to end in. What takes longer is killed: nothing of it is read afterwards."""

# Linux ends these even when this process is killed outright. The thread that starts them counts as the parent.
_BOUND = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()


class FailedError(Exception):
    """A process ended by itself, or did not become ready in time. The text ends with the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process, alone in its group."""

    name: str
    log: Path
    popen: subprocess.Popen[bytes]

    def ended(self) -> str | None:
        """None while it runs, else how it ended, with the end of its log."""
        if (status := self.popen.poll()) is None:
            return None
        return f"{self.name} ended with status {status}\n{self.tail()}"

    def tail(self, lines: int = 20) -> str:
        """The end of its log."""
        text = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        return "\n".join([f"the end of {self.log}:", *(f"  {line[:500]}" for line in text)])

    def signal(self, number: int) -> None:
        """Tells the whole group."""
        with suppress(ProcessLookupError):
            os.killpg(self.popen.pid, number)


class Processes:
    """What runs together, each with its own log, and ends together."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self.running: list[Process] = []
        """In the order in which they were started."""

        atexit.register(self.stop)

    def start(self, name: str, *command: str | Path, environment: Mapping[str, str] | None = None) -> Process:
        """Starts it in a group of its own: Ctrl-C reaches only this process, which then ends the others in turn."""
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"{name}.log"
        with log.open("wb") as out:
            popen = subprocess.Popen(
                [*_BOUND, *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=os.environ | (environment or {}),
            )
        process = Process(name=name, log=log, popen=popen)
        self.running.append(process)
        return process

    def stop(self) -> None:
        """Ends all, the last started first. Does nothing where nothing runs."""
        _end(self.running[::-1])
        self.running.clear()
        atexit.unregister(self.stop)

    def wait(self, check: Callable[[], T | None], what: str, *, seconds: float = 60) -> T:
        """What `check` returns once that is something. Raises FailedError when a process ends or the time is over."""
        deadline = time.monotonic() + seconds
        while True:
            complaint = ""
            try:
                if (found := check()) is not None:
                    return found
            except OSError as error:
                # Nobody answers. Why, a log tells better.
                complaint = f" ({error})"
            for process in self.running:
                if (how := process.ended()) is not None:
                    raise FailedError(f"waiting for {what}: {how}")
            if time.monotonic() > deadline:
                tails = [process.tail(5) for process in self.running]
                raise FailedError("\n".join([f"{what}: not within {seconds:.0f} s{complaint}", *tails]))
            time.sleep(0.1)


def _end(processes: list[Process]) -> None:
    deadline = time.monotonic() + _GRACE
    try:
        for process in processes:
            # In turn: a server whose own servers have gone first waits for them.
            process.signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.popen.wait(timeout=max(0.0, deadline - time.monotonic()))
    finally:
        # Also when a second Ctrl-C cuts the first one short, and for what a process may have left in its group.
        for process in processes:
            process.signal(signal.SIGKILL)
            process.popen.wait()


@contextmanager
def ending_by_signal() -> Iterator[None]:
    """Makes SIGTERM, and a closed terminal's SIGHUP, end this process as Ctrl-C does: by unwinding it."""
    # A shell starts what is in its background deaf to Ctrl-C.
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
