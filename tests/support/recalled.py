"""What a real program said of the same files, from the user's cache: of the same it says the same.

On CI nothing is recalled. What nobody has asked for a month is forgotten.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

from tests.support.tools import cache_folder, tool

_MONTH_SECONDS = 30 * 24 * 3600


def recalled(
    program: str, folders: Sequence[Path], ask: Callable[[Sequence[Path]], Mapping[Path, str]]
) -> Mapping[Path, str]:
    """What the program says of each folder. `ask` is asked for those of which nobody knows."""
    kept = {folder: _kept(program, folder) for folder in folders}
    said = {folder: path.read_text(encoding="utf-8") for folder, path in kept.items() if _is_known(path)}
    if unknown := [folder for folder in folders if folder not in said]:
        asked = ask(unknown)
        for folder, text in asked.items():
            # Whole at once, for another process may look for the same.
            scratch = kept[folder].with_suffix(f".{os.getpid()}")
            scratch.write_text(text, encoding="utf-8")
            scratch.rename(kept[folder])
        said |= asked
    return said


def _is_known(path: Path) -> bool:
    if os.environ.get("CI") == "true" or not path.exists():
        return False
    path.touch()
    return True


def _kept(program: str, folder: Path) -> Path:
    """Where the answer is, by the program and all that it reads."""
    built = Path(tool(program))
    digest = sha256(f"{built} {built.stat().st_size} {built.stat().st_mtime_ns}".encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"\0{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return _folder() / digest.hexdigest()


@cache
def _folder() -> Path:
    folder = cache_folder() / "said"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - _MONTH_SECONDS:
                path.unlink()
    return folder
