"""What a real program said of the same input, from the user's cache: of the same it says the same.

On CI nothing is recalled. What nobody has asked for a month is forgotten.
"""

import os
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from tests.support.tools import cache_folder, tool

_MONTH_SECONDS = 30 * 24 * 3600


Asked = TypeVar("Asked", bound=Hashable)


def recalled(
    program: str, given: Mapping[Asked, str], ask: Callable[[Sequence[Asked]], Mapping[Asked, str]]
) -> Mapping[Asked, str]:
    """What the program says of each. `given` has all that it reads for it, and `ask` asks for what nobody knows yet."""
    kept = {each: _kept(program, text) for each, text in given.items()}
    said = {each: path.read_text(encoding="utf-8") for each, path in kept.items() if _is_known(path)}
    if unknown := [each for each in given if each not in said]:
        asked = ask(unknown)
        for each, text in asked.items():
            # Whole at once, for another process may look for the same.
            scratch = kept[each].with_suffix(f".{os.getpid()}")
            scratch.write_text(text, encoding="utf-8")
            scratch.rename(kept[each])
        said |= asked
    return said


def contents(folder: Path) -> str:
    """Every file of the folder, with its name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "\0".join(f"{path.relative_to(folder)}\0{path.read_text(encoding='utf-8')}" for path in files)


def _is_known(path: Path) -> bool:
    if os.environ.get("CI") == "true" or not path.exists():
        return False
    path.touch()
    return True


def _kept(program: str, text: str) -> Path:
    """Where the answer is, by the program and all that it reads."""
    return _folder() / sha256(f"{_identity(program)}\0{text}".encode()).hexdigest()


@cache
def _identity(program: str) -> str:
    built = Path(tool(program))
    return f"{built} {built.stat().st_size} {built.stat().st_mtime_ns}"


@cache
def _folder() -> Path:
    folder = cache_folder() / "said"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - _MONTH_SECONDS:
                path.unlink()
    return folder
