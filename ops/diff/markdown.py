"""The comparison as a comment on a pull request: warnings and a short summary open, everything else folded."""

import re
from collections import Counter
from collections.abc import Iterator

from ops.diff.model import Comparison, Kind, Section
from ops.diff.words import RESOURCES, counts, headline, lines, sentence
from ops.shown.words import plain

LIMIT = 30_000
"""Characters of one stack: a comment takes 65,536, and two stacks share it."""

_SUMMED_UP = 3
_REFERENCE = re.compile(r"(?<!\w)([@#])(?=\w)")


def markdown(comparison: Comparison) -> str:
    """One stack's part of the comment. Where it were too long, what does not fit is left out, and it says what."""
    made, left_out = "", Counter[str]()
    for what, text in _parts(comparison):
        if len(made) + len(text) > LIMIT:
            left_out[what] += 1
        else:
            made += text
    if left_out:
        told = ", ".join(f"{what} ({count})" if count > 1 else what for what, count in left_out.items())
        made += f"\n*Did not fit: {told}. `make diff STACK={comparison.stack}` shows everything.*\n"
    return made


def _parts(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """What each is, and its text, what matters most first."""
    yield "headline", f"### {comparison.stack}: {headline(comparison)}\n\n"
    if comparison.warnings:
        yield "warnings", "> [!WARNING]\n> **Data is at stake.**\n"
        yield from (("warnings", f"> - {_text(warning)}\n") for warning in comparison.warnings)
        yield "warnings", "\n"
    for section in comparison.sections:
        if section.title != RESOURCES:
            first = section.changes[:_SUMMED_UP]
            more = len(section.changes) - len(first)
            told = "; ".join(_text(sentence(section, change)) for change in first)
            yield "summaries", f"- **{section.title}** {told}{f'; and {more} more' if more else ''}\n"
    yield "base", f"\nCompared with {comparison.base}.\n"
    for section in comparison.sections:
        yield section.title, f"\n{_folded(section)}"
    if comparison.documents:
        folded = _fold(f"Documents: {len(comparison.documents)}", [f"- `{path}`" for path in comparison.documents])
        yield "Documents", f"\n{folded}"


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
