"""The real programs that the tests run: from PATH, or built once from pinned Go modules into the user's cache."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

_MODULES = Path(__file__).parent.parent / "tools"


class MissingError(Exception):
    """A program is not there and cannot be built. The text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A program, and where it is built from."""

    name: str
    folder: str
    """Below tests/tools; its go.mod pins the module."""

    module: str
    package: str = ""
    """Below the module, such as /cmd/promtool."""

    own: bool = False
    """Whether the folder has a program of its own, made of modules as the first one is."""

    experiment: str = ""
    """What of Go it needs that is not on by default."""

    tags: str = ""
    """Build tags, as the project itself builds it."""

    stamps: tuple[str, ...] = ()
    """What the linker writes into the program, as main.version={version}; {number} is that without its v, and {major}
    and {minor} are parts of it."""

    @property
    def version(self) -> str:
        """As the folder's go.mod pins it, such as v1.2.3."""
        text = (self.path / "go.mod").read_text(encoding="utf-8")
        found = re.search(rf"^(?:require)?\s*{re.escape(self.module)} (v\S+)", text, re.MULTILINE)
        assert found is not None, f"tests/tools/{self.folder}/go.mod does not pin {self.module}"
        return found[1]

    @property
    def path(self) -> Path:
        """The folder of its go.mod."""
        return _MODULES / self.folder


_PROMETHEUS = "github.com/prometheus/prometheus"
_ALERTMANAGER = "github.com/prometheus/alertmanager"
TOOLS = {
    part.name: part
    for part in (
        Part(name="promtool", folder="prometheus", module=_PROMETHEUS, package="/cmd/promtool"),
        Part(name="prometheus", folder="prometheus", module=_PROMETHEUS, package="/cmd/prometheus"),
        Part(name="amtool", folder="alertmanager", module=_ALERTMANAGER, package="/cmd/amtool"),
        Part(name="alertmanager", folder="alertmanager", module=_ALERTMANAGER, package="/cmd/alertmanager"),
        Part(name="actionlint", folder="actionlint", module="github.com/rhysd/actionlint", package="/cmd/actionlint"),
        Part(name="cyclonus", folder="cyclonus", module="github.com/mattfenwick/cyclonus", package="/cmd/cyclonus"),
        Part(name="kube-score", folder="kube-score", module="github.com/zegl/kube-score", package="/cmd/kube-score"),
        # Trivy's checks of manifests, without the rest of it.
        Part(
            name="trivy-manifests",
            folder="trivy",
            module="github.com/aquasecurity/trivy",
            own=True,
            experiment="jsonv2",
        ),
        Part(name="node_exporter", folder="node-exporter", module="github.com/prometheus/node_exporter"),
        Part(
            name="pulumi",
            folder="pulumi",
            module="github.com/pulumi/pulumi/pkg/v3",
            package="/cmd/pulumi",
            # The Automation API asks for it.
            stamps=("github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={version}",),
        ),
    )
}
"""What people run as well, by its name."""


@cache
def tool(name: str) -> str:
    """Path of the tool. Where it cannot be had, the test is skipped, and on CI it fails."""
    return shutil.which(name) or str(had(TOOLS[name]))


@cache
def had(part: Part) -> Path:
    """Path of the program in its pinned version. Where it cannot be had, the test is skipped, and on CI it fails."""
    try:
        return built(part)
    except MissingError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


def run(name: str, *arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the tool and returns what it said, whatever its exit status."""
    # They end within seconds: looking for garbage as they go is a third of their work, and they need not.
    environment = {"GOGC": "off", "GOMEMLIMIT": "1GiB"} | os.environ
    command = [tool(name), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def cache_folder() -> Path:
    """Where what is made once is kept for all checkouts of this user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "openpolicy-observability"


def built(part: Part) -> Path:
    """Path of the program in its pinned version, which is built where it is missing. Raises MissingError."""
    target = cache_folder() / "bin" / f"{part.name}-{part.version}"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    # One builds, and whoever else wants the same waits for it.
    with (target.parent / f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _build(part, target)
    return target


def go(part: Part, *arguments: str | Path) -> str:
    """Runs Go in the part's folder and returns its standard output. Raises MissingError."""
    if shutil.which("go") is None:
        raise MissingError(f"{part.name} is not there, and there is no Go to build it with")
    environment = os.environ | ({"GOEXPERIMENT": part.experiment} if part.experiment else {})
    done = subprocess.run(
        ["go", *arguments], cwd=part.path, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise MissingError(f"{part.name} cannot be had: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _build(part: Part, target: Path) -> None:
    started = time.monotonic()
    print(f"building {target.name}, once; minutes on a small machine …", file=sys.__stderr__, flush=True)
    number = part.version.removeprefix("v")
    major, minor = number.split(".")[:2]
    known = {"version": part.version, "number": number, "major": major, "minor": minor}
    stamps = [f"-X {stamp.format(**known)}" for stamp in part.stamps]
    scratch = target.with_name(f".{target.name}-{os.getpid()}")
    try:
        flags = " ".join(["-s", "-w", *stamps])
        program = "." if part.own else f"{part.module}{part.package}"
        go(part, "build", "-mod=readonly", f"-tags={part.tags}", "-ldflags", flags, "-o", scratch, program)
        # Whole at once: another run may look for the same file.
        scratch.rename(target)
    finally:
        scratch.unlink(missing_ok=True)
    print(f"built {target.name} in {time.monotonic() - started:.0f} s", file=sys.__stderr__, flush=True)
