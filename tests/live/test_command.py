"""What a person runs, and that nothing of it stays behind, however it is ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.live.listing import alive, children

ROOT = Path(__file__).parent.parent.parent
_COMMAND = [sys.executable, "-m", "tests.live.cluster"]
# Only Linux ends what a killed process leaves behind.
SIGNALS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGKILL] if sys.platform == "linux" else [])]


def run(command: str, folder: Path) -> str:
    """What it prints, once it is done."""
    done = subprocess.run(
        [*_COMMAND, command, "--folder", folder], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def gone(numbers: list[int]) -> None:
    """Asserts that they have ended, or end now: a process lets go of its lock a moment before it is gone."""
    deadline = time.monotonic() + 5
    while alive(numbers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive(numbers) == []


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "cluster"
    run("down", tmp_path / "cluster")


def test_it_stays_until_it_is_ended(folder: Path) -> None:
    told = run("up", folder)
    kubeconfig = Path(told.partition("export KUBECONFIG=")[2].partition("\n")[0])
    document = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    assert document["clusters"][0]["cluster"]["server"].startswith("https://127.0.0.1:")
    assert "end it with: make cluster-down" in told

    owner = int(folder.with_suffix(".lock").read_text(encoding="utf-8"))
    parts = children(owner)
    assert len(parts) == 7
    assert run("up", folder) == f"it runs already\n{told}"

    assert run("down", folder) == "the cluster is gone\n"
    gone([owner, *parts])
    assert not folder.exists()
    assert run("down", folder) == "no cluster runs\n"


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_nothing_outlives_whoever_started_it(number: signal.Signals, folder: Path) -> None:
    command = [*_COMMAND, "up", "--foreground", "--folder", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == f"export KUBECONFIG={folder}/kubeconfig\n"
        parts = children(owner.pid)
        assert len(parts) == 7
        owner.send_signal(number)
    deadline = time.monotonic() + 5
    while alive(parts) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert alive(parts) == []
    if number == signal.SIGKILL:
        # What it could not remove is in nobody's way.
        run("up", folder)
    else:
        assert not folder.exists()


def test_one_that_cannot_start_says_why_and_leaves_nothing_running(folder: Path) -> None:
    command = [*_COMMAND, "up", "--folder", str(folder)]
    wrong = os.environ | {"ETCD_SNAPSHOT_COUNT": "many"}
    done = subprocess.run(command, cwd=ROOT, env=wrong, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "waiting for the API server: etcd ended with status" in done.stderr
    assert "for ETCD_SNAPSHOT_COUNT" in done.stderr
    assert [path.name for path in folder.iterdir()] == ["logs"]


def test_files_of_others_stay(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine").touch()
    run("up", folder)
    run("down", folder)
    assert [path.name for path in folder.iterdir()] == ["mine"]
