"""What runs on this machine, as the system tells it."""

import subprocess
from collections.abc import Sequence


def children(number: int) -> list[int]:
    """Processes that this one started and that still run."""
    return [child for child, parent in _running() if parent == number]


def alive(numbers: Sequence[int]) -> list[int]:
    """Those of them that still run."""
    return [number for number, _ in _running() if number in numbers]


def _running() -> list[tuple[int, int]]:
    """Numbers of every process and of its parent, without those that have ended and were not waited for."""
    command = ["ps", "-A", "-o", "pid=,ppid=,stat="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    return [(int(number), int(parent)) for number, parent, state in rows if not state.startswith("Z")]
