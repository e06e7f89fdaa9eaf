"""The comparison on a terminal."""

from rich.console import Console
from rich.text import Text

from ops.diff.machine import machine
from ops.diff.markdown import markdown
from ops.diff.model import Comparison, Kind
from ops.diff.words import SIGNS, counts, headline, lines

_COLOURS = {Kind.ADDED: "green", Kind.REMOVED: "red", Kind.REPLACED: "bold magenta", Kind.CHANGED: "yellow"}


def show(comparison: Comparison, form: str, console: Console) -> None:
    """Prints it for a terminal, or as `markdown` or `json`."""
    match form:
        case "markdown":
            console.out(markdown(comparison), highlight=False, end="")
        case "json":
            console.out(machine(comparison), highlight=False, end="")
        case _:
            _coloured(comparison, console)


def _coloured(comparison: Comparison, console: Console) -> None:
    """The most important last: that is what a terminal shows."""
    for section in comparison.sections:
        console.print(Text(f"{section.title}: {counts(section)}", style="bold"))
        for change in section.changes:
            console.print(Text(f"  {SIGNS[change.kind]} {change.name}", style=_COLOURS[change.kind]))
            for line in lines(change):
                console.print(Text(f"      {line}"))
    for warning in comparison.warnings:
        console.print(Text.assemble(("! ", "bold red"), (warning, "red")))
    console.print(Text(f"{comparison.stack} against {comparison.base}: {headline(comparison)}", style="bold"))
