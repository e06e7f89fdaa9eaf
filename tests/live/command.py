"""Starts and ends a cluster with both operators that stays until a person ends it."""

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from tests.live.cluster import Cluster
from tests.live.operators import install
from tests.live.parts import CONTROL_PLANE, OPERATORS
from tests.live.processes import FailedError, ending_by_signal
from tests.support.tools import MissingError, built, cache_folder

_PATIENCE = 30.0
"""Seconds that a cluster has to end in."""


class RunningError(Exception):
    """A cluster runs in the folder already."""


def main() -> None:
    """Runs one command. Exits with 1 and a sentence where it fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.live.cluster", description=__doc__)
    parser.add_argument("command", choices=["up", "down"])
    parser.add_argument("--foreground", action="store_true", help="stay, and end the cluster with Ctrl-C")
    parser.add_argument("--folder", type=Path, default=cache_folder() / "cluster", help="for its files, while it runs")
    chosen = parser.parse_args()
    folder = chosen.folder.absolute()
    run = end if chosen.command == "down" else _stay if chosen.foreground else start
    try:
        run(folder)
    except RunningError:
        print(f"it runs already\n{_told(folder)}")
    except (FailedError, MissingError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def start(folder: Path) -> None:
    """Starts a cluster that stays, unless one runs in the folder. Raises RunningError or FailedError."""
    for part in (*CONTROL_PLANE, *OPERATORS):
        built(part)
    with _locked(folder):
        # Of one that was killed.
        _ready(folder).unlink(missing_ok=True)
    log = folder.with_suffix(".log")
    command = [sys.executable, "-m", "tests.live.cluster", "up", "--foreground", "--folder", str(folder)]
    with log.open("wb") as out:
        # In a session of its own, it stays when the terminal is closed.
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        while child.poll() is None and not _ready(folder).exists():
            time.sleep(0.1)
    except BaseException:
        child.terminate()
        child.wait(_PATIENCE)
        raise
    if child.returncode is not None:
        raise FailedError(log.read_text(encoding="utf-8"))
    print(_told(folder))


def _stay(folder: Path) -> None:
    with _locked(folder), ending_by_signal(), Cluster(folder) as cluster:
        install(cluster)
        _ready(folder).touch()
        try:
            print(_told(folder), flush=True)
            with suppress(KeyboardInterrupt):
                signal.pause()
        finally:
            _ready(folder).unlink()


def end(folder: Path) -> None:
    """Ends the cluster of the folder, if one runs. Raises FailedError where it does not end."""
    try:
        with _locked(folder):
            print("no cluster runs")
            return
    except RunningError:
        number = int(_lock(folder).read_text(encoding="utf-8"))
    os.kill(number, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with suppress(RunningError), _locked(folder):
            print("the cluster is gone")
            return
        time.sleep(0.1)
    raise FailedError(f"process {number} does not end the cluster within {_PATIENCE:.0f} s")


@contextmanager
def _locked(folder: Path) -> Iterator[TextIO]:
    """Holds the folder's lock, with the number of this process in it. Raises RunningError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(folder).open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunningError from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield file


def _lock(folder: Path) -> Path:
    return folder.with_suffix(".lock")


def _ready(folder: Path) -> Path:
    return folder.with_suffix(".ready")


def _told(folder: Path) -> str:
    return f"export KUBECONFIG={folder / 'kubeconfig'}\nlogs are in {folder / 'logs'}\nend it with: make cluster-down"
