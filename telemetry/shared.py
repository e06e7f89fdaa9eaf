"""The files in which the workers of a pod count: a full disk is an error of these, and not the end of a worker.

prometheus_client maps a file with holes. Where the disk has no block left for a page, writing to it is SIGBUS, which
ends the process. So blocks are taken when a file is made or grows; then a full disk raises, and is told.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from prometheus_client import mmap_dict, values

_FIRST: int = mmap_dict._INITIAL_MMAP_SIZE  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] what it makes a file with


class Allocated(mmap_dict.MmapedDict):
    """A file of counters whose every page has a block."""

    def __init__(self, filename: str, read_mode: bool = False) -> None:  # noqa: FBT001, FBT002 the library's signature
        if not read_mode:
            _allocate(filename)
        super().__init__(filename, read_mode)  # pyright: ignore[reportUnknownMemberType] the library leaves it untyped
        if not read_mode:
            self._f: Any = _Growing(self._f)

    def _init_value(self, key: str) -> None:
        capacity = self._capacity
        try:
            super()._init_value(key)  # pyright: ignore[reportUnknownMemberType] as above
        except OSError:
            # It is as long as it was: the next key asks again.
            self._capacity = capacity
            raise


class _Growing:
    """The file, where the library makes it longer."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.fileno, self.close = file.fileno, file.close

    def truncate(self, size: int) -> int:
        os.posix_fallocate(self._file.fileno(), 0, size)
        return size


def _allocate(name: str) -> None:
    with Path(name).open("ab") as file:
        if os.fstat(file.fileno()).st_size >= _FIRST:
            return
        try:
            os.posix_fallocate(file.fileno(), 0, _FIRST)
        except OSError:
            # A short one would be taken for whole.
            with suppress(OSError):
                Path(name).unlink()
            raise


def use() -> None:
    """Makes the library use it. Before the first metric, and once is enough."""
    values.MmapedDict = Allocated  # pyright: ignore[reportPrivateImportUsage] where it looks
