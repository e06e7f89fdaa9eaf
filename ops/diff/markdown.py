"""The comparison as a comment on a pull request: warnings and a short summary open, everything else folded."""

import re
from collections.abc import Iterator

from ops.diff.model import Comparison, Kind, Section
from ops.diff.words import RESOURCES, counts, headline, lines, sentence
from ops.shown.words import plain

LIMIT = 30_000
"""Characters of one stack: a comment takes 65,536, and two stacks share it."""

_SUMMED_UP = 3
_REFERENCE = re.compile(r"(?<!\w)([@#])(?=\w)")


def markdown(comparison: Comparison) -> str:
    """One stack's part of the comment. Where it were too long, details are left out from the end, and it says so."""
    head = "\n".join(_head(comparison))
    parts = [_folded(section) for section in comparison.sections]
    if comparison.documents:
        parts.append(_fold(f"Documents: {len(comparison.documents)}", [f"- `{path}`" for path in comparison.documents]))
    made, left_out = head, 0
    for part in parts:
        if len(made) + len(part) > LIMIT:
            left_out += 1
        else:
            made += f"\n{part}"
    if left_out:
        made += f"\n*{left_out} more did not fit: `make diff STACK={comparison.stack}` shows everything.*\n"
    return made


def _head(comparison: Comparison) -> Iterator[str]:
    yield f"### {comparison.stack}: {headline(comparison)}"
    yield ""
    if comparison.warnings:
        yield "> [!WARNING]"
        yield "> **Data is at stake.**"
        yield from (f"> - {_text(warning)}" for warning in comparison.warnings)
        yield ""
    for section in comparison.sections:
        if section.title != RESOURCES:
            first = section.changes[:_SUMMED_UP]
            more = len(section.changes) - len(first)
            told = "; ".join(_text(sentence(section, change)) for change in first)
            yield f"- **{section.title}** {told}{f'; and {more} more' if more else ''}"
    yield ""
    yield f"Compared with {comparison.base}."
    yield ""


def _folded(section: Section) -> str:
    body = list[str]()
    for kind in Kind:
        for change in section.of(kind):
            body.append(f"- **{_text(change.name)}** {kind}")
            body.extend(f"  - {_text(line)}" for line in lines(change))
    return _fold(f"{section.title}: {counts(section)}", body)


def _fold(title: str, body: list[str]) -> str:
    return "\n".join([f"<details><summary>{title}</summary>", "", *body, "", "</details>", ""])


def _text(text: str) -> str:
    """As it is: a label's underscores make nothing italic, and nobody is told because a text has an @ in it."""
    return plain(_REFERENCE.sub("\\1\N{ZERO WIDTH SPACE}", text))
