"""Parts of the pages about traces and incidents: what the settings say, and what the tool says of a recorded time."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from ops.incident import shown as incidents
from ops.incident.gather import of_trace, of_window
from ops.plan.run import settings_of, stacks
from ops.sources.times import Window, instant
from ops.traces import shown as slow_ones
from ops.traces.__main__ import slow
from tests.support.pages import ROOT, between
from tests.support.recorded import recorded, sources

_WIDTH = 160


def told() -> Iterator[tuple[Path, str]]:
    """Both pages with their current text."""
    page = ROOT / "docs" / "traces.md"
    text = between(page.read_text(encoding="utf-8"), "sampling", sampling())
    yield page, between(text, "slow", _slow())
    page = ROOT / "docs" / "incidents.md"
    text = between(page.read_text(encoding="utf-8"), "time", _time())
    yield page, between(text, "request", _request())


def sampling() -> str:
    """Which traces each stack keeps."""
    lines = ["| Stack | Failed | Slow | Of the rest | Gateways | Kept for |", "|---|---|---|---:|---:|---|"]
    for stack in stacks():
        given = settings_of(stack).settings.tracing
        kept = "the last 20,000, in memory" if given.storage == "memory" else str(given.retention)
        slow = f"all over {given.keep_slower_than}"
        lines.append(
            f"| {stack} | all | {slow} | {given.sampled_share * 100:g} % | {given.gateway_replicas} | {kept} |"
        )
    return "\n".join(lines)


def _slow() -> str:
    data = recorded()
    window = Window(start=instant(data["from"]), end=instant(data["to"]))
    report = slow(sources(data["answers"]).jaeger, "api-gateway", window, timedelta(seconds=1))
    asked = "python -m ops traces slow --service api-gateway --over 1s --last 1h"
    return _screen(asked, lambda console: slow_ones.show(report, "screen", console))


def _time() -> str:
    data = recorded()
    window = Window(start=instant(data["from"]), end=instant(data["to"]))
    incident = of_window(sources(data["answers"]), window)
    asked = f"python -m ops incident --from {window.start:%Y-%m-%dT%H:%M:%S} --to {window.end:%Y-%m-%dT%H:%M:%S}"
    return _screen(asked, lambda console: incidents.show(incident, "screen", console))


def _request() -> str:
    data = recorded()
    incident = of_trace(sources(data["answers"]), data["trace"], None, instant(data["to"]))
    asked = f"```sh\npython -m ops incident --trace-id {data['trace']} --format markdown\n```\n\n"
    # Its headings are within this page's.
    return asked + incidents.page(incident).replace("\n## ", "\n#### ").replace("# Trace", "### Trace", 1).rstrip()


def _screen(asked: str, show: Callable[[Console], None]) -> str:
    console = Console(file=io.StringIO(), width=_WIDTH, highlight=False, emoji=False)
    show(console)
    assert isinstance(console.file, io.StringIO)
    text = "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())
    return f"```console\n$ {asked}\n{text.strip()}\n```"
