"""Measures in a process of its own, which nothing has warmed up before."""

import json
import subprocess
import sys
from typing import Any

from tests.support.pages import ROOT


def measured(module: str, *arguments: str) -> Any:
    """What the module, called so, prints last. Raises CalledProcessError."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])
