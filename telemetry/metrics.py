"""The metric catalogue as instruments: `count(SEARCH_QUERIES, search_type="bills", result="hit")`.

Names, labels, bounds and buckets come from the catalogue alone. An instrument is made when it is first used: a gauge
that nobody has set must not stand at zero, for an empty pool pages people.
"""

import threading
from collections.abc import Iterable, Mapping
from itertools import product

import prometheus_client
from opentelemetry import trace

from catalogue.model.metric import Kind, Metric
from telemetry import shared
from telemetry.bounds import Bounded
from telemetry.problems import Quietly

shared.use()
Child = prometheus_client.Counter | prometheus_client.Gauge | prometheus_client.Histogram


class Instrument:
    """One metric of the catalogue in this process."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        self.parent = _made(metric)
        self._names = tuple(label.name for label in metric.labels)
        self._bounds = tuple(Bounded(label) for label in metric.labels)
        self._children: dict[tuple[str, ...], Child] = {}

    def child(self, labels: Mapping[str, object]) -> Child:
        """The series with these labels, each within its bound. Raises ValueError for others than the metric's."""
        if self.metric.label_names.symmetric_difference(labels):
            wanted, given = ", ".join(self._names) or "none", ", ".join(sorted(labels)) or "none"
            raise ValueError(f"{self.metric.name}: its labels are {wanted}, not {given}")
        values = tuple([bounded(str(labels[name])) for name, bounded in zip(self._names, self._bounds, strict=True)])
        # Looking a child up takes a lock in the library, with every request.
        if (found := self._children.get(values)) is None:
            found = self._children[values] = self.parent.labels(*values) if values else self.parent
        return found


class Instruments:
    """All metrics of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.made: dict[str, Instrument] = {}
        """Those that were used, by the metric's name."""

    def of(self, metric: Metric) -> Instrument:
        """The metric's instrument."""
        if (found := self.made.get(metric.name)) is None:
            with self._lock:
                found = self.made.get(metric.name) or self.made.setdefault(metric.name, Instrument(metric))
        return found

    def count(self, metric: Metric, amount: float = 1, /, **labels: object) -> None:
        """Adds to a counter."""
        with Quietly(f"counting {metric.name}"):
            child = self.of(metric).child(labels)
            if not isinstance(child, prometheus_client.Counter):
                raise TypeError(f"{metric.name} is a {metric.kind}: it cannot be counted")
            child.inc(amount)

    def set_to(self, metric: Metric, value: float, /, **labels: object) -> None:
        """Sets a gauge."""
        with Quietly(f"setting {metric.name}"):
            child = self.of(metric).child(labels)
            if not isinstance(child, prometheus_client.Gauge):
                raise TypeError(f"{metric.name} is a {metric.kind}: it cannot be set")
            child.set(value)

    def observe(self, metric: Metric, value: float, /, **labels: object) -> None:
        """Puts a value into a histogram, with the trace in which it was measured as its exemplar."""
        with Quietly(f"observing {metric.name}"):
            child = self.of(metric).child(labels)
            if not isinstance(child, prometheus_client.Histogram):
                raise TypeError(f"{metric.name} is a {metric.kind}: it cannot be observed")
            child.observe(value, _exemplar())

    def known(self, metric: Metric, /, **labels: Iterable[str]) -> None:
        """Starts series at zero: a first event that makes its own series is never seen by a rate.

        Labels whose values the catalogue lists need not be given. Values that are given take their places before
        others do, so that the 200 most viewed bills are those that somebody named.
        """
        with Quietly(f"starting {metric.name} at zero"):
            instrument = self.of(metric)
            known = {label.name: label.values for label in metric.labels if label.values}
            values = known | {name: tuple(each) for name, each in labels.items()}
            for combination in product(*values.values()):
                instrument.child(dict(zip(values, combination, strict=True)))


def _made(metric: Metric) -> Child:
    names = [label.name for label in metric.labels]
    match metric.kind:
        case Kind.COUNTER:
            return prometheus_client.Counter(metric.name, metric.help, names, registry=None)
        case Kind.GAUGE:
            mode = "livesum" if metric.shared_out else "mostrecent"
            return prometheus_client.Gauge(metric.name, metric.help, names, registry=None, multiprocess_mode=mode)
        case Kind.HISTOGRAM:
            buckets = [float(bound) for bound in metric.buckets]
            return prometheus_client.Histogram(metric.name, metric.help, names, registry=None, buckets=buckets)


def _exemplar() -> dict[str, str] | None:
    context = trace.get_current_span().get_span_context()
    # A trace that is not recorded leads nowhere.
    return {"trace_id": f"{context.trace_id:032x}"} if context.is_valid and context.trace_flags.sampled else None


INSTRUMENTS = Instruments()
"""This process's."""

count = INSTRUMENTS.count
set_to = INSTRUMENTS.set_to
observe = INSTRUMENTS.observe
known = INSTRUMENTS.known
