"""Packages of Node that the tests need, fetched once by npm from a pinned list into the user's cache."""

import fcntl
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

from tests.support.tools import MissingError, cache_folder

_LISTS = Path(__file__).parent.parent / "tools"


def packages(name: str) -> Path:
    """Folder whose `node_modules` are those of tests/tools/<name>/package-lock.json. Raises MissingError."""
    listed = _LISTS / name
    number = sha256((listed / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = cache_folder() / f"{name}-{number}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    # One fetches, and whoever else wants the same waits for it.
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _fetch(listed, folder)
    return folder


def _fetch(listed: Path, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise MissingError(f"the packages of {listed.name} are not there, and there is no npm to fetch them with")
    scratch = folder.with_suffix(".new")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    for file in ("package.json", "package-lock.json"):
        shutil.copy(listed / file, scratch)
    # Nothing of theirs runs while they are laid down.
    command = [npm, "ci", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise MissingError(f"the packages of {listed.name} cannot be had: {done.stderr[-2000:]}")
    scratch.rename(folder)
