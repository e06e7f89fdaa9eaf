"""What all tests have in common."""

import gc


def pytest_collection_finish() -> None:
    # What is loaded by now stays: the collector need not look at it again and again.
    gc.freeze()
