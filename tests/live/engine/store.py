"""Objects in a JSON file, as the recording stand-ins keep them for the whole life of a stack."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Objects = dict[str, dict[str, Any]]


@contextmanager
def kept(file: Path) -> Iterator[Objects]:
    """The objects by id. What is changed within is written, by one at a time."""
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        objects: Objects = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        before = json.dumps(objects)
        yield objects
        after = json.dumps(objects)
        if after != before:
            scratch = file.with_suffix(".new")
            scratch.write_text(after, encoding="utf-8")
            scratch.rename(file)
