"""Times as people give and read them, in UTC."""

import argparse
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from catalogue.model.time import Duration

_POINTS = 500
_MILLISECONDS = re.compile(r"([0-9]+)ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From one time to another."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"it begins at {stamp(self.start)} and ends at {stamp(self.end)}: nothing lies between")

    @property
    def length(self) -> timedelta:
        """Between both."""
        return self.end - self.start

    @property
    def step(self) -> timedelta:
        """Between two points of a series: whole seconds, some hundreds of points."""
        return timedelta(seconds=max(1, math.ceil(self.length.total_seconds() / _POINTS)))

    def __str__(self) -> str:
        """`2026-11-24 15:00:00 to 15:30:00 UTC`."""
        day = "" if self.start.date() == self.end.date() else f"{self.end:%Y-%m-%d} "
        return f"{self.start:%Y-%m-%d %H:%M:%S} to {day}{self.end:%H:%M:%S} UTC"


def stamp(at: datetime) -> str:
    """As every API here reads it: `2026-11-24T15:00:00.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant(text: str) -> datetime:
    """A time of an API, or of a person: without an offset it is UTC."""
    # Go writes nanoseconds, which Python does not read.
    cut = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)
    at = datetime.fromisoformat(cut)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def took(seconds: float) -> str:
    """`1.43 s`, `12 ms`, `3 min 20 s`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms" if seconds >= 0.001 else f"{seconds * 1_000_000:.0f} µs"  # noqa: PLR2004 a second has a thousand
    if seconds < 100:  # noqa: PLR2004 what people still read in seconds
        return f"{seconds:.2f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


def span(text: str) -> timedelta:
    """`500ms`, `1s`, `1h30m`, of an argument."""
    if match := _MILLISECONDS.fullmatch(text):
        return timedelta(milliseconds=int(match[1]))
    try:
        return timedelta(seconds=Duration.parse(text).seconds)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    except OverflowError as error:
        raise argparse.ArgumentTypeError(f"{text} is longer than anything here is kept") from error


def moment(now: datetime) -> Callable[[str], datetime]:
    """Reads an argument: `2026-11-24T15:00`, or `30m`, which is that long before `now`, or `now`."""

    def read(text: str) -> datetime:
        if text == "now":
            return now
        try:
            return instant(text)
        except ValueError:
            pass
        try:
            return now - timedelta(seconds=Duration.parse(text).seconds)
        except (ValueError, OverflowError) as error:
            raise argparse.ArgumentTypeError(
                f"{text!r} is no time: write 2026-11-24T15:00 (UTC), 2026-11-24T11:00-04:00, or 30m for 30 minutes ago"
            ) from error

    return read
