"""The real promtool and amtool: from PATH, or built once from pinned Go modules into the user's cache."""

import os
import re
import shutil
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

_MODULES = Path(__file__).parent.parent / "tools"


@cache
def tool(name: str) -> str:
    """Path of the tool. Where it cannot be had, the test is skipped, and on CI it fails."""
    if found := shutil.which(name):
        return found
    module = {"promtool": "prometheus", "amtool": "alertmanager"}[name]
    built = _cached(name, module)
    if not built.exists():
        if shutil.which("go") is None:
            return _missing(f"{name} is not on PATH, and there is no Go to build it with")
        try:
            _build(module, built)
        except subprocess.CalledProcessError as error:
            return _missing(f"{name} could not be built: {error.stderr.strip()[-2000:]}")
    return str(built)


def run(name: str, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the tool and returns what it said, whatever its exit status."""
    return subprocess.run([tool(name), *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False)


def _cached(name: str, module: str) -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    text = (_MODULES / module / "go.mod").read_text(encoding="utf-8")
    version = re.search(rf"github\.com/prometheus/{module} (v\S+)", text)
    assert version is not None, f"tests/tools/{module}/go.mod names no version"
    return home / "openpolicy-observability" / "bin" / f"{name}-{version[1]}"


def _build(module: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    name = target.name.partition("-")[0]
    started = time.monotonic()
    print(f"\nbuilding {target.name}, once; minutes on a small machine …", file=sys.__stderr__, flush=True)
    scratch = target.with_name(f".{target.name}-{os.getpid()}")
    package = f"github.com/prometheus/{module}/cmd/{name}"
    subprocess.run(
        ["go", "build", "-mod=readonly", "-o", scratch, package],
        cwd=_MODULES / module,
        capture_output=True,
        text=True,
        check=True,
    )
    # Whole at once: another run may be waiting for the same file.
    scratch.rename(target)
    print(f"built {target.name} in {time.monotonic() - started:.0f} s", file=sys.__stderr__, flush=True)


def _missing(why: str) -> str:
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)
