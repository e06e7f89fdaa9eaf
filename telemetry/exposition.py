"""What Prometheus reads: every metric of the catalogue, and nothing else.

Metrics are served on a port of their own, so that no ingress can publish them. Several workers in one pod write to
files in PROMETHEUS_MULTIPROC_DIR, and whichever holds the port answers for all; exemplars do not survive that.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from typing import cast

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import Metric as Family
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from catalogue.metrics import METRICS
from catalogue.model.metric import Metric
from telemetry.metrics import INSTRUMENTS, Instruments
from telemetry.problems import Quietly

WORKERS = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable: the folder that the workers of a pod share."""


class Catalogued(Collector):
    """The catalogue's metrics in its order. One that has no series yet still shows its type."""

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments

    def collect(self) -> Iterator[Family]:
        """One family for each metric of the catalogue."""
        found = {family.name: family for family in self._families()}
        for metric in METRICS:
            family = Family(_family(metric), metric.help, metric.kind.value)
            if (source := found.get(family.name)) is not None:
                # When a series began is a series of its own, and doubles the count.
                family.samples = [sample for sample in source.samples if not sample.name.endswith("_created")]
            yield family

    def _families(self) -> Iterable[Family]:
        if os.environ.get(WORKERS):
            return cast("Iterable[Family]", MultiProcessCollector(None).collect())
        return [family for made in list(self._instruments.made.values()) for family in made.parent.collect()]


def registry(instruments: Instruments = INSTRUMENTS) -> CollectorRegistry:
    """What a server of metrics reads from: `make_asgi_app(registry())` where a port of its own cannot be had."""
    made = CollectorRegistry()
    made.register(Catalogued(instruments))
    return made


def serve(port: str) -> None:
    """Serves the metrics on this port of every address. Where another worker of the pod holds it, that one answers."""
    with Quietly(f"serving metrics on port {port}"):
        try:
            start_http_server(int(port), registry=registry())
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not os.environ.get(WORKERS):
                raise


def _family(metric: Metric) -> str:
    return metric.name.removesuffix("_total")
