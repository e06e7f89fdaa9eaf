"""Over which windows an error budget's burning is watched.

The three rows of the SRE workbook, chapter 5, and the usual threefold one between them.
"""

from dataclasses import dataclass
from decimal import Decimal

from alerts.model import Severity
from catalogue.model.time import Duration, days, hours, minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One row of the table: burn `factor` times too fast over both windows."""

    long: Duration
    short: Duration
    factor: Decimal
    lasting: Duration
    severity: Severity
    spends: str
    """Share of a 30-day budget gone when the long window is full: factor × long / 30 d."""


WINDOWS = (
    Window(
        long=hours(1),
        short=minutes(5),
        factor=Decimal("14.4"),
        lasting=minutes(2),
        severity=Severity.CRITICAL,
        spends="2%",
    ),
    Window(
        long=hours(6),
        short=minutes(30),
        factor=Decimal(6),
        lasting=minutes(15),
        severity=Severity.CRITICAL,
        spends="5%",
    ),
    Window(
        long=days(1),
        short=hours(2),
        factor=Decimal(3),
        lasting=hours(1),
        severity=Severity.WARNING,
        spends="10%",
    ),
    Window(
        long=days(3),
        short=hours(6),
        factor=Decimal(1),
        lasting=hours(3),
        severity=Severity.WARNING,
        spends="10%",
    ),
)
