"""A report's nouns: what it is about, and the blocks that it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from catalogue.model.time import Duration, days

LENGTHS = {"weekly": days(7), "monthly": days(30)}
TITLES = {"weekly": "Weekly review", "monthly": "Monitoring report"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The time that a report is about."""

    name: str
    """`weekly` or `monthly`."""

    end: datetime

    @property
    def length(self) -> Duration:
        """How long it is."""
        return LENGTHS[self.name]

    @property
    def start(self) -> datetime:
        """Where it begins."""
        return self.end - timedelta(seconds=self.length.seconds)

    def __str__(self) -> str:
        return f"{self.start:%-d %B} to {self.end:%-d %B %Y, %H:%M} UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: int = 0
    """How many of the last columns are aligned to the right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A drawing, as SVG."""

    name: str
    says: str
    """What is to be seen, for whoever does not see it."""

    svg: str


Block = str | Table | Plot
"""A block of a section; a text is a paragraph in Markdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: Sequence[Block]
    summary: str = ""
    """The same in a line; none for what is left to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole of it."""

    stack: str
    period: Period
    sections: Sequence[Section]

    @property
    def title(self) -> str:
        """Of the page."""
        return f"{TITLES[self.period.name]} of {self.stack}, {self.period}"
