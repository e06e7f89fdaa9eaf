"""A metric: what it counts, in which unit, and which labels it may carry."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from math import prod

from catalogue.model.names import check_metric


class Kind(StrEnum):
    """Prometheus' metric types."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Unit(StrEnum):
    """What a value is measured in. A ratio is 0–1, never 0–100."""

    SECONDS = "seconds"
    BYTES = "bytes"
    RATIO = "ratio"
    PERCENT = "percent"
    TIMESTAMP = "timestamp"
    COUNT = "count"
    PER_SECOND = "per second"


@dataclass(frozen=True, slots=True)
class Label:
    """A label and how many values it may take at most in one process.

    `values`, where given, are all that the application emits; whatever else comes in is
    reported as `overflow`. An exporter's labels have no bound: the cluster's size decides.
    """

    name: str
    bound: int | None = None
    values: tuple[str, ...] = ()
    overflow: str = "other"

    def __post_init__(self) -> None:
        check_metric("label", self.name)
        if self.bound is None:
            return
        if self.bound < 1:
            raise ValueError(f"label {self.name}: its bound is at least 1, not {self.bound}")
        if len(self.values) > self.bound:
            raise ValueError(f"label {self.name}: {len(self.values)} values but a bound of {self.bound}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric of the application or of an exporter."""

    name: str
    kind: Kind
    unit: Unit
    help: str = ""
    labels: tuple[Label, ...] = ()
    buckets: tuple[Decimal, ...] = ()
    """Upper bounds of a histogram's buckets, without +Inf."""

    combinations: int | None = None
    """Most label sets in one process, where fewer occur together than the bounds allow."""

    since: str = ""
    """First version of its exporter that has it under this name, where that is not long ago."""

    needs: str = ""
    """Flag without which its exporter does not expose it."""

    shared_out: bool = False
    """Whether each process has its own share of a gauge, so that a pod has their sum. Else all report the same."""

    def __post_init__(self) -> None:
        check_metric("metric", self.name)
        names = [label.name for label in self.labels]
        if len(set(names)) < len(names):
            raise ValueError(f"metric {self.name}: a label is named twice")
        if taken := {"le", "quantile", "job", "instance"} & set(names):
            raise ValueError(f"metric {self.name}: Prometheus sets {', '.join(sorted(taken))} itself")
        if (self.kind is Kind.HISTOGRAM) != bool(self.buckets):
            raise ValueError(f"metric {self.name}: a histogram has buckets, and nothing else has")
        if self.shared_out and self.kind is not Kind.GAUGE:
            raise ValueError(f"metric {self.name}: only a gauge can be shared out; the others add up anyway")
        if list(self.buckets) != sorted(set(self.buckets)):
            raise ValueError(f"metric {self.name}: buckets rise and do not repeat")

    @property
    def label_names(self) -> frozenset[str]:
        """Names of its own labels, without the target's."""
        return frozenset(label.name for label in self.labels)

    @property
    def worst_series(self) -> int:
        """How many series one process can expose at most: every label set, times the buckets."""
        sets = self.combinations or prod(label.bound or 1 for label in self.labels)
        # A histogram adds +Inf, _sum and _count to its buckets.
        return sets * (len(self.buckets) + 3 if self.buckets else 1)


def counter(name: str, text: str, *labels: Label, combinations: int | None = None) -> Metric:
    """A counter of the application."""
    if not name.endswith("_total"):
        raise ValueError(f"metric {name}: a counter's name ends in _total")
    return Metric(name=name, kind=Kind.COUNTER, unit=Unit.COUNT, help=text, labels=labels, combinations=combinations)


def gauge(name: str, text: str, *labels: Label, unit: Unit = Unit.COUNT, shared_out: bool = False) -> Metric:
    """A gauge of the application."""
    return Metric(name=name, kind=Kind.GAUGE, unit=unit, help=text, labels=labels, shared_out=shared_out)


def histogram(name: str, text: str, *labels: Label, buckets: str, combinations: int | None = None) -> Metric:
    """A histogram of seconds; `buckets` are its upper bounds, written as in `"0.5 1 2"`."""
    bounds = tuple(Decimal(bound) for bound in buckets.split())
    return Metric(
        name=name,
        kind=Kind.HISTOGRAM,
        unit=Unit.SECONDS,
        help=text,
        labels=labels,
        buckets=bounds,
        combinations=combinations,
    )


def exported_gauge(name: str, *labels: str, unit: Unit = Unit.COUNT, since: str = "", needs: str = "") -> Metric:
    """A gauge of somebody else's exporter, with the labels that we rely on."""
    return _exported(name, Kind.GAUGE, unit, labels, since, needs)


def exported_counter(name: str, *labels: str, unit: Unit = Unit.COUNT, since: str = "", needs: str = "") -> Metric:
    """A counter of somebody else's exporter, with the labels that we rely on."""
    return _exported(name, Kind.COUNTER, unit, labels, since, needs)


def exported_histogram(name: str, *labels: str, buckets: str) -> Metric:
    """A histogram of seconds of somebody else's program, with its upper bounds."""
    plain = _exported(name, Kind.GAUGE, Unit.SECONDS, labels)
    bounds = tuple(Decimal(bound) for bound in buckets.split())
    return replace(plain, kind=Kind.HISTOGRAM, buckets=bounds)


def _exported(name: str, kind: Kind, unit: Unit, labels: tuple[str, ...], since: str = "", needs: str = "") -> Metric:
    own = tuple(Label(label) for label in labels)
    return Metric(name=name, kind=kind, unit=unit, labels=own, since=since, needs=needs)
