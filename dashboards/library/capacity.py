"""Capacity and Cost: how much is there, how much of it is used, what does it cost, and when is it too little?"""

from alerts.expression import Expr
from alerts.promql import count_by, max_by, select, sum_by
from catalogue.boards import CAPACITY
from catalogue.exported import elasticsearch, kubernetes, monitoring, tracing
from catalogue.exporters import (
    ELASTICSEARCH_EXPORTER,
    JAEGER_COLLECTOR,
    KUBE_STATE_METRICS,
    KUBELETS,
    PROMETHEUS_SERVER,
)
from catalogue.model.price import Prices
from catalogue.model.time import days, hours
from dashboards.library.annotations import ANNOTATIONS
from dashboards.library.costs import CORES_USED, MEMORY_USED, VOLUMES, costs, requested
from dashboards.library.stores import ELASTICSEARCH_DISK, PROMETHEUS_SERIES
from dashboards.library.trends import TRENDS
from dashboards.library.variables import ANY_NAMESPACE, INSTANCE
from dashboards.limits import rising
from dashboards.model import Dashboard, Row
from dashboards.panels import line, stat, timeseries

_SPACE = (ANY_NAMESPACE,)
_TIGHT = rising(warn="0.8", bad="0.9", because="One node's work no longer fits on the others.")


def _allocatable(resource: str) -> Expr:
    return sum_by(select(KUBE_STATE_METRICS, kubernetes.NODE_ALLOCATABLE, resource=resource).now)


_ROOM = Row(
    title="Room",
    panels=(
        stat(
            "Nodes",
            "Machines of the cluster.",
            count_by(select(KUBE_STATE_METRICS, kubernetes.NODE_CREATED).now),
        ),
        stat(
            "Cores promised",
            "Share of the processors that pods have asked for. At 100% no pod can be placed.",
            sum_by(requested("cpu")).of(_allocatable("cpu")),
            limits=_TIGHT,
        ),
        stat(
            "Memory promised",
            "Share of the memory that pods have asked for. At 100% no pod can be placed.",
            sum_by(requested("memory")).of(_allocatable("memory")),
            limits=_TIGHT,
        ),
        stat(
            "Cores used",
            "Share of the processors that containers used within a day.",
            sum_by(CORES_USED).of(_allocatable("cpu")),
        ),
        stat(
            "Memory used",
            "Share of the memory that containers use.",
            sum_by(MEMORY_USED).of(_allocatable("memory")),
        ),
        stat(
            "Pods",
            "Pods that run.",
            sum_by(select(KUBE_STATE_METRICS, kubernetes.POD_PHASE, phase="Running").now),
        ),
        timeseries(
            "Autoscalers",
            "Share of the replicas that an autoscaler may start. At 100% it cannot follow the traffic.",
            line(
                max_by(
                    select(KUBE_STATE_METRICS, kubernetes.HPA_REPLICAS).now, "namespace", "horizontalpodautoscaler"
                ).of(
                    max_by(
                        select(KUBE_STATE_METRICS, kubernetes.HPA_MAX_REPLICAS).now,
                        "namespace",
                        "horizontalpodautoscaler",
                    )
                ),
                "{horizontalpodautoscaler}",
            ),
            by=_SPACE,
        ),
        timeseries(
            "Replicas wanted",
            "Replicas that each autoscaler finds right for the traffic.",
            line(
                max_by(select(KUBE_STATE_METRICS, kubernetes.HPA_DESIRED_REPLICAS).now, "horizontalpodautoscaler"),
                "{horizontalpodautoscaler}",
            ),
            by=_SPACE,
        ),
        timeseries(
            "Volumes",
            "Share of each namespace's volumes in use.",
            line(
                sum_by(select(KUBELETS, kubernetes.VOLUME_USED).now, "namespace").of(sum_by(VOLUMES, "namespace")),
                "{namespace}",
            ),
            by=_SPACE,
        ),
    ),
)
_WATCHING = Row(
    title="What watching takes",
    panels=(
        PROMETHEUS_SERIES,
        timeseries(
            "Disk of Prometheus",
            "Bytes of each replica on disk, the newest hours and the finished blocks.",
            line(
                select(PROMETHEUS_SERVER, monitoring.BLOCKS_BYTES).now
                + select(PROMETHEUS_SERVER, monitoring.WAL_BYTES).now,
                "{pod}",
            ),
            width=10,
        ),
        ELASTICSEARCH_DISK,
        timeseries(
            "Documents indexed",
            "Documents that Elasticsearch takes within an hour.",
            line(sum_by(select(ELASTICSEARCH_EXPORTER, elasticsearch.INDEXED).increase(hours(1))), "documents"),
            width=12,
        ),
        timeseries(
            "Spans stored",
            "Spans that Jaeger writes within an hour.",
            line(sum_by(select(JAEGER_COLLECTOR, tracing.SPANS_WRITTEN).increase(hours(1))), "spans"),
            width=12,
        ),
    ),
)


def page(prices: Prices) -> Dashboard:
    """The page of a stack that pays these prices."""
    return Dashboard(
        board=CAPACITY,
        description=(
            "How much room there is, what is asked for and not used, what a month costs, and what runs out when."
        ),
        variables=(INSTANCE, ANY_NAMESPACE),
        annotations=ANNOTATIONS,
        shows=days(7),
        rows=(_ROOM, costs(prices), TRENDS, _WATCHING),
    )
