"""What an outage comes to under each policy, in numbers that can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from statistics import median

import numpy as np

from alerts.model import Severity
from catalogue.model.slo import Slo
from catalogue.model.time import Duration, days, hours, minutes, seconds
from catalogue.slos import AVAILABILITY
from ops.simulate.slo.alarms import Alarm, alarms
from ops.simulate.slo.outage import STEP, Counters, Outage, counters
from ops.simulate.slo.policies import POLICIES, Policy, Threshold
from ops.simulate.slo.shapes import SHAPES

SHARES = tuple(map(Decimal, ("1", "0.2", "0.05", "0.01")))
LASTING = (minutes(2), minutes(10), hours(1), hours(6), days(3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one policy said of one outage."""

    outage: Outage
    policy: Policy | Threshold
    alarms: Sequence[Alarm]
    seen: Counters
    slo: Slo

    def _first(self, severity: Severity) -> Alarm | None:
        return next((alarm for alarm in self.alarms if alarm.severity is severity), None)

    @property
    def to_page(self) -> Duration | None:
        """From the first failure until somebody is woken."""
        return self._after(self._first(Severity.CRITICAL))

    @property
    def to_ticket(self) -> Duration | None:
        """The same until a ticket is opened."""
        return self._after(self._first(Severity.WARNING))

    def _after(self, alarm: Alarm | None) -> Duration | None:
        return Duration((alarm.since - self.seen.begins) * STEP) if alarm else None

    @property
    def to_resolve(self) -> Duration | None:
        """From the last failure until nothing pages any more. None where nothing paged."""
        pages = [alarm.until for alarm in self.alarms if alarm.severity is Severity.CRITICAL]
        return Duration(max(0, max(pages) - self.seen.ends) * STEP) if pages else None

    def spent(self, until: int | None = None) -> float:
        """Share of the period's budget that is gone by that step, or at the end."""
        failed = self.seen.failed[-1 if until is None else until]
        return float(failed) / (float(np.mean(self.outage.shape.a_minute)) * self._minutes * float(self.slo.budget))

    @property
    def _minutes(self) -> float:
        return self.slo.period.seconds / 60

    @property
    def spent_at_page(self) -> float | None:
        """Share of the budget that is gone when somebody is woken."""
        page = self._first(Severity.CRITICAL)
        return self.spent(page.since) if page else None


def tell(outage: Outage, slo: Slo = AVAILABILITY) -> Sequence[Told]:
    """What every policy says of it."""
    seen = counters(outage)
    return [
        Told(outage=outage, policy=policy, alarms=alarms(policy, seen, slo.budget), seen=seen, slo=slo)
        for policy in POLICIES
    ]


def outages() -> Sequence[Outage]:
    """Many, from a blink in which everything fails to days in which next to nothing does."""
    return [Outage(share=share, lasts=lasts, shape=shape) for shape, share, lasts in product(SHAPES, SHARES, LASTING)]


HEADINGS = ("Traffic", "Fails", "For", "Spends", *(policy.name for policy in POLICIES))


def row(told: Sequence[Told]) -> tuple[str, ...]:
    """One outage, under HEADINGS."""
    outage = told[0].outage
    return (
        outage.shape.name,
        shown_share(outage.share),
        spoken(outage.lasts),
        f"{told[0].spent():.1%}",
        *(_shown(each) for each in told),
    )


def _shown(told: Told) -> str:
    if told.to_page is not None:
        return f"page {spoken(told.to_page)}"
    return f"ticket {spoken(told.to_ticket)}" if told.to_ticket is not None else "–"


# What an outage has to spend of a budget to be worth waking somebody, and what it has to spend to be worth a ticket.
_COSTLY, _CHEAP = 0.05, 0.01
SUMMARY = (
    "Policy",
    "Costly ones paged",
    "Median time to page",
    "Median spent at the page",
    "Most spent at a page",
    "Cheap ones paged",
    "Median time to resolve",
)


def summary(told: Sequence[Sequence[Told]]) -> Sequence[tuple[str, ...]]:
    """One line for each policy over all outages, under SUMMARY."""
    return [_summed([each[index] for each in told]) for index in range(len(POLICIES))]


def _summed(told: Sequence[Told]) -> tuple[str, ...]:
    costly = [each for each in told if each.spent() >= _COSTLY]
    cheap = [each for each in told if each.spent() < _CHEAP]
    paged = [each for each in costly if each.to_page is not None]
    spent = [each.spent_at_page or 0.0 for each in paged]
    return (
        told[0].policy.name,
        f"{len(paged)} of {len(costly)}",
        _middle([each.to_page for each in paged]),
        f"{median(spent):.1%}",
        f"{max(spent):.1%}",
        f"{sum(each.to_page is not None for each in cheap)} of {len(cheap)}",
        _middle([each.to_resolve for each in told]),
    )


def _middle(durations: Sequence[Duration | None]) -> str:
    return spoken(int(median(each.seconds for each in durations if each is not None)))


def shown_share(share: Decimal) -> str:
    """As `0.6%`."""
    return f"{float(share) * 100:g}%"


def spoken(duration: Duration | int) -> str:
    """In its two largest units, as `3h53m`: nobody reads 14010s."""
    left = duration.seconds if isinstance(duration, Duration) else duration
    parts = list[str]()
    for unit, size in (("d", days(1)), ("h", hours(1)), ("m", minutes(1)), ("s", seconds(1))):
        count, left = divmod(left, size.seconds)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts[:2]) or "0s"
