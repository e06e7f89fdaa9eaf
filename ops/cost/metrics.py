"""What metrics cost: samples on disk and series in memory, and the room that Prometheus has beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from catalogue.model.price import Prices
from catalogue.sizes import SIZES
from components.settings import Stack
from components.settings.sections import Metrics
from components.wiring.capacity import series
from ops.cost import years
from ops.cost.bill import Table, gibibytes, line
from ops.cost.workloads import Workload

_DAY = 86_400
NAME = "prometheus"
"""Of the workload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What all replicas of Prometheus together have to hold, in bytes."""

    series: int
    """Of each replica."""

    samples: Decimal
    memory: Decimal


def need(stack: Stack, *, api_pods: int | None = None) -> Need:
    """For as long as samples are kept, or until their size limit."""
    section, count = stack.settings.metrics, series(stack.settings, api_pods=api_pods)
    kept = _rate(count, section) * section.retention.seconds
    return Need(
        series=count,
        samples=min(kept, Decimal(section.retention_size.count) * section.replicas),
        memory=count * SIZES.churn * SIZES.series * (1 + SIZES.queries) * section.replicas,
    )


def _rate(count: int, section: Metrics) -> Decimal:
    """Bytes that all replicas write in a second."""
    return Decimal(count) / section.scrape_interval.seconds * SIZES.sample * section.replicas


def table(stack: Stack, prices: Prices, found: list[Workload]) -> Table:
    """Everything of Prometheus but its processors."""
    (server,) = (each for each in found if each.name == NAME)
    section, wanted = stack.settings.metrics, need(stack)
    disk, memory = gibibytes(wanted.samples), gibibytes(wanted.memory)
    volumes, granted = gibibytes(sum(server.volumes.values()) * server.pods), gibibytes(server.memory * server.pods)
    each = f"{wanted.series:,} series"
    sampled = f"every {section.scrape_interval} × {SIZES.sample} B × {section.retention} × {section.replicas} replicas"
    costs = [
        *line("samples on disk", f"{each} {sampled}", disk, prices.volume),
        *line("room on volumes", f"{server.pods} × {section.volume} less the samples", volumes - disk, prices.volume),
        *line(
            "series in memory",
            f"{each} × {SIZES.churn} with those just gone × {SIZES.series / 1024:g} KiB, "
            f"and {SIZES.queries:.0%} for queries, × {section.replicas} replicas",
            memory,
            prices.memory,
        ),
        *line("memory to spare", f"{server.pods} × {section.memory} less the series", granted - memory, prices.memory),
        *years.samples(section, _rate(wanted.series, section), prices.bucket),
    ]
    return Table(title="Metrics", costs=costs, notes=[*_notes(stack, full=disk > volumes, tight=memory > granted)])


def _notes(stack: Stack, *, full: bool, tight: bool) -> Iterator[str]:
    section, scaling = stack.settings.metrics, stack.settings.autoscaling
    yield f"series by catalogue/sizes.py, {stack.settings.cost.nodes} nodes and {scaling.min_replicas} API pods"
    most = need(stack, api_pods=scaling.max_replicas)
    days = section.retention_size.count * section.replicas / (_rate(most.series, section) * _DAY)
    if days < section.retention.seconds / _DAY:
        yield (
            f"with {scaling.max_replicas} API pods all the time it were {most.series:,} series, and "
            f"metrics.retentionSize would hold {days:.0f} days of them"
        )
    if full:
        yield "the samples need more than metrics.volume: raise it, or keep them for less long"
    if tight:
        yield "the series need more than metrics.memory: raise it, or scrape less"
