"""Numbers as people read them."""

from datetime import timedelta

_HOUR, _DAY = 60, 24 * 60


def share(value: float, digits: int = 0) -> str:
    """`99.62%`."""
    return f"{value:.{digits}%}"


def seconds(value: float) -> str:
    """`85 ms`, `1.2 s`."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2g} s"


def lasted(time: timedelta) -> str:
    """`38 min`, `5 h 40 min`, `2 d 3 h`."""
    minutes = round(time.total_seconds() / 60)
    if minutes < _HOUR:
        return f"{minutes} min"
    if minutes < _DAY:
        return f"{minutes // _HOUR} h {minutes % _HOUR} min"
    return f"{minutes // _DAY} d {minutes % _DAY // _HOUR} h"


def count(value: float) -> str:
    """`3,412`."""
    return f"{round(value):,}"
