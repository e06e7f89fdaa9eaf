"""What a month of the cluster costs, and what of it for nothing: a row of a board."""

from decimal import Decimal

from alerts.expression import Expr
from alerts.promql import select, sum_by, unlike
from catalogue.exported import kubernetes
from catalogue.exporters import CADVISOR, KUBE_STATE_METRICS, KUBELETS
from catalogue.model.price import Price, Prices
from catalogue.model.time import days
from dashboards.library.variables import ANY_NAMESPACE
from dashboards.model import Row, Shown
from dashboards.panels import table
from dashboards.promql import falling, top

_SPACE = (ANY_NAMESPACE,)
_GIBIBYTE = Decimal(2**30)
# The sum of a pod's containers is there too, without a container's name.
_CONTAINERS = {"container": unlike("")}
CORES_USED = select(CADVISOR, kubernetes.CONTAINER_CPU, **_CONTAINERS).rate(days(1))
MEMORY_USED = select(CADVISOR, kubernetes.CONTAINER_MEMORY, **_CONTAINERS).now
VOLUMES = select(KUBELETS, kubernetes.VOLUME_CAPACITY).now


def requested(resource: str) -> Expr:
    """What containers ask for."""
    return select(KUBE_STATE_METRICS, kubernetes.CONTAINER_REQUESTS, resource=resource).now


def cores(prices: Prices) -> Expr:
    """What a month of the processors costs that each namespace asks for."""
    return _cost(sum_by(requested("cpu"), "namespace"), prices.core)


def memory(prices: Prices) -> Expr:
    """What a month of the memory costs that each namespace asks for."""
    return _cost(sum_by(requested("memory"), "namespace"), prices.memory, _GIBIBYTE)


def volumes(prices: Prices) -> Expr:
    """What a month of the volumes costs that each namespace holds."""
    return _cost(sum_by(VOLUMES, "namespace"), prices.volume, _GIBIBYTE)


def _cost(quantity: Expr, price: Price, unit: Decimal = Decimal(1)) -> Expr:
    return (quantity if unit == 1 else quantity.over(unit)).times(price.dollars)


def _idle(resource: str, used: Expr) -> Expr:
    """What pods ask for and do not use."""
    return sum_by(requested(resource), "namespace", "pod") - sum_by(used, "namespace", "pod")


def costs(prices: Prices) -> Row:
    """The row, at these prices."""
    return Row(
        title="Cost of a month",
        panels=(
            table(
                "Cores",
                "What the processors cost that each namespace asks for, used or not.",
                falling(cores(prices)),
                by=_SPACE,
                unit=Shown.MONEY,
                width=8,
            ),
            table(
                "Memory",
                "What the memory costs that each namespace asks for, used or not.",
                falling(memory(prices)),
                by=_SPACE,
                unit=Shown.MONEY,
                width=8,
            ),
            table(
                "Volumes of each namespace",
                "What the volumes cost that each namespace holds, full or not.",
                falling(volumes(prices)),
                by=_SPACE,
                unit=Shown.MONEY,
                width=8,
            ),
            table(
                "Cores for nothing",
                "What the processors cost that pods ask for and did not use within a day: the ten most expensive.",
                falling(top(10, _cost(_idle("cpu", CORES_USED), prices.core).above(0))),
                by=_SPACE,
                unit=Shown.MONEY,
            ),
            table(
                "Memory for nothing",
                "What the memory costs that pods ask for and do not use: the ten most expensive.",
                falling(top(10, _cost(_idle("memory", MEMORY_USED), prices.memory, _GIBIBYTE).above(0))),
                by=_SPACE,
                unit=Shown.MONEY,
            ),
        ),
    )
