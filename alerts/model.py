"""Alerts and recording rules: frozen values that refuse what would never fire or never arrive."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from alerts.condition import Condition
from alerts.expression import Expr, Source
from alerts.promql import Match, Selector, recorded
from alerts.scenario import Firing, Scenario
from alerts.symptom import Symptom
from alerts.texts import SHOWN, placeholders
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alerting rule, who is told, what they read, and two stories that prove it."""

    name: str
    """A contract: silences, runbooks and reports refer to it."""

    severity: Severity
    team: Team
    service: Service | None
    """What broke. None: the series carry the `service` label themselves."""

    symptom: Symptom
    watches: str
    """What its condition looks at, in words: `share of requests that fail`. Where nothing is compared, a sentence."""

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
        if taken := sorted(self.labels.keys() & {"alertname", "severity", "team", "service", "page"}):
            raise ValueError(f"alert {self.name}: {', '.join(taken)} cannot be set by hand")
        if self.service is None and "service" not in expr.labels:
            raise ValueError(f"alert {self.name}: its series carry no service label; say which service it is about")
        known = expr.labels | self.static_labels.keys()
        for text in (self.summary, self.description):
            for name, shown in placeholders(text):
                if name == "value" and shown not in SHOWN:
                    raise ValueError(f"alert {self.name}: {{value:{shown}}} is none of {', '.join(SHOWN)}")
                if name != "value" and name not in known:
                    raise ValueError(f"alert {self.name}: {{{name}}} is no label of its series")
        if not self.watches or self.watches.endswith("."):
            raise ValueError(f"alert {self.name}: say what it watches in words, without a full stop")
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

    @property
    def key(self) -> str:
        """What no other alert has: one thing may be told with two severities."""
        return f"{self.identity} {self.severity}"


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
class Inhibition:
    """While a source fires, its targets are not sent, where the `equal` labels agree."""

    because: str
    source: str
    """Matchers in Alertmanager's syntax, comma-separated."""

    target: str
    equal: tuple[str, ...]
