"""A cluster's worth of series: what each target of each job would expose, as many as production has on a usual day.

Catalogued metrics get their real labels; the rest of a target is filler, which costs memory and lookups as foreign
metrics do, and as those of pods that are just gone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from catalogue import CATALOGUE
from catalogue.model.exporter import Discovery, Exporter
from catalogue.model.metric import Kind, Metric
from catalogue.sizes import OTHER_SERIES, SERIES_OF_NODE, SERIES_OF_TARGET, SIZES
from tests.live.load.labels import OBJECTS, called, values
from tests.live.load.values import level, steady


@dataclass(frozen=True, slots=True)
class Series:
    """One series and how its value goes on."""

    text: str
    """Its name and labels, with a blank at the end."""

    level: float
    """A gauge's usual value, or what a counter rises by with each scrape."""

    rises: bool
    moves: bool
    """Whether a gauge comes and goes."""

    phase: int = 0
    """When it does. Parts of one histogram do together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing that is scraped."""

    job: str
    service: str
    namespace: str
    instance: str
    series: tuple[Series, ...]


TARGETS = {
    "openpolicy": 8,
    "kubernetes-nodes": 10,
    "kubernetes-cadvisor": 10,
    "node-exporter": 10,
    "filebeat": 10,
    "kubernetes-apiservers": 3,
    "alertmanager": 3,
    "prometheus": 2,
    "otel-collector": 3,
    "jaeger": 2,
    "grafana": 2,
    "logstash-exporter": 2,
}
"""How many; one of each other job."""

NODES = 10
SCRAPED = SERIES_OF_TARGET | {job: series * NODES // TARGETS.get(job, 1) for job, series in SERIES_OF_NODE.items()}
"""Series of one target, as in the sizing of production; OTHER_SERIES of each other one."""


def targets() -> Iterator[Target]:
    """Every target of every job that all clusters have."""
    for exporter in CATALOGUE.exporters:
        count = TARGETS.get(exporter.job, 1)
        for number in range(count):
            # The application's last targets are the scraper's.
            own = "scraper" if number >= 6 else "api-gateway"
            yield Target(
                job=exporter.job,
                service=exporter.service.name if exporter.service else own,
                namespace="observability" if exporter.discovery is Discovery.SERVICE else "openpolicy",
                instance=f"{exporter.job}-{number}",
                series=tuple(_exposed(exporter, number, count)),
            )


def _exposed(exporter: Exporter, number: int, count: int) -> Iterator[Series]:
    made = 0
    for metric in exporter.metrics:
        for phase, labels in enumerate(_sets(metric, number, count)):
            for part, bound in _parts(metric):
                made += 1
                yield _series(metric, part, labels | bound, phase)
    for index in range(int(max(made, SCRAPED.get(exporter.job, OTHER_SERIES)) * SIZES.churn) - made):
        text = f'filler_{index % 200}{{part="{index // 200}"}} '
        yield Series(text, 0.5, rises=False, moves=False)


def _series(metric: Metric, part: str, labels: dict[str, str], phase: int) -> Series:
    inner = ",".join(f'{name}="{value}"' for name, value in labels.items())
    return Series(
        f"{metric.name}{part}{{{inner}}} ",
        level(metric, labels, part),
        rises=metric.kind is not Kind.GAUGE,
        moves=not steady(metric),
        phase=phase,
    )


def _parts(metric: Metric) -> list[tuple[str, dict[str, str]]]:
    if metric.kind is not Kind.HISTOGRAM:
        return [("", {})]
    buckets = [("_bucket", {"le": str(float(bound))}) for bound in metric.buckets]
    return [*buckets, ("_bucket", {"le": "+Inf"}), ("_sum", {}), ("_count", {})]


def _sets(metric: Metric, number: int, count: int) -> Iterator[dict[str, str]]:
    """Label sets of this target: objects are shared out among a job's targets, what repeats is there in each."""
    objects = [label for label in metric.labels if label.name in OBJECTS]
    repeated = [label for label in metric.labels if label.name not in OBJECTS]
    many = range(number, OBJECTS[objects[0].name], count) if objects else range(1)
    for index in many:
        own = {label.name: called(label.name, index) for label in objects}
        for chosen in product(*(values(metric, label) for label in repeated)):
            yield own | dict(zip((label.name for label in repeated), chosen, strict=True))
