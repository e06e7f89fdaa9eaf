"""`python -m ops` in this process, and in one of its own, which takes seconds."""

import io
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ops.plan.run
from ops.__main__ import main
from tests.support.planned import planned


@dataclass(frozen=True, slots=True)
class Said:
    """What a person reads, and what a script sees."""

    status: int
    out: str
    err: str


def started(*arguments: str, cwd: Path, options: Sequence[str] = ()) -> Said:
    """Runs the command of that checkout, with these options of Python, in a process of its own."""
    command = [sys.executable, *options, "-m", "ops", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return Said(done.returncode, done.stdout, done.stderr)


def ops_says(*arguments: str, root: Path | None = None) -> Said:
    """Runs the command on the stacks of this checkout, which are planned once for all, or on those of `root`."""
    plan: Any = partial(ops.plan.run.plan, root=root) if root else lambda stack, **_: planned(stack)
    out, err = io.StringIO(), io.StringIO()
    with patch("ops.plan.run.plan", plan), redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Said(status, out.getvalue(), err.getvalue())
