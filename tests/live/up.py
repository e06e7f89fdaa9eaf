"""Deploys a stack as a person would: to the cluster that it names, or to that of `make cluster` where it names none."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from components.settings.secrets import SECRETS
from ops.plan.run import ROOT, stacks
from ops.plan.stackfile import read, stand_in
from tests.live.command import RunningError, start
from tests.live.engine.stack import Stack, make
from tests.support.tools import cache_folder

_SIMULATED = "real: the control plane and both operators; simulated: nodes, pods, and providers that are not on PATH"


def main() -> None:
    """Runs `pulumi up` for the stack that the command line names, and exits with its status."""
    if len(sys.argv) != 2 or sys.argv[1] not in stacks():
        sys.exit(f"usage: make up STACK=<{'|'.join(stacks())}>")
    name = sys.argv[1]
    cluster = json.loads(read(ROOT / f"Pulumi.{name}.yaml").values["openpolicy:cluster"])
    if cluster["kubeconfig"] or cluster["context"]:
        os.chdir(ROOT)
        os.execvp("pulumi", ["pulumi", "up", "--stack", name])  # noqa: S606 the user's own
    sys.exit(deploy(name, cache_folder() / "cluster", cache_folder() / "stacks"))


def deploy(name: str, folder: Path, home: Path) -> int:
    """Deploys to the cluster of the folder, started where it does not run. State is kept below `home`. Returns the
    status of `pulumi up`."""
    with suppress(RunningError):
        start(folder)
    print(_SIMULATED, flush=True)
    stack = _stack(name, folder / "kubeconfig", home)
    command = stack.command("up", "--yes", "--skip-preview")
    return subprocess.run(command, cwd=stack.project, env=stack.environment, check=False).returncode


def _stack(name: str, kubeconfig: Path, home: Path) -> Stack:
    """The stack of this cluster: another cluster knows nothing of what this one holds."""
    # A new cluster may write the same file again, at the same port.
    identity = str(kubeconfig.stat().st_mtime_ns)
    for old in home.glob(f"{name}-*") if home.exists() else []:
        if old.name != f"{name}-{identity}":
            shutil.rmtree(old)
    stack = make(name, home / f"{name}-{identity}")
    stack.set("cluster.kubeconfig", str(kubeconfig))
    # That cluster has both already.
    stack.set("operators.install", "false", kind="bool")
    for secret in SECRETS:
        stack.ok("config", "set", "--secret", f"openpolicy:{secret.key}", stand_in(secret.key))
    return stack


if __name__ == "__main__":
    main()
