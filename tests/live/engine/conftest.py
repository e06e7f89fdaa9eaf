"""New stacks whose clusters and vendors are files, and who bring no kinds: those are most of the time of an update."""

from pathlib import Path

import pytest

from tests.live.engine.leaks import SECRETS
from tests.live.engine.stack import Stack, make
from tests.live.engine.standin_kubernetes import RECORDING


@pytest.fixture
def dev(tmp_path: Path) -> Stack:
    """Development, not yet there."""
    return _recorded("dev", tmp_path)


@pytest.fixture
def prod(tmp_path: Path) -> Stack:
    """Production, not yet there, with its secrets."""
    stack = _recorded("prod", tmp_path)
    for key, value in SECRETS.items():
        stack.ok("config", "set", "--secret", f"openpolicy:{key}", value)
    return stack


def _recorded(name: str, folder: Path) -> Stack:
    stack = make(name, folder, real=False)
    stack.set("cluster.kubeconfig", f"{RECORDING}{folder / 'kubernetes.json'}")
    stack.set("operators.install", "false", kind="bool")
    return stack
