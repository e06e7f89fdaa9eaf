"""What all tests have in common."""

import gc
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling


def pytest_collection_finish() -> None:
    # What is loaded by now stays: the collector need not look at it again and again.
    gc.freeze()


class _ByFile(LoadScopeScheduling):
    """Whoever makes something for a file of tests makes it once: all of a file are one process's."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        # They share one Ruby, and a second would take seconds to start.
        return "tests/logs" if file.startswith("tests/logs/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Decides which process runs a test."""
    return _ByFile(config, log)
