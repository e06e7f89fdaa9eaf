"""An incident on a terminal, as a page, or for a script."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from ops.incident.model import Incident, Source, Weight
from ops.shown.table import Table, grid, markdown
from ops.shown.words import cell, count, printable
from ops.sources.times import stamp
from ops.traces.tables import path

_STYLES: Mapping[Weight, str] = {Weight.CALM: "", Weight.NOTABLE: "yellow", Weight.GRAVE: "bold red"}


def show(incident: Incident, form: str, console: Console) -> None:
    """Prints it for a terminal, or as `markdown` or `json`."""
    match form:
        case "json":
            console.out(json.dumps(as_json(incident), indent=2, ensure_ascii=False), highlight=False)
        case "markdown":
            console.out(page(incident), highlight=False, end="")
        case _:
            _screen(incident, console)


def page(incident: Incident) -> str:
    """In Markdown, to be kept and written on in."""
    lines = [f"# {cell(title(incident))}", "", f"{cell(headline(incident))}.", ""]
    lines += [f"> **Not read.** {cell(each)}\n" for each in incident.unread]
    for table in _tables(incident):
        lines += markdown(table)
    if incident.links:
        # An address is one to us where a server of ours gave it, and nowhere else.
        lines += ["## Read on", "", *(f"- {cell(each.text)}: <{_address(each.url)}>" for each in incident.links)]
    return "\n".join(lines).rstrip() + "\n"


def as_json(incident: Incident) -> Mapping[str, object]:
    """The whole of it: times in UTC."""
    return {
        "from": stamp(incident.window.start),
        "to": stamp(incident.window.end),
        "trace_id": incident.trace_id,
        "headline": headline(incident),
        "timeline": [
            asdict(each) | {"at": stamp(each.at), "weight": each.weight.name.lower()} for each in incident.moments
        ],
        "metrics": [asdict(each) | {"at": stamp(each.at)} for each in incident.readings],
        "links": [asdict(each) for each in incident.links],
        "slowest_trace": incident.trace.number if incident.trace else None,
        "not_read": [*incident.unread],
    }


def title(incident: Incident) -> str:
    """What it is about."""
    return f"Trace {incident.trace_id}" if incident.trace_id else f"Incident of {incident.window}"


def headline(incident: Incident) -> str:
    """In one sentence."""
    alerts = {each.what.split(" ", 1)[0] for each in incident.moments if each.source is Source.ALERT and each.weight}
    said = f"{incident.window}: {count(len(incident.moments), 'moment')}, {count(len(alerts), 'alert')}"
    first = incident.first_sign
    return f"{said}; first sign {first.at:%H:%M:%S}, {first.service}: {first.what}" if first else f"{said}; all calm"


def _screen(incident: Incident, console: Console) -> None:
    """The most important last: that is what a terminal shows."""
    for each in incident.links:
        console.print(Text(printable(f"{each.text}: {each.url}"), style="dim"), soft_wrap=True)
    for table in reversed([*_tables(incident)]):
        console.print()
        console.print(grid(table))
    console.print()
    for each in incident.unread:
        console.print(Text.assemble(("Not read: ", "bold yellow"), (printable(each), "yellow")))
    console.print(Text(printable(headline(incident)), style="bold"))


def _tables(incident: Incident) -> Iterator[Table]:
    moments, readings = incident.moments, incident.readings
    day = "%H:%M:%S" if incident.window.start.date() == incident.window.end.date() else "%d %H:%M:%S"
    yield Table(
        title="Timeline, in UTC",
        headings=("Time", "Source", "Service", "What", "Trace"),
        rows=[(f"{each.at:{day}}", each.source, each.service, each.what, each.trace) for each in moments],
        styles=[_STYLES[each.weight] for each in moments],
        note="" if moments else "Nothing happened that any of the sources knows.",
    )
    if readings:
        yield Table(
            title="Numbers, against as long a time before",
            headings=("Before", "Worst", "At", "Last", "Of", "What"),
            right=4,
            rows=[(each.before, each.worst, f"{each.at:%H:%M:%S}", each.last, each.of, each.what) for each in readings],
            styles=["yellow" if each.beyond else "" for each in readings],
        )
    if incident.trace:
        yield path(incident.trace)


def _address(url: str) -> str:
    return "".join(each for each in url if each.isprintable() and each not in "<> ")
