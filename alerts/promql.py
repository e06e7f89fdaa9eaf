"""PromQL that cannot name a metric or label that does not exist.

A `Selector` picks series of a catalogued metric; functions turn it into an `Expr`. A rule that asks for more than is
there is refused where it is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from alerts.expression import Binds, Expr, Source, number
from catalogue.model.exporter import Exporter
from catalogue.model.metric import Kind, Metric, Unit
from catalogue.model.time import Duration

TARGET_LABELS = frozenset({"job", "instance", "namespace", "service", "pod", "container"})
"""Labels that every scraped series gets from its target."""

PER_SERVICE = ("namespace", "service")
"""What series of a service are added up by."""


@dataclass(frozen=True, slots=True)
class Match:
    """A matcher other than equality."""

    op: str
    value: str


def like(pattern: str) -> Match:
    """The whole value matches the regular expression."""
    return Match("=~", pattern)


def unlike(pattern: str) -> Match:
    """The whole value does not match the regular expression."""
    return Match("!~", pattern)


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

    def _value(self, text: str, unit: Unit) -> Expr:
        return Expr(text=text, labels=self.labels, reads=frozenset({self.source}), unit=unit)

    def _per_window(self, function: str, window: Duration, unit: Unit, kind: Kind) -> Expr:
        if (self.kind is Kind.GAUGE) != (kind is Kind.GAUGE):
            raise ValueError(f"{function}({self.source.metric}): a {self.kind} is not a {kind}")
        return self._value(f"{function}({self.text}[{window}])", unit)

    @property
    def now(self) -> Expr:
        """The value itself. A counter's is meaningless: it depends on when the process started."""
        if self.kind is not Kind.GAUGE:
            raise ValueError(f"{self.source.metric} is a {self.kind}: take its rate or increase")
        return self._value(self.text, self.unit)

    def rate(self, window: Duration) -> Expr:
        """Increase per second over the window."""
        return self._per_window("rate", window, Unit.PER_SECOND, Kind.COUNTER)

    def increase(self, window: Duration) -> Expr:
        """Increase over the window, extrapolated to its ends."""
        return self._per_window("increase", window, Unit.COUNT, Kind.COUNTER)

    def max_over(self, window: Duration) -> Expr:
        """The largest value within the window."""
        return self._per_window("max_over_time", window, self.unit, Kind.GAUGE)

    def sum_over(self, window: Duration) -> Expr:
        """The sum of the samples within the window."""
        return self._per_window("sum_over_time", window, self.unit, Kind.GAUGE)

    def average_over(self, window: Duration) -> Expr:
        """The mean of the samples within the window."""
        return self._per_window("avg_over_time", window, self.unit, Kind.GAUGE)

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
        source=Source(exporter.job, metric.name),
        kind=metric.kind,
        unit=metric.unit,
    )


def select(exporter: Exporter, metric: Metric, **matchers: str | Match) -> Selector:
    """Series of `metric` as the exporter's job scrapes them."""
    return _scraped(exporter, metric, "", matchers)


def buckets(exporter: Exporter, metric: Metric, **matchers: str | Match) -> Selector:
    """A histogram's buckets."""
    return _scraped(exporter, metric, "_bucket", matchers)


def observations(exporter: Exporter, metric: Metric, **matchers: str | Match) -> Selector:
    """How many values a histogram has seen."""
    return _scraped(exporter, metric, "_count", matchers)


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


def _aggregate(function: str, expr: Expr, by: Iterable[str]) -> Expr:
    labels = tuple(by)
    if lost := sorted(set(labels) - expr.labels):
        raise ValueError(f"{function} by {', '.join(lost)}: {expr.text} has no such label")
    text = f"{function} by ({', '.join(labels)}) ({expr.text})"
    return Expr(text=text, labels=frozenset(labels), reads=expr.reads, unit=expr.unit)


def sum_by(expr: Expr, *labels: str) -> Expr:
    """The sum over all labels but these."""
    return _aggregate("sum", expr, labels)


def max_by(expr: Expr, *labels: str) -> Expr:
    """The largest over all labels but these."""
    return _aggregate("max", expr, labels)


def quantile(share: Decimal, rates: Expr) -> Expr:
    """The value below which `share` of a histogram's observations lie. `rates` are those of its buckets."""
    if "le" not in rates.labels:
        raise ValueError(f"quantile of {rates.text}: it has lost the label le")
    text = f"histogram_quantile({number(share)}, {rates.text})"
    return Expr(text=text, labels=rates.labels - {"le"}, reads=rates.reads, unit=Unit.SECONDS)


def age(timestamps: Expr) -> Expr:
    """Seconds since the time that the value is."""
    if timestamps.unit is not Unit.TIMESTAMP:
        raise ValueError(f"age of {timestamps.text}: it is in {timestamps.unit}, no timestamp")
    text = f"time() - {timestamps.text}"
    return replace(timestamps, text=text, unit=Unit.SECONDS, binds=Binds.SUM)


def rest(share: Expr) -> Expr:
    """1 less a share."""
    return replace(share, text=f"1 - {share.within(Binds.PRODUCT)}", binds=Binds.SUM)


def not_negative(expr: Expr) -> Expr:
    """0 where the value is below."""
    return replace(expr, text=f"clamp_min({expr.text}, 0)", binds=Binds.ATOM)


def constant(value: Decimal | int) -> Expr:
    """A vector with one series without labels."""
    return Expr(text=f"vector({number(value)})", labels=frozenset(), reads=frozenset(), unit=Unit.COUNT)
