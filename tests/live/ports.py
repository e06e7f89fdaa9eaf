"""Ports that no two clusters of one user are given, whichever process starts them."""

import fcntl
import socket
from typing import TextIO

from tests.support.tools import cache_folder

# Below what the system hands out to outgoing connections, any of which could take a port before its server does.
_RANGE = range(21_000, 30_000)


class Ports:
    """Ports of 127.0.0.1 that stay reserved until they are released, or this process ends."""

    def __init__(self) -> None:
        self._locks: list[TextIO] = []
        self._left = iter(_RANGE)

    def take(self) -> int:
        """A port that nothing listens on and nobody else takes."""
        for port in self._left:
            if (lock := _lock(port)) is not None:
                self._locks.append(lock)
                if _free(port):
                    return port
        raise RuntimeError(f"no port between {_RANGE.start} and {_RANGE.stop} is free")

    def release(self) -> None:
        for lock in self._locks:
            lock.close()
        self._locks.clear()


def _lock(port: int) -> TextIO | None:
    folder = cache_folder() / "ports"
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / str(port)).open("a", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do it: a connection that was closed a moment ago does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
