"""How a plan grows with the catalogue: `python -m tests.ops.scale` plans production ×1, ×10 and ×100.

Each plan is a process of its own, and the processor's time is counted. What is imported is left out; what the program
spends in Pulumi's SDK stands apart. `--record` puts the table into docs/speed.md.
"""

import argparse
import datetime as dt
import gc
import json
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from alerts.model import alerts_of
from tests.ops.benchmark import PAGE, STACK, program
from tests.support.apart import measured
from tests.support.grown import Copy, Platform, grown, with_exporters
from tests.support.pages import ROOT, record

_TIMES = (1, 10, 100)
_SDK = "Pulumi's SDK, and what it sends"

# What is measured of each, by where its caller finds it.
STAGES: Mapping[str, Sequence[str]] = {
    "facts, each constructed and checked": (),
    "settings": ("components.settings.load",),
    "rules of the stack, and routes": ("components.wiring.core.groups", "components.wiring.core.routes"),
    "boards, with a panel for every alert": ("dashboards.library.dashboards",),
    "the review": ("components.wiring.core.review",),
    "rules as Prometheus reads them": ("components.alerting.rule_file", "components.wiring.core.panel_links"),
    "routes as Alertmanager reads them": ("components.alerting.to_yaml",),
    "scrape jobs": ("components.metrics.monitor",),
    "boards as Grafana reads them": ("components.wiring.grafana.documents",),
    "network policies": ("components.network.policies",),
    "components": ("ops.plan.run.runpy.run_path",),
    _SDK: ("ops.plan.run.record", "pulumi.Resource.__init__"),
    "who reaches whom": ("ops.plan.documents.page",),
    "documents": ("ops.plan.run.files",),
    "the bill, and a look for secrets": ("ops.plan.run.plan",),
}


class Clock:
    """Seconds of the processor by stage. A stage within another is not counted there."""

    def __init__(self) -> None:
        self.spent = defaultdict[str, float](float)
        self._stages = list[str]()
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Whatever happens within."""
        self._turn()
        self._stages.append(name)
        yield
        self._turn()
        self._stages.pop()

    def _turn(self) -> None:
        now = time.process_time()
        if self._stages:
            self.spent[self._stages[-1]] += now - self._since
        self._since = now

    def counted(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, every call of which counts."""

        @wraps(function)
        def timed(*args: Any, **options: Any) -> Any:
            with self.stage(stage):
                made = function(*args, **options)
                # A generator works when it is asked.
                return iter([*made]) if isinstance(made, Iterator) else made

        return timed


def change(path: str, made: Callable[[Any], Any]) -> None:
    """Puts what is made of what stands at the path in its place."""
    owner, _, name = path.rpartition(".")
    where = _found(owner)
    setattr(where, name, made(getattr(where, name)))


def _found(path: str) -> Any:
    """A module, or what is in one."""
    try:
        return import_module(path)
    except ModuleNotFoundError:
        owner, _, name = path.rpartition(".")
        return getattr(_found(owner), name)


def measure(times: int, folder: Path) -> Mapping[str, float]:
    """One plan, in this process: seconds by stage, and mebibytes."""
    # As the command does.
    gc.disable()
    platform, clock = grown(times), Clock()
    with clock.stage(next(iter(STAGES))):
        Copy(0).of(platform)
    put(platform, times)
    # All that some stack imports.
    for page in (ROOT / "components").glob("[a-z]*.py"):
        import_module(f"components.{page.stem}")
    for stage, paths in STAGES.items():
        for path in paths:
            change(path, partial(clock.counted, stage))
    _found("ops.plan.run.plan")(STACK, root=folder)
    return {**clock.spent, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def put(platform: Platform, times: int) -> None:
    """In place of the real facts, before the program is imported."""
    change("catalogue.CATALOGUE", lambda _: platform.catalogue)
    change("alerts.library.LIBRARY", lambda _: platform.library)
    change("alerts.library.RUNBOOKS", lambda _: {alert.name for alert in alerts_of(platform.library)})
    change("dashboards.library.PAGES", lambda _: platform.pages)
    change("components.wiring.places._exporters", lambda pods: with_exporters(pods, times))


def settled(folder: Path, times: int) -> Path:
    """A folder with the program, and settings that are large enough."""
    path = program(folder, enabled=True) / f"Pulumi.{STACK}.yaml"
    settings: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    config = settings["config"]
    config["openpolicy:metrics"]["memory"] = f"{10 * times}Gi"
    config["openpolicy:cluster"]["quota"]["memory"] = f"{1000 * times}Gi"
    teams = config["openpolicy:onCall"]["teams"]
    copies = {
        f"{name}-c{number}": rota | {"members": [f"c{number}-{each}" for each in rota["members"]]}
        for number in range(1, times)
        for name, rota in teams.items()
    }
    teams.update(copies)
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


def compare() -> Mapping[int, Mapping[str, float]]:
    """Every size."""
    found = dict[int, Mapping[str, float]]()
    with tempfile.TemporaryDirectory() as folder:
        for times in _TIMES:
            settled(Path(folder), times)
            found[times] = measured("tests.ops.scale", "--times", str(times), "--root", folder)
    return found


def table(found: Mapping[int, Mapping[str, float]]) -> str:
    """Seconds side by side, and how many times as long the largest takes as the one before."""
    heads = " | ".join(f"×{times}, s" for times in found)
    lines = [f"| Stage | {heads} | ×100 / ×10 |", "|---|" + "---:|" * (len(found) + 1)]
    own = [stage for stage in STAGES if stage != _SDK]
    for name, stages in (*((stage, [stage]) for stage in own), ("**the program's own**", own), (_SDK, [_SDK])):
        seconds = [sum(each.get(stage, 0) for stage in stages) for each in found.values()]
        lines.append(f"| {name} | {' | '.join(f'{each:.2f}' for each in seconds)} | {seconds[-1] / seconds[-2]:.1f} |")
    memory = " | ".join(f"{each['memory']:.0f}" for each in found.values())
    return "\n".join([*lines, f"| memory, MiB | {memory} | |"])


def main() -> None:
    """Measures one size, or compares all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--record", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    given = parser.parse_args()
    if given.times:
        print(json.dumps(measure(given.times, given.root)))
        return
    made = table(compare())
    print(made)
    if given.record:
        said = f"{made}\n\nOne plan each, processor time, {dt.datetime.now(dt.UTC):%Y-%m-%d}."
        record(PAGE, "growth", said)


if __name__ == "__main__":
    main()
