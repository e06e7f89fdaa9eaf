"""Where the tests' time goes: `python -m tests.support.times` runs them with pytest's options, and tells it by folder.

Processor time is counted and not the clock's, for a machine is rarely idle: of the process that runs a test, and of
those that it started and that have ended. `--record` puts the table into tests/README.md.
"""

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

from tests.support.pages import ROOT, record

PAGE = ROOT / "tests" / "README.md"
_FOLDER = "OPENPOLICY_TIMES"
_SPENT, _COUNT = defaultdict[str, float](float), Counter[str]()


def _processor(*whose: int) -> float:
    """Seconds so far."""
    used = [resource.getrusage(each) for each in whose]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _subject(path: Path) -> str:
    """The folder of a test, or its kind where it is of the whole."""
    first, *below = path.relative_to(ROOT / "tests").parts
    return f"tests/{first}" if below else "tests/test_*.py"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Counts what a test takes, with what is made for it."""
    before = _processor(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    told = yield
    _SPENT[_subject(item.path)] += _processor(resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN) - before
    _COUNT[_subject(item.path)] += 1
    return told


def pytest_sessionfinish() -> None:
    """Each worker writes down what it counted."""
    found = {subject: (_COUNT[subject], spent) for subject, spent in _SPENT.items()}
    (Path(os.environ[_FOLDER]) / f"{os.getpid()}.json").write_text(json.dumps(found), encoding="utf-8")


def table(counts: Mapping[str, int], spent: Mapping[str, float], whole: float) -> str:
    """Folders, the dearest first, and at the end what belongs to no test: imports, collection, reports."""
    rows = [(f"`{subject}`", str(counts[subject]), seconds) for subject, seconds in spent.items()]
    rows.sort(key=lambda row: -row[2])
    rows.append(("starting, importing, collecting", "", whole - sum(spent.values())))
    lines = [f"| {name} | {count} | {seconds:.1f} | {seconds / whole:.0%} |" for name, count, seconds in rows]
    lines.append(f"| all of it | {sum(counts.values())} | {whole:.1f} | |")
    return "\n".join(["| Tests | How many | Processor, s | Share |", "|---|---:|---:|---:|", *lines])


def measured(options: list[str]) -> tuple[int, str]:
    """The exit status of pytest with these options, and what it took."""
    load, began = os.getloadavg()[0], time.monotonic()
    counts, spent = Counter[str](), defaultdict[str, float](float)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-p", "tests.support.times", *options]
        status = subprocess.run(command, cwd=ROOT, env=os.environ | {_FOLDER: folder}, check=False).returncode
        for each in Path(folder).iterdir():
            for subject, (count, seconds) in json.loads(each.read_text(encoding="utf-8")).items():
                counts[subject] += count
                spent[subject] += seconds
    clock, whole = time.monotonic() - began, _processor(resource.RUSAGE_CHILDREN)
    said = f"{clock:.0f} s by the clock, on {os.cpu_count()} cores with a load of {load:.1f} before."
    return status, f"{table(counts, spent, whole)}\n\n{dt.datetime.now(dt.UTC):%Y-%m-%d}: {said}"


def main() -> int:
    """Runs the tests, and tells or records where their time went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    given, options = parser.parse_known_args()
    status, said = measured(options)
    print(said)
    if given.record and status == 0:
        record(PAGE, "tests", said)
    return status


if __name__ == "__main__":
    sys.exit(main())
