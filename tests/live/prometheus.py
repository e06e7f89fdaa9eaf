"""A real Prometheus, and samples from before it was started."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from tests.live.processes import Process, Processes
from tests.support.loopback import ready
from tests.support.tools import run, tool


def start(processes: Processes, folder: Path, port: int, *options: str, name: str = "prometheus") -> Process:
    """Starts one with the folder's `prometheus.yml`, and waits until it is ready. Its samples are in `tsdb`."""
    process = processes.start(
        name,
        tool("prometheus"),
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
        *options,
    )
    processes.wait(partial(ready, f"http://127.0.0.1:{port}/-/ready"), name, seconds=120)
    return process


def backfill(folder: Path, lines: Iterable[str], *options: str) -> None:
    """Makes blocks in `tsdb` of lines of OpenMetrics."""
    history = folder / "history.txt"
    with history.open("w", encoding="utf-8") as file:
        file.writelines(lines)
    made = run("promtool", "tsdb", "create-blocks-from", *options, "openmetrics", history, folder / "tsdb")
    assert made.returncode == 0, made.stderr
    history.unlink()
