"""What `make up` does: a stack that names no cluster goes to one of our own, and a second time changes nothing."""

import subprocess
import sys
from pathlib import Path

from ops.plan.run import ROOT
from tests.live.command import end

_DEPLOY = "import sys; from pathlib import Path; from tests.live.up import deploy; "
_DEPLOY += "sys.exit(deploy('dev', Path(sys.argv[1], 'cluster'), Path(sys.argv[1], 'stacks')))"


def up(folder: Path) -> str:
    """What it prints, once it is done."""
    command = [sys.executable, "-c", _DEPLOY, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_up_deploys_to_a_cluster_of_our_own_and_again_changes_nothing(tmp_path: Path) -> None:
    try:
        first = up(tmp_path)
        assert "simulated: nodes, pods" in first
        assert "created" in first.partition("Resources:")[2]
        again = up(tmp_path).partition("Resources:")[2]
        assert "unchanged" in again
        assert "created" not in again
    finally:
        end(tmp_path / "cluster")
