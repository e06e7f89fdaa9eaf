"""A table, which is the same on a terminal and on a page."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table as Grid
from rich.text import Text

from ops.shown.words import cell, printable


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: int = 0
    """How many of the first columns are numbers."""

    styles: Sequence[str] = ()
    """Of each row, on a terminal."""

    note: str = ""


def grid(table: Table) -> Grid:
    """For a terminal. The last columns are cut before the first ones are."""
    made = Grid(title=printable(table.title), title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, heading in enumerate(table.headings):
        made.add_column(
            heading,
            justify="right" if number < table.right else "left",
            no_wrap=number < table.right,
            overflow="fold",
        )
    for number, row in enumerate(table.rows):
        style = table.styles[number] if table.styles else ""
        made.add_row(*(Text(printable(each)) for each in row), style=style)
    if table.note:
        made.caption = table.note
        made.caption_justify = "left"
    return made


def lines(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Container[int]) -> Iterator[str]:
    """Of a table of Markdown, whose texts are fit for it. `right`: which columns are numbers."""
    yield f"| {' | '.join(headings)} |"
    yield f"|{'|'.join('---:' if number in right else '---' for number in range(len(headings)))}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def last(numbers: int, headings: Sequence[str]) -> range:
    """The last so many columns."""
    return range(len(headings) - numbers, len(headings))


def markdown(table: Table) -> Iterator[str]:
    """Lines of a page."""
    yield f"## {cell(table.title)}"
    yield ""
    if table.rows:
        rows = [[cell(each) for each in row] for row in table.rows]
        yield from lines(table.headings, rows, right=range(table.right))
        yield ""
    if table.note:
        yield table.note
        yield ""
