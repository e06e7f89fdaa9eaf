"""Alerts and recording rules: frozen values that refuse what would never fire or never arrive."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from string import Formatter

from alerts.promql import Expr, Match, Op, Selector, Source, recorded
from alerts.scenario import Firing, Scenario
from catalogue.model.board import Board
from catalogue.model.metric import Unit
from catalogue.model.names import check_proper
from catalogue.model.ownership import Service, Team
from catalogue.model.time import Duration, seconds


class Severity(StrEnum):
    """How urgent an alert is, as the `severity` label says it."""

    CRITICAL = "critical"
    """Pages somebody at any hour."""

    WARNING = "warning"
    """Opens a ticket of low urgency."""

    INFO = "info"
    """Reaches nobody; shown on dashboards."""

    NONE = "none"
    """Proves that alerting works."""


NEVER = seconds(0)

# How a value is shown in an alert's texts, as Prometheus' template functions.
_SHOWN = {
    "percentage": "{{ $value | humanizePercentage }}",
    "duration": "{{ $value | humanizeDuration }}",
    "number": "{{ $value | humanize }}",
    "count": '{{ $value | printf "%.0f" }}',
}


def placeholders(text: str) -> list[tuple[str, str]]:
    """The `{label}` and `{value:percentage}` in a text, as (name, format)."""
    return [(name, shown or "") for _, name, shown, _ in Formatter().parse(text) if name is not None]


def template(text: str, static: Mapping[str, str]) -> str:
    """The text as Prometheus' template: `{service}` becomes `{{ $labels.service }}`.

    `static` are the labels that the rule sets. Templates do not see those, so their values are written in.
    """
    out = ""
    for literal, name, shown, _ in Formatter().parse(text):
        out += literal
        if name == "value":
            out += _SHOWN[shown or ""]
        elif name is not None:
            out += static.get(name, f"{{{{ $labels.{name} }}}}")
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`measure` compared with a threshold, and what else must hold."""

    measure: Expr
    op: Op | None = None
    """None: the measure itself is the condition, as with absent()."""

    threshold: Decimal = Decimal(0)
    because: str = ""
    """Why this number. A threshold without a reason is part of the meaning, and no setting changes it."""

    guard: Expr | None = None

    @property
    def tunable(self) -> bool:
        """Whether a stack may set another threshold."""
        return bool(self.because)

    @property
    def expr(self) -> Expr:
        """The condition in PromQL, each guard on a line of its own."""
        compared = self.measure if self.op is None else self.measure.compare(self.op, self.threshold)
        return compared if self.guard is None else compared.both(self.guard)


def _condition(measure: Expr, op: Op, threshold: str | int, because: str, guard: Expr | None) -> Condition:
    return Condition(measure=measure, op=op, threshold=Decimal(threshold), because=because, guard=guard)


def above(measure: Expr, threshold: str | int, *, because: str = "", guard: Expr | None = None) -> Condition:
    """The measure is above the threshold. With a reason, a stack may tune the number."""
    return _condition(measure, Op.ABOVE, threshold, because, guard)


def below(measure: Expr, threshold: str | int, *, because: str = "", guard: Expr | None = None) -> Condition:
    """The measure is below the threshold."""
    return _condition(measure, Op.BELOW, threshold, because, guard)


def at_most(measure: Expr, threshold: str | int, *, because: str = "", guard: Expr | None = None) -> Condition:
    """The measure is at or below the threshold."""
    return _condition(measure, Op.AT_MOST, threshold, because, guard)


def equals(measure: Expr, value: int) -> Condition:
    """The measure has exactly this value."""
    return _condition(measure, Op.EQUALS, value, "", None)


def holds(expr: Expr) -> Condition:
    """The expression has a result."""
    return Condition(measure=expr)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alerting rule, who is told, what they read, and two stories that prove it."""

    name: str
    """A contract: silences, runbooks and reports refer to it."""

    severity: Severity
    team: Team
    service: Service | None
    """What broke. None: the series carry the `service` label themselves."""

    when: Condition
    lasting: Duration
    """How long the condition holds before anybody is told."""

    summary: str
    """One line, with `{label}` and `{value:percentage}` in it."""

    description: str
    """What it means, likewise. Without the threshold: that can be tuned."""

    board: Board
    fires: Firing
    silent: Scenario | None
    """None: it never is, for its silence is the alarm."""

    keep_firing: Duration = NEVER
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Labels besides severity, team, service and page."""

    derived_from: str = ""
    """What its numbers are computed from, where not from the alert itself: no setting changes those."""

    def __post_init__(self) -> None:
        check_proper("alert", self.name)
        expr = self.when.expr
        if re.search(r"\$\{?[A-Za-z_]", expr.text):
            raise ValueError(f"alert {self.name}: a dashboard's variable in the expression would never match")
        if self.service is None and "service" not in expr.labels:
            raise ValueError(f"alert {self.name}: its series carry no service label; say which service it is about")
        known = expr.labels | self.static_labels.keys()
        for text in (self.summary, self.description):
            for name, shown in placeholders(text):
                if name == "value" and shown not in _SHOWN:
                    raise ValueError(f"alert {self.name}: {{value:{shown}}} is none of {', '.join(_SHOWN)}")
                if name != "value" and name not in known:
                    raise ValueError(f"alert {self.name}: {{{name}}} is no label of its series")
        if self.silent is None and self.severity is not Severity.NONE:
            raise ValueError(f"alert {self.name}: tell a story in which it stays silent")
        self._check_threshold()

    def _check_threshold(self) -> None:
        threshold, unit = self.when.threshold, self.when.measure.unit
        if threshold < 0:
            raise ValueError(f"alert {self.name}: a threshold is not negative, and {threshold} is")
        if unit is Unit.RATIO and threshold > 1:
            raise ValueError(f"alert {self.name}: a share is between 0 and 1, so {threshold} is never exceeded")

    @property
    def pages(self) -> bool:
        """Whether it wakes somebody."""
        return self.severity is Severity.CRITICAL

    @property
    def static_labels(self) -> dict[str, str]:
        """The labels that the rule sets, in a fixed order."""
        service = {"service": self.service.name} if self.service else {}
        page = {"page": "true" if self.pages else "false"}
        return {"severity": self.severity.value, "team": self.team.name} | service | page | dict(self.labels)

    @property
    def identity(self) -> str:
        """Its name, with the labels that tell it from others of that name."""
        own = dict(self.labels) | ({"service": self.service.name} if self.service else {})
        return " ".join([self.name, *(f"{label}={value}" for label, value in own.items())])


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording rule: `level:metric:operation`."""

    name: str
    expr: Expr
    labels: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z_]+:[a-zA-Z0-9_]+:[a-z0-9_]+", self.name):
            raise ValueError(f"recording rule {self.name!r}: a name is level:metric:operation")

    def where(self, **matchers: str | Match) -> Selector:
        """The series that it writes."""
        return recorded(self.name, self.expr.labels | self.labels.keys(), self.expr.unit, **matchers)

    @property
    def now(self) -> Expr:
        """All its series."""
        return self.where().now


Rule = Alert | Recording


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroup:
    """Rules that are evaluated one after another at the same interval; one file and one PrometheusRule."""

    name: str
    interval: Duration
    rules: tuple[Rule, ...]

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Its alerting rules."""
        return tuple(rule for rule in self.rules if isinstance(rule, Alert))

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """Its recording rules."""
        return tuple(rule for rule in self.rules if isinstance(rule, Recording))

    @property
    def reads(self) -> frozenset[Source]:
        """Everything that its rules read."""
        return frozenset(source for rule in self.rules for source in expression(rule).reads)


def expression(rule: Rule) -> Expr:
    """What Prometheus evaluates for the rule."""
    return rule.when.expr if isinstance(rule, Alert) else rule.expr


def alerts_of(groups: tuple[RuleGroup, ...]) -> tuple[Alert, ...]:
    """Every alert of the groups."""
    return tuple(alert for group in groups for alert in group.alerts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a stack changes about one alert."""

    threshold: Decimal | None = None
    lasting: Duration | None = None
    severity: Severity | None = None

    def apply(self, alert: Alert) -> Alert:
        """The alert as the stack wants it. Raises ValueError when the alert's own checks refuse."""
        when = alert.when if self.threshold is None else replace(alert.when, threshold=self.threshold)
        return replace(
            alert,
            when=when,
            lasting=alert.lasting if self.lasting is None else self.lasting,
            severity=alert.severity if self.severity is None else self.severity,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibition:
    """While a source fires, its targets are not sent, where the `equal` labels agree."""

    because: str
    source: str
    """Matchers in Alertmanager's syntax, comma-separated."""

    target: str
    equal: tuple[str, ...]
