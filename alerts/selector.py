"""Series of one metric, and what a window over them gives.

A `Selector` picks series of a catalogued metric; its functions make an `Expr` of them. A rule that asks for a metric,
a label or a function that does not fit is refused where it is written.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from alerts.expression import Expr, Source
from catalogue.model.exporter import Exporter
from catalogue.model.metric import Kind, Metric, Unit
from catalogue.model.time import Duration

TARGET_LABELS = frozenset({"job", "instance", "namespace", "service", "pod", "container", "node"})
"""Labels that every scraped series gets from its target."""

_PATTERN = re.compile(r"[\\.+*?()|\[\]{}^$]")

EVERY_JOB = "*"
"""The job of a source that is read for the targets of all jobs."""

ALERTS = "ALERTS"
"""What Prometheus itself writes about every alert."""

_ALERT_LABELS = TARGET_LABELS | {"alertname", "alertstate", "severity", "team", "page", "slo"}


@dataclass(frozen=True, slots=True)
class Match:
    """A matcher other than equality."""

    op: str
    value: str


def like(pattern: str) -> Match:
    """The whole value matches the regular expression. Raises ValueError for a plain value, which `=` finds faster."""
    return Match("=~", _expression(pattern))


def unlike(pattern: str) -> Match:
    """The whole value does not match the regular expression. A plain value is compared, not matched."""
    return Match("!~", pattern) if _PATTERN.search(pattern) else Match("!=", pattern)


def _expression(pattern: str) -> str:
    if not _PATTERN.search(pattern):
        raise ValueError(f"{pattern!r} is no regular expression: give the value itself")
    re.compile(pattern)
    return pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Series of one metric, before a function makes a value of them."""

    text: str
    labels: frozenset[str]
    equal: frozenset[str]
    """Labels that are pinned to one value."""

    source: Source
    kind: Kind
    unit: Unit

    def _value(self, text: str, unit: Unit, window: Duration | None = None) -> Expr:
        return Expr(text=text, labels=self.labels, reads=frozenset({replace(self.source, window=window)}), unit=unit)

    def _per_window(self, function: str, window: Duration, unit: Unit, kind: Kind) -> Expr:
        if (self.kind is Kind.GAUGE) != (kind is Kind.GAUGE):
            raise ValueError(f"{function}({self.source.metric}): a {self.kind} is not a {kind}")
        return self._value(f"{function}({self.text}[{window}])", unit, window)

    @property
    def now(self) -> Expr:
        """The value itself. A counter's is meaningless: it depends on when the process started."""
        if self.kind is not Kind.GAUGE:
            raise ValueError(f"{self.source.metric} is a {self.kind}: take its rate or increase")
        return self._value(self.text, self.unit)

    def before(self, ago: Duration) -> Expr:
        """The value that it had that long ago."""
        if self.kind is not Kind.GAUGE:
            raise ValueError(f"{self.source.metric} is a {self.kind}: take its rate or increase")
        return self._value(f"{self.text} offset {ago}", self.unit, ago)

    def rate(self, window: Duration) -> Expr:
        """Increase per second over the window; of seconds, the share of time."""
        unit = Unit.RATIO if self.unit is Unit.SECONDS and not self.source.part else Unit.PER_SECOND
        return self._per_window("rate", window, unit, Kind.COUNTER)

    def increase(self, window: Duration) -> Expr:
        """Increase over the window, extrapolated to its ends."""
        return self._per_window("increase", window, Unit.COUNT, Kind.COUNTER)

    def max_over(self, window: Duration) -> Expr:
        """The largest value within the window."""
        return self._per_window("max_over_time", window, self.unit, Kind.GAUGE)

    def min_over(self, window: Duration) -> Expr:
        """The smallest value within the window."""
        return self._per_window("min_over_time", window, self.unit, Kind.GAUGE)

    def sum_over(self, window: Duration) -> Expr:
        """The sum of the samples within the window."""
        return self._per_window("sum_over_time", window, self.unit, Kind.GAUGE)

    def average_over(self, window: Duration) -> Expr:
        """The mean of the samples within the window."""
        return self._per_window("avg_over_time", window, self.unit, Kind.GAUGE)

    def changes(self, window: Duration) -> Expr:
        """How often the value changed within the window."""
        return self._per_window("changes", window, Unit.COUNT, Kind.GAUGE)

    def predicted(self, window: Duration, ahead: Duration) -> Expr:
        """The value `ahead` of now, if it goes on as within the window."""
        text = f"predict_linear({self.text}[{window}], {ahead.seconds})"
        if self.kind is not Kind.GAUGE:
            raise ValueError(f"{text}: a {self.kind} is not a {Kind.GAUGE}")
        return self._value(text, self.unit, window)

    @property
    def absent(self) -> Expr:
        """1 while no such series exists. It carries only the labels that the selector pins."""
        absent = self._value(f"absent({self.text})", Unit.COUNT)
        return replace(absent, labels=self.equal)


def _matchers(name: str, allowed: frozenset[str], wanted: dict[str, str | Match]) -> dict[str, Match]:
    if unknown := sorted(wanted.keys() - allowed):
        raise ValueError(f"{name} has no label {', '.join(unknown)}; it has {', '.join(sorted(allowed))}")
    return {label: value if isinstance(value, Match) else Match("=", value) for label, value in wanted.items()}


def _text(name: str, matchers: dict[str, Match]) -> str:
    inner = ",".join(f'{label}{match.op}"{match.value}"' for label, match in matchers.items())
    return f"{name}{{{inner}}}" if inner else name


def _pinned(matchers: dict[str, Match]) -> frozenset[str]:
    return frozenset(label for label, match in matchers.items() if match.op == "=")


def _scraped(exporter: Exporter, metric: Metric, suffix: str, wanted: dict[str, str | Match]) -> Selector:
    name = metric.name + suffix
    labels = metric.label_names | TARGET_LABELS | ({"le"} if suffix == "_bucket" else set[str]())
    matchers = {"job": Match("=", exporter.job)} | _matchers(name, labels, wanted)
    return Selector(
        text=_text(name, matchers),
        labels=labels,
        equal=_pinned(matchers),
        source=Source(exporter.job, metric.name, suffix),
        kind=metric.kind,
        unit=metric.unit,
    )


def select(exporter: Exporter, metric: Metric, /, **matchers: str | Match) -> Selector:
    """Series of `metric` as the exporter's job scrapes them."""
    return _scraped(exporter, metric, "", matchers)


def buckets(exporter: Exporter, metric: Metric, /, **matchers: str | Match) -> Selector:
    """A histogram's buckets."""
    return _scraped(exporter, metric, "_bucket", matchers)


def observations(exporter: Exporter, metric: Metric, /, **matchers: str | Match) -> Selector:
    """How many values a histogram has seen."""
    return _scraped(exporter, metric, "_count", matchers)


def everywhere(metric: Metric, **matchers: str | Match) -> Selector:
    """Series that Prometheus writes for the targets of every job, such as `up`."""
    chosen = _matchers(metric.name, metric.label_names | TARGET_LABELS, matchers)
    return Selector(
        text=_text(metric.name, chosen),
        labels=metric.label_names | TARGET_LABELS,
        equal=_pinned(chosen),
        source=Source(EVERY_JOB, metric.name),
        kind=metric.kind,
        unit=metric.unit,
    )


def alerts(**matchers: str | Match) -> Selector:
    """Alerts that are pending or firing, as Prometheus writes them; with the labels that most of them have."""
    return recorded(ALERTS, _ALERT_LABELS, Unit.COUNT, **matchers)


def recorded(name: str, labels: frozenset[str], unit: Unit, **wanted: str | Match) -> Selector:
    """Series that a recording rule writes."""
    matchers = _matchers(name, labels, wanted)
    return Selector(
        text=_text(name, matchers),
        labels=labels,
        equal=_pinned(matchers),
        source=Source("", name),
        kind=Kind.GAUGE,
        unit=unit,
    )


def le(bound: Decimal) -> str:
    """A bucket's bound as Prometheus 3 writes it: `1.0`, never `1`, which would match nothing."""
    return str(float(bound))
