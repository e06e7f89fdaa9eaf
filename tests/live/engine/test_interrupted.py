"""An update that is killed half way, and the one that takes over."""

import os
import signal
import subprocess
import time

from tests.live.engine.stack import Stack
from tests.live.engine.standin import HELD, HOLD

_HELD = "cluster-priority"
_OBJECT = "scheduling.k8s.io/v1/PriorityClass observability-critical"
_QUIET_SECONDS = 2.0
# Of the Kubernetes provider: it then changes what exists instead of refusing to create it.
_TAKE_IN = "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"


def test_what_had_not_been_made_is_made(dev: Stack) -> None:
    made = _killed(dev, "before")
    assert _OBJECT not in (dev.folder / "kubernetes.json").read_text(encoding="utf-8")
    _unlocked(dev)
    warned = _made_the_rest(dev, made)
    assert f"{_HELD}, interrupted while creating" in warned
    assert dev.ok("refresh", "--clear-pending-creates").steps == []
    _settled(dev)


def test_what_had_been_made_unseen_is_taken_in_when_that_is_asked_for(dev: Stack) -> None:
    made = _killed(dev, "after")
    assert _OBJECT in (dev.folder / "kubernetes.json").read_text(encoding="utf-8")
    _unlocked(dev)
    dev.ok("refresh", "--clear-pending-creates")
    refused = dev.run("up")
    assert refused.status != 0
    assert f"{_OBJECT} already exists" in refused.text
    dev.environment[_TAKE_IN] = "true"
    _made_the_rest(dev, made)
    del dev.environment[_TAKE_IN]
    assert dev.ok("up").steps == [("update", "cluster-kubernetes")]
    _settled(dev)


def _killed(stack: Stack, moment: str) -> set[str]:
    """Kills an `up` while it creates one resource. Returns the names of what the state then has."""
    held = stack.folder / "held"
    environment = stack.environment | {HOLD: f"{moment}:{_HELD}", HELD: str(held)}
    with (stack.folder / "killed.log").open("wb") as log:
        up = subprocess.Popen(
            stack.command("up", "--yes", "--skip-preview"),
            cwd=stack.project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + 120
        while not held.exists():
            assert up.poll() is None, (stack.folder / "killed.log").read_text(encoding="utf-8")
            assert time.monotonic() < end, f"{_HELD} is never created"
            time.sleep(0.05)
        # Everything else that can be made without it is. Nobody may read the state while the CLI writes it.
        while time.time() - _written(stack) < _QUIET_SECONDS:
            assert time.monotonic() < end, f"more than {_HELD} is never created"
            time.sleep(0.05)
    finally:
        os.kill(up.pid, signal.SIGKILL)
        up.wait()
    assert [*_pending(stack)] == [_HELD]
    return set(stack.resources())


def _written(stack: Stack) -> float:
    """When the state was last written: each time, the file before it is renamed, so it is the folder that tells."""
    return (stack.backend / ".pulumi" / "stacks" / "openpolicy").stat().st_mtime


def _pending(stack: Stack) -> dict[str, str]:
    """URNs by name of what may or may not have been made."""
    found = [each["resource"]["urn"] for each in stack.state().get("pending_operations", [])]
    return {each.rpartition("::")[2]: each for each in found}


def _unlocked(stack: Stack) -> None:
    """The dead still holds the lock, and the CLI says how to take it away."""
    refused = stack.run("up")
    assert refused.status != 0
    assert "the stack is currently locked by 1 lock" in refused.text
    assert "pulumi cancel" in refused.text
    stack.ok("cancel", "--yes")


def _made_the_rest(stack: Stack, made: set[str]) -> str:
    """The next update makes what is missing, and nothing twice. Returns what the CLI says."""
    ran = stack.ok("up")
    created = ran.did("create")
    assert _HELD in created
    assert not made & set(created)
    assert {*made, *created} == set(stack.resources())
    return ran.text


def _settled(stack: Stack) -> None:
    assert _pending(stack) == {}
    assert stack.ok("up", "--expect-no-changes").steps == []
    assert stack.ok("refresh", "--expect-no-changes").steps == []
