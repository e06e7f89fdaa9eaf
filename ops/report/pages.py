"""A report as Markdown with its drawings beside it, and as one page of HTML with them inside."""

import base64
import html
import re
from collections.abc import Iterator, Mapping

from ops.report.model import Block, Plot, Report, Table
from ops.shown.table import last, lines

_PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a202c }}
table {{ border-collapse: collapse; margin: 1rem 0; font-size: 0.9rem }}
th, td {{ border-bottom: 1px solid #cbd5e0; padding: 0.3rem 0.7rem; text-align: left }}
td {{ font-variant-numeric: tabular-nums }}
img {{ max-width: 100% }}
code {{ background: #edf2f7; padding: 0 0.2rem }}
</style>
{body}</html>
"""


def name_of(report: Report) -> str:
    """What its files are called by."""
    return f"{report.period.name}-{report.stack}-{report.period.end:%Y-%m-%d}"


def documents(report: Report) -> Mapping[str, str]:
    """Every file of it, by name."""
    name = name_of(report)
    plots = {
        f"{name}-{plot.name}.svg": plot.svg
        for section in report.sections
        for plot in section.blocks
        if isinstance(plot, Plot)
    }
    text = markdown(report, name)
    return {f"{name}.md": text, f"{name}.html": page(report.title, text, plots), **plots}


def markdown(report: Report, prefix: str) -> str:
    """The text; drawings are files whose names begin so."""
    parts = [f"# {report.title}"]
    for section in report.sections:
        parts += [f"## {section.title}", *(_block(block, prefix) for block in section.blocks)]
    return "\n\n".join(parts) + "\n"


def _block(block: Block, prefix: str) -> str:
    match block:
        case str():
            return block
        case Plot():
            return f"![{block.says}]({prefix}-{block.name}.svg)"
        case Table():
            return "\n".join(_table(block))


def _table(table: Table) -> Iterator[str]:
    rows = [[_text(each) for each in row] for row in table.rows]
    headings = [_text(each) for each in table.headings]
    return lines(headings, rows, right=last(table.numbers, headings))


def _text(text: str) -> str:
    # What a label says is text, and neither a column nor markup.
    return text.replace("|", r"\|").replace("<", "&lt;")


def page(title: str, text: str, plots: Mapping[str, str]) -> str:
    """The same as HTML that needs nothing beside it."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)

    def inside(match: re.Match[str]) -> str:
        data = base64.b64encode(plots[match[1]].encode()).decode()
        return f'src="data:image/svg+xml;base64,{data}"'

    return _PAGE.format(title=html.escape(title), body=re.sub(r'src="([^":]+\.svg)"', inside, body))
