"""Asks Kubernetes' own autoscaler for its decisions: `python -m tests.live.decisions` records them.

Its code is taken from its module as it is, and a few lines of Go put questions to it; no cluster is needed. `make test`
holds the simulation against what was recorded, and `make live` what was recorded against the code.
"""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.live.parts import CONTROLLER_MANAGER
from tests.support.decisions import RECORDED, Answer, questions, wire
from tests.support.tools import MissingError, go

_PARTS = ("horizontal.go", "hpa_selector_store.go", "rate_limiters.go", "replica_calculator.go")


def real() -> Sequence[Answer]:
    """What the real controller answers. Raises MissingError where it cannot be built."""
    source = Path(go(CONTROLLER_MANAGER, "list", "-m", "-f", "{{.Dir}}", CONTROLLER_MANAGER.module).strip())
    with TemporaryDirectory() as scratch:
        folder = Path(scratch, "module")
        shutil.copytree(CONTROLLER_MANAGER.path, folder)
        for part in _PARTS:
            shutil.copyfile(source / "pkg" / "controller" / "podautoscaler" / part, folder / "podautoscaler" / part)
        command = ["go", "build", "-mod=readonly", "-o", "decide", "./ask"]
        built = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if built.returncode != 0:
            raise MissingError(f"the autoscaler cannot be had: {built.stderr.strip()[-2000:]}")
        asked = json.dumps([wire(question) for question in questions()])
        done = subprocess.run([folder / "decide"], input=asked, capture_output=True, text=True, check=True)
    return [
        [answer[name] for name in ("Cpu", "Memory", "Load", "Together", "Decided")]
        for answer in json.loads(done.stdout)
    ]


if __name__ == "__main__":
    RECORDED.write_text(json.dumps(real(), separators=(",", ":")) + "\n", encoding="utf-8")
    print(RECORDED)
