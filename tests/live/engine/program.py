"""The program, run as Pulumi runs it."""

import runpy


def run(path: str) -> None:
    """Runs the program of that folder, or in that file."""
    runpy.run_path(path, run_name="__main__")
