"""Numbers as Grafana shows them, by the unit of a panel."""

from collections.abc import Callable

_AGO = ((86_400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))
_TIMES = ((604_800, "w"), (86_400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs"))
_BINARY = ((2.0**40, " TiB"), (2.0**30, " GiB"), (2.0**20, " MiB"), (2.0**10, " KiB"))
_SHORT = ((1e12, " T"), (1e9, " B"), (1e6, " M"), (1e3, " K"))


def shown(value: float, unit: str, now: float = 0) -> str:
    """The value in words. `now` is when it was asked for, where the unit is a time ago."""
    if unit == "dateTimeFromNow":
        return _ago(now - value / 1000)
    return _UNITS[unit](value)


def _scaled(value: float, steps: tuple[tuple[float, str], ...], plain: str = "") -> str:
    for size, name in steps:
        if abs(value) >= size:
            return f"{_digits(value / size)}{name}"
    return f"{_digits(value)}{plain}"


def _digits(value: float) -> str:
    """Three of them."""
    for places, below in ((2, 10), (1, 100)):
        if abs(value) < below:
            return f"{value:.{places}f}".rstrip("0").rstrip(".")
    return f"{value:.0f}"


def _ago(seconds: float) -> str:
    for size, name in _AGO:
        if seconds >= size:
            return f"{seconds / size:.0f} {name} ago"
    return "now"


_UNITS: dict[str, Callable[[float], str]] = {
    "percentunit": lambda value: f"{_digits(value * 100)}%",
    "percent": lambda value: f"{_digits(value)}%",
    "s": lambda value: _scaled(value, tuple((size, f" {name}") for size, name in _TIMES), " s"),
    "ns": lambda value: _scaled(value / 1e9, tuple((size, f" {name}") for size, name in _TIMES), " s"),
    "d": lambda value: f"{_digits(value)} days",
    "bytes": lambda value: _scaled(value, _BINARY, " B"),
    "Bps": lambda value: _scaled(value, _BINARY, " B") + "/s",
    "reqps": lambda value: _scaled(value, _SHORT) + " req/s",
    "ops": lambda value: _scaled(value, _SHORT) + " ops/s",
    "short": lambda value: _scaled(value, _SHORT),
    "none": _digits,
    "currencyUSD": lambda value: f"${_scaled(value, _SHORT)}",
}
