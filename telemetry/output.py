"""Standard output that cannot stop a service: it may be closed, full, or read by nobody."""

import os
import select
import stat
import threading
from contextlib import suppress
from typing import BinaryIO

_PATIENCE_MS = 1_000
"""A reader that has stopped is waited for once; until it reads again, lines are dropped."""


class Output:
    """Lines go out whole and at once, whoever else of the process writes. What cannot go out is counted."""

    def __init__(self, stream: BinaryIO) -> None:
        self.lost = 0
        """Lines that were dropped since somebody asked last."""

        self._stream = stream
        self._number = _number(stream)
        self._pipe = self._number is not None and not stat.S_ISREG(os.fstat(self._number).st_mode)
        self._poll = select.poll()
        if self._number is not None:
            self._poll.register(self._number, select.POLLOUT)
        self._stalled, self._cut = False, False
        self._lock = threading.RLock()
        # A lock that another thread held when the process forked is never given back in the child.
        os.register_at_fork(after_in_child=self._unlock)

    def write(self, line: bytes) -> bool:
        """Whether it went out."""
        with self._lock:
            try:
                self._write(line + b"\n")
            except (OSError, ValueError):
                # Nobody reads, and there is nowhere left to say so.
                self.lost += 1
                return False
        return True

    def _write(self, data: bytes) -> None:
        if self._number is None or self._stream.closed:
            self._stream.write(data)
            self._stream.flush()
            return
        # What a line that was cut off left behind ends here.
        rest = memoryview(b"\n" + data if self._cut else data)
        whole = len(rest)
        try:
            while rest:
                self._wait()
                rest = rest[os.write(self._number, rest[: select.PIPE_BUF] if self._pipe else rest) :]
        except OSError:
            self._cut = self._cut or len(rest) < whole
            raise
        self._cut = False

    def _wait(self) -> None:
        # A pipe that is ready takes this much without waiting.
        if self._poll.poll(0 if self._stalled else _PATIENCE_MS):
            self._stalled = False
            return
        self._stalled = True
        raise BlockingIOError

    def _unlock(self) -> None:
        self._lock = threading.RLock()


def _number(stream: BinaryIO) -> int | None:
    with suppress(OSError, ValueError):
        stream.flush()
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None
