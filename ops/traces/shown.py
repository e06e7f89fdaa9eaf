"""A report on a terminal, as a page, or for a script."""

import json
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from ops.shown.table import Table, grid, markdown
from ops.shown.words import cell
from ops.traces.report import Report, as_json
from ops.traces.tables import by_operation, path, slowest


def show(report: Report, form: str, console: Console) -> None:
    """Prints it for a terminal, or as `markdown` or `json`."""
    match form:
        case "json":
            console.out(json.dumps(as_json(report), indent=2, ensure_ascii=False), highlight=False)
        case "markdown":
            console.out(page(report), highlight=False, end="")
        case _:
            for table in tables(report):
                console.print(grid(table))
                console.print()
            for note in report.notes:
                console.print(Text(note, style="yellow"))
            console.print(Text(report.title, style="bold"))


def page(report: Report) -> str:
    """In Markdown."""
    lines = [f"# {cell(report.title)}", ""]
    for note in report.notes:
        lines += [f"*{cell(note)}*", ""]
    for table in tables(report):
        lines += markdown(table)
    return "\n".join(lines).rstrip() + "\n"


def tables(report: Report) -> Iterator[Table]:
    """Nothing where nothing was found."""
    if report.closer:
        if len(report.found) > 1:
            yield slowest(report.found)
        yield by_operation(report.operations)
        yield path(report.closer)
