"""When somebody is told: our windows, and others' as they are published."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from alerts.burnrate import BAD_EVENTS
from alerts.model import Severity
from alerts.windows import WINDOWS, Window
from catalogue.model.time import Duration, days, hours, minutes, seconds

_NOTHING = seconds(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Windows over which a budget's burning is watched."""

    name: str
    source: str
    windows: Sequence[Window]
    smoothed: bool = False
    """Whether long windows add up rates of five minutes, in place of counters."""

    events: int = 0
    """Fewer bad requests than this in the long window tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """So many failed requests a second, whatever their share."""

    name: str
    source: str
    above: Decimal
    window: Duration
    lasting: Duration
    severity: Severity


OURS = Policy(
    name="ours",
    source="alerts/windows.py",
    windows=WINDOWS,
    smoothed=True,
    events=BAD_EVENTS,
)


def _published(long: Duration, short: Duration, factor: str, lasting: Duration, severity: Severity) -> Window:
    return Window(long=long, short=short, factor=Decimal(factor), lasting=lasting, severity=severity, spends="")


# Its page and its ticket are each one alert of two windows, without a `for`.
SLOTH = Policy(
    name="Sloth",
    source="internal/alert/windows/google-30d.yaml of github.com/slok/sloth",
    windows=(
        _published(hours(1), minutes(5), "14.4", _NOTHING, Severity.CRITICAL),
        _published(hours(6), minutes(30), "6", _NOTHING, Severity.CRITICAL),
        _published(days(1), hours(2), "3", _NOTHING, Severity.WARNING),
        _published(days(3), hours(6), "1", _NOTHING, Severity.WARNING),
    ),
)
# Its windows are those of 28 days stretched to 30, in whole minutes.
PYRRA = Policy(
    name="Pyrra",
    source="slo/rules.go of github.com/pyrra-dev/pyrra",
    windows=(
        _published(minutes(64), minutes(5), "14", minutes(2), Severity.CRITICAL),
        _published(minutes(386), minutes(32), "7", minutes(16), Severity.CRITICAL),
        _published(minutes(1_543), minutes(129), "2", minutes(64), Severity.WARNING),
        _published(minutes(6_171), minutes(386), "1", minutes(193), Severity.WARNING),
    ),
)
# For one series, as if one pod answered every request of one endpoint: the threshold's best case.
SINGLE = Threshold(
    name="single threshold",
    source="HighErrorRate as it was asked for at first: rate of 5xx above 0.1 for 5m",
    above=Decimal("0.1"),
    window=minutes(5),
    lasting=minutes(5),
    severity=Severity.CRITICAL,
)

POLICIES: Sequence[Policy | Threshold] = (OURS, SLOTH, PYRRA, SINGLE)
