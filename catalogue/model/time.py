"""Spans of time, written and read the way Prometheus does."""

import re
from dataclasses import dataclass
from typing import Self

# Prometheus' units. A year is 365 days there and here; a month does not exist.
_SECONDS = {"y": 31_536_000, "w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SPAN = re.compile("".join(rf"(?:(?P<{unit}>[0-9]+){unit})?" for unit in _SECONDS))


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A whole number of seconds, never negative. `Duration.parse("1h30m")`, `str(duration)`."""

    seconds: int

    def __post_init__(self) -> None:
        if self.seconds < 0:
            raise ValueError(f"a duration is never negative: {self.seconds} seconds")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `30s`, `5m`, `1h30m`, `45d`: units y w d h m s, the largest first, each at most once."""
        match = _SPAN.fullmatch(text)
        if not text or match is None:
            raise ValueError(f"{text!r} is no duration: write it like 30s, 5m, 1h30m or 45d")
        return cls(sum(int(count) * _SECONDS[unit] for unit, count in match.groupdict("0").items()))

    def __str__(self) -> str:
        """In the largest unit that fits exactly, weeks and years aside, which people misread: `45d`, `26h`, `90m`."""
        unit = next(unit for unit in ("d", "h", "m", "s") if self.seconds % _SECONDS[unit] == 0)
        return f"{self.seconds // _SECONDS[unit]}{unit}" if self.seconds else "0s"


def seconds(count: int) -> Duration:
    """`count` seconds."""
    return Duration(count)


def minutes(count: int) -> Duration:
    """`count` minutes."""
    return Duration(count * _SECONDS["m"])


def hours(count: int) -> Duration:
    """`count` hours."""
    return Duration(count * _SECONDS["h"])


def days(count: int) -> Duration:
    """`count` days of 24 hours."""
    return Duration(count * _SECONDS["d"])
