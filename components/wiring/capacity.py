"""How much a stack will hold, by the catalogue and its own settings, and where it has no room for that."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal

from catalogue import CATALOGUE
from catalogue.model.exporter import Discovery, Exporter
from catalogue.model.problem import Problem
from catalogue.sizes import OTHER_SERIES, SERIES_OF_NODE, SERIES_OF_TARGET, SIZES
from components.render.logs.storage import Share, shares
from components.settings.sections import Settings
from components.wiring.samples import catalogue

# Most to least expensive: what a stack does not have goes to the one before.
TIERS: tuple[str, ...] = ("hot", "warm", "cold")
GIGABYTE = 10**9
_GIBIBYTE = 2**30


def series(settings: Settings, *, api_pods: int | None = None) -> int:
    """Series that one Prometheus scrapes, by the catalogue's sizes. `api_pods`: as many as there are at the least."""
    pods = api_pods or settings.autoscaling.min_replicas
    return sum(_targets(exporter, settings, pods) * _of_one(exporter) for exporter in catalogue(settings).exporters)


def _targets(exporter: Exporter, settings: Settings, api_pods: int) -> int:
    if exporter.job in SERIES_OF_NODE:
        return settings.cost.nodes
    if exporter.discovery is Discovery.APPLICATION:
        # The scraper is one more.
        return api_pods + 1
    several = {
        "alertmanager": settings.alerting.replicas,
        "prometheus": settings.metrics.replicas,
        "grafana": settings.grafana.replicas,
        "jaeger": settings.tracing.collector_replicas,
        "otel-collector": settings.tracing.gateway_replicas,
        "kubernetes-apiservers": settings.cost.api_servers,
    }
    return several.get(exporter.job, 1)


def _of_one(exporter: Exporter) -> int:
    return SERIES_OF_NODE.get(exporter.job) or SERIES_OF_TARGET.get(exporter.job, OTHER_SERIES)


def log_shares(settings: Settings) -> list[Share]:
    """What the classes take with this stack's share of production's lines, in gigabytes."""
    load = settings.cost.load
    classes = [replace(each, gigabytes_a_day=each.gigabytes_a_day * load) for each in CATALOGUE.log_classes]
    return shares(classes, settings.logs.keeping, SIZES)


def lies_on(tier: str, there: Collection[str]) -> str:
    """Where what is meant for a tier lies: on nodes of that kind, or of the next better one."""
    return next(each for each in reversed(TIERS[: TIERS.index(tier) + 1]) if each in there or each == TIERS[0])


def overfull(settings: Settings) -> Iterator[Problem]:
    """Where a stack cannot hold what it says that it will get. Bills warn earlier, of what is filled to the brim."""
    yield from _overfull_tiers(settings)
    section, count = settings.metrics, int(series(settings) * SIZES.churn)
    if (least := count * SIZES.series) > section.memory.count:
        what = f"{section.memory} does not hold {count:,} series, by catalogue/sizes.py, cost and minReplicas"
        yield Problem(
            "openpolicy:metrics.memory", what, f"set it to {_whole(2 * least)} or more: as much again is for queries"
        )


def _overfull_tiers(settings: Settings) -> Iterator[Problem]:
    section = settings.logs
    try:
        found = log_shares(settings) if section.hot.count else []
    except ValueError:
        # Its tiers contradict each other, and are refused for that.
        found = []
    nodes = dict(zip(TIERS, (section.hot, section.warm, section.cold), strict=True))
    there = [tier for tier, each in nodes.items() if each.count]
    wanted = dict.fromkeys(there, Decimal(0))
    for share in found:
        for tier, size in (("hot", share.hot), ("warm", share.warm), ("cold", share.cold)):
            wanted[lies_on(tier, there)] += size * GIGABYTE
    for tier, size in wanted.items():
        count, volume = nodes[tier].count, nodes[tier].volume
        if size > count * volume.count:
            what = (
                f"{count} × {volume} do not hold the {_whole(size)} of lines there, by catalogue/logs.py and cost.load"
            )
            remedy = f"set it to {_whole(size / SIZES.filled / count)} or more, take more nodes, or keep less"
            if section.archive_bucket is None:
                remedy += ": evidence leaves them sooner where logs.archiveBucket is set"
            yield Problem(f"openpolicy:logs.{tier}.volume", what, remedy)


def _whole(size: Decimal | int) -> str:
    return f"{-(-int(size) // _GIBIBYTE)}Gi"
