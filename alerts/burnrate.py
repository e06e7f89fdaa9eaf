"""From an objective to recording rules and alerts that fire when the error budget burns too fast.

Multi-window, multi-burn-rate alerting as in the SRE workbook, chapter 5: the long window says that it matters, the
short one that it still goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from alerts.condition import Condition, at_most, holds
from alerts.expression import Op, number
from alerts.model import Alert, Recording, Severity
from alerts.promql import rest
from alerts.scenario import Firing, Samples, Scenario
from alerts.symptom import Symptom
from alerts.windows import WINDOWS, Window
from catalogue.model.board import Board
from catalogue.model.slo import Latency, Slo
from catalogue.model.time import Duration, hours, minutes

# One failed request at night must not page. Unlike a floor on requests it scales with every window.
BAD_EVENTS = 10

# Two samples have to lie within the five minutes of the shortest rate.
_STEP = minutes(2)
_HEALTHY = Decimal(0)

Traffic = Callable[[Decimal], tuple[Samples, ...]]
"""Samples of steady traffic of which the given share is bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An objective, and the recorded rates of bad and of all requests that it is judged by."""

    slo: Slo
    bad: Recording
    total: Recording
    traffic: Traffic
    board: Board

    def __post_init__(self) -> None:
        for window in WINDOWS:
            if window.severity is Severity.CRITICAL and self.threshold(window) >= 1:
                lowest = 1 - 1 / window.factor
                raise ValueError(
                    f"SLO {self.slo.name}: at an objective of {self.slo.objective} its {window.long} page could never "
                    f"fire, for more than all requests had to fail; an objective is above {lowest:.4f}"
                )
            if window.long > self.slo.period:
                raise ValueError(f"SLO {self.slo.name}: its period {self.slo.period} is shorter than {window.long}")

    def threshold(self, window: Window) -> Decimal:
        """Share of bad requests at which the budget burns `factor` times too fast."""
        return window.factor * self.slo.budget

    @property
    def labels(self) -> dict[str, str]:
        """What tells its series from those of other objectives."""
        return {"slo": self.slo.name}

    @property
    def _origin(self) -> str:
        return f"the objective of {self.slo.name} in catalogue/slos.py"

    def error_ratio(self, window: Duration) -> Recording:
        """Share of bad requests over the window, weighted by traffic: a busy hour counts more than a quiet one."""
        bad = self.bad.where(service=self.slo.service.name)
        total = self.total.where(service=self.slo.service.name)
        shortest = WINDOWS[0].short
        share = bad.now.of(total.now) if window == shortest else bad.sum_over(window).of(total.sum_over(window))
        return Recording(name=f"slo:sli_error:ratio_rate{window}", expr=share, labels=self.labels)

    def bad_events(self, window: Duration) -> Recording:
        """Number of bad requests within the window."""
        mean = self.bad.where(service=self.slo.service.name).average_over(window)
        return Recording(
            name=f"slo:sli_bad_events:increase{window}", expr=mean.times(window.seconds), labels=self.labels
        )

    @property
    def budget_remaining(self) -> Recording:
        """1 untouched, 0 spent, negative: the objective is missed."""
        spent = self.error_ratio(self.slo.period).where(slo=self.slo.name).now.over(self.slo.budget)
        return Recording(name="slo:error_budget_remaining:ratio", expr=rest(spent), labels=self.labels)

    @property
    def short_recordings(self) -> tuple[Recording, ...]:
        """What the alerts read."""
        spans = sorted({span for window in WINDOWS for span in (window.long, window.short)})
        return (
            *(self.error_ratio(span) for span in spans),
            *(self.bad_events(window.long) for window in WINDOWS),
        )

    @property
    def burn_rate(self) -> Recording:
        """How many times too fast the budget went in the last hour."""
        hour = self.error_ratio(WINDOWS[0].long).where(slo=self.slo.name).now
        return Recording(name="slo:current_burn_rate:ratio", expr=hour.over(self.slo.budget), labels=self.labels)

    @property
    def period_recordings(self) -> tuple[Recording, ...]:
        """What people read: the period, what is left of its budget, and how fast it goes."""
        return (self.error_ratio(self.slo.period), self.budget_remaining, self.burn_rate)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """One alert for each window, and those for a spent budget and for missing data."""
        return (*(self._breach(window) for window in WINDOWS), self._exhausted, self._missing)

    def _breach(self, window: Window) -> Alert:
        threshold = self.threshold(window)
        long = self.error_ratio(window.long).where(slo=self.slo.name).now
        short = self.error_ratio(window.short).where(slo=self.slo.name).now
        events = self.bad_events(window.long).where(slo=self.slo.name).now
        guard = short.above(threshold).both(events.at_least(BAD_EVENTS))
        factor = number(window.factor)
        return Alert(
            name=self.slo.alert,
            severity=window.severity,
            team=self.slo.service.team,
            service=None,
            symptom=Symptom.SLOW if isinstance(self.slo.sli, Latency) else Symptom.ERRORS,
            watches=f"share of bad requests in {window.long} and in {window.short}",
            when=Condition(measure=long, op=Op.ABOVE, threshold=threshold, guard=guard),
            lasting=window.lasting,
            labels={
                "slo": self.slo.name,
                "long_window": str(window.long),
                "short_window": str(window.short),
                "burn_rate": factor,
            },
            summary=f"{self.slo.name.capitalize()} SLO of {{service}} is burning {factor}x too fast",
            description=(
                f"{{value:percentage}} of requests were bad over {window.long}: {window.spends} of the "
                f"{self.slo.period} error budget or more went in that time. Promise: {self.slo.promise}."
            ),
            board=self.board,
            fires=Firing(
                given=self.traffic(threshold * Decimal("1.1")),
                at=Duration(window.lasting.seconds + 1800),
                step=_STEP,
                labels={"namespace": "openpolicy", "service": self.slo.service.name},
            ),
            silent=Scenario(
                given=self.traffic(threshold * Decimal("0.9")),
                at=Duration(window.lasting.seconds + 1800),
                step=_STEP,
            ),
            derived_from=self._origin,
        )

    @property
    def _exhausted(self) -> Alert:
        return Alert(
            name="ErrorBudgetExhausted",
            severity=Severity.WARNING,
            team=self.slo.service.team,
            service=None,
            symptom=Symptom.ERRORS,
            watches="error budget left",
            when=at_most(self.budget_remaining.where(slo=self.slo.name).now, 0),
            lasting=minutes(15),
            labels=self.labels,
            summary=f"The {self.slo.period} {self.slo.name} error budget of {{service}} is spent",
            description=(
                f"{{value:percentage}} of the error budget is left. Freeze risky releases. Promise: {self.slo.promise}."
            ),
            board=self.board,
            fires=Firing(
                given=self.traffic(self.slo.budget * Decimal("1.2")),
                at=hours(1),
                step=_STEP,
                labels={"namespace": "openpolicy", "service": self.slo.service.name},
            ),
            silent=Scenario(given=self.traffic(self.slo.budget * Decimal("0.8")), at=hours(1), step=_STEP),
            derived_from=self._origin,
        )

    @property
    def _missing(self) -> Alert:
        shortest = self.error_ratio(WINDOWS[0].short)
        return Alert(
            name="SLODataMissing",
            severity=Severity.WARNING,
            team=self.slo.service.team,
            service=self.slo.service,
            symptom=Symptom.BLIND,
            watches="the indicator of the objective has no data",
            when=holds(shortest.where(slo=self.slo.name, service=self.slo.service.name).absent),
            lasting=minutes(15),
            labels=self.labels,
            summary=f"Nobody knows the {self.slo.name} of {{service}}",
            description="Its indicator has no data: no traffic, a renamed metric, or a missing histogram bucket.",
            board=self.board,
            fires=Firing(given=(), at=minutes(30), step=_STEP),
            silent=Scenario(given=self.traffic(_HEALTHY), at=minutes(30), step=_STEP),
            derived_from=self._origin,
        )
