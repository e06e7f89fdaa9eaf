"""What a plan takes: `python -m tests.ops.benchmark` plans production with Datadog's tests, without, and with its SDK.

Each plan is a process of its own, and they take turns. Processor time is that of the update and of the preview beside
it; the clock's is what people wait for, and says little where the machine is not idle. Memory is the most that the
process held at once. `--record` puts the table into docs/speed.md.
"""

import argparse
import datetime as dt
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.support.apart import measured
from tests.support.pages import ROOT, record

_ROUNDS = 5
STACK = "prod"
PAGE = ROOT / "docs" / "speed.md"

WAYS: Mapping[str, str] = {
    "without": "no tests from outside",
    "with": "with them: their documents are made without Datadog's SDK",
    "api": "with them, and boards through Grafana's API: every vendor there is",
    "sdk": "with them, and the SDK imported, as its own classes would have it",
}


def measure(way: str, root: Path) -> Mapping[str, float]:
    """One plan, in this process: seconds of the processor for imports and for all, and mebibytes."""
    # As the command does, it looks for no garbage while it imports.
    import ops.__main__
    from ops.plan.folder import replace_folder
    from ops.plan.run import plan

    assert ops.__main__

    if way == "sdk":
        import pulumi_datadog  # noqa: F401 what it costs
    # What the program imports by itself, before it is asked for anything.
    import components.wiring.optional

    assert components.wiring.optional
    imported = time.process_time()
    replace_folder(root / "out", plan(STACK, root=root, previewed=True).files)
    loaded = [name for name in sys.modules if name.partition(".")[0] == "pulumi_datadog"]
    assert bool(loaded) == (way == "sdk"), loaded[:3]
    update, preview = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    spent = sum(each.ru_utime + each.ru_stime for each in (update, preview))
    return {"imports": imported, "all": spent, "memory": update.ru_maxrss / 1024}


def program(folder: Path, *, enabled: bool, boards: str | None = None) -> Path:
    """A program of this one's code and settings, but for whether it has tests from outside, and where boards go."""
    for name in ("Pulumi.yaml", "__main__.py"):
        (folder / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    file = f"Pulumi.{STACK}.yaml"
    settings: dict[str, Any] = yaml.safe_load((ROOT / file).read_text(encoding="utf-8"))
    settings["config"]["openpolicy:synthetics"]["enabled"] = enabled
    settings["config"]["openpolicy:grafana"]["url"] = boards
    (folder / file).write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


def compare(rounds: int = _ROUNDS) -> Mapping[str, Sequence[Mapping[str, float]]]:
    """Every way, in turn."""
    found: dict[str, list[Mapping[str, float]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for way in WAYS:
                root = Path(folder) / way
                root.mkdir(exist_ok=True)
                boards = "https://grafana-api.openpolicy.ca" if way == "api" else None
                program(root, enabled=way != "without", boards=boards)
                began = time.perf_counter()
                taken = measured("tests.ops.benchmark", "--way", way, "--root", str(root))
                found[way].append({**taken, "clock": time.perf_counter() - began})
    return found


def table(found: Mapping[str, Sequence[Mapping[str, float]]]) -> str:
    """Medians, side by side."""
    lines = [
        "| Production | Imports, s | Processor, s | By the clock, s | Memory, MiB |",
        "|---|---:|---:|---:|---:|",
    ]
    for way, taken in found.items():
        imports, whole, clock, memory = (
            statistics.median(each[key] for each in taken) for key in ("imports", "all", "clock", "memory")
        )
        lines.append(f"| {WAYS[way]} | {imports:.1f} | {whole:.1f} | {clock:.1f} | {memory:.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Measures one way, or compares all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--record", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    if given.way:
        print(json.dumps(measure(given.way, given.root)), flush=True)
        # As the command ends.
        os._exit(0)
    load = os.getloadavg()[0]
    made = table(compare())
    print(made)
    if given.record:
        machine = f"on {os.cpu_count()} cores with a load of {load:.1f} before"
        said = f"{made}\n\nMedians of {_ROUNDS} runs each, {machine}, {dt.datetime.now(dt.UTC):%Y-%m-%d}."
        record(PAGE, "plan", said)


if __name__ == "__main__":
    main()
