"""Infrastructure Health: are machines, workloads and data stores well, and for how long?"""

from alerts.library.recordings import NODE_MEMORY
from alerts.promql import average_by, like, rest, select, sum_by, unlike
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported import kubernetes, nodes
from catalogue.exporters import KUBE_STATE_METRICS, KUBELETS, NODE_EXPORTER
from catalogue.model.time import hours
from dashboards.library.annotations import ANNOTATIONS
from dashboards.library.stores import STORES
from dashboards.library.trends import REAL_DISKS, TRENDS
from dashboards.library.variables import ANY_NAMESPACE, INSTANCE
from dashboards.library.watched import alert
from dashboards.limits import rising
from dashboards.model import Dashboard, Row, Shown
from dashboards.panels import line, timeseries
from dashboards.promql import RATE_INTERVAL, mirrored, per_core

_NODE = (INSTANCE,)
_SPACE = (ANY_NAMESPACE,)
_IDLE = select(NODE_EXPORTER, nodes.CPU, mode="idle")
_FREE = select(NODE_EXPORTER, nodes.FILESYSTEM_AVAILABLE, **REAL_DISKS)
_SIZE = select(NODE_EXPORTER, nodes.FILESYSTEM_SIZE, **REAL_DISKS)
_REAL_LINKS = {"device": unlike("lo|veth.*|cali.*|cilium.*|lxc.*|docker.*|cni.*|flannel.*|br-.*")}
_FULL = rising(warn="0.85", bad="0.95", because="Time to act, and the last moment to.")

_NODES = Row(
    title="Nodes",
    panels=(
        timeseries(
            "CPU Usage",
            "Share of the time that a node's processors work.",
            line(rest(average_by(_IDLE.rate(RATE_INTERVAL), "instance")), "{instance}"),
            by=_NODE,
            unit=Shown.SHARE,
            limits=rising(warn="0.8", bad="0.9", because="No room for a peak, and none for a failed neighbour's work."),
        ),
        timeseries(
            "Memory Usage",
            "Share of a node's memory in use, reclaimable cache not counted.",
            line(NODE_MEMORY.now, "{instance}"),
            by=_NODE,
            alerts=alert("HighMemoryUsage"),
        ),
        timeseries(
            "Disk Usage",
            "Share of each real file system in use.",
            line(rest(_FREE.now.of(_SIZE.now)), "{mountpoint} of {instance}"),
            by=_NODE,
            limits=_FULL,
        ),
        timeseries(
            "Network I/O",
            "Traffic of physical interfaces: received above the axis, sent below.",
            line(
                sum_by(select(NODE_EXPORTER, nodes.NETWORK_RECEIVED, **_REAL_LINKS).rate(RATE_INTERVAL), "instance"),
                "in {instance}",
            ),
            line(
                mirrored(
                    sum_by(select(NODE_EXPORTER, nodes.NETWORK_SENT, **_REAL_LINKS).rate(RATE_INTERVAL), "instance")
                ),
                "out {instance}",
            ),
            by=_NODE,
            unit=Shown.BYTES_PER_SECOND,
        ),
        timeseries(
            "Load per core",
            "Work that runs or waits, for each core. Above 1 something waits.",
            line(per_core(select(NODE_EXPORTER, nodes.LOAD), _IDLE), "{instance}"),
            by=_NODE,
            unit=Shown.TIMES,
            limits=rising(warn="1", bad="2", because="Work begins to wait, and waits as long as it runs."),
        ),
        timeseries(
            "Disk busy",
            "Share of the time that a disk has work in flight.",
            line(select(NODE_EXPORTER, nodes.DISK_IO_TIME).rate(RATE_INTERVAL), "{device} of {instance}"),
            by=_NODE,
            unit=Shown.SHARE,
        ),
    ),
)

_WORKLOADS = Row(
    title="Workloads",
    panels=(
        timeseries(
            "Restarts (1 h)",
            "Restarts of each pod's containers within an hour.",
            line(
                sum_by(
                    select(KUBE_STATE_METRICS, kubernetes.CONTAINER_RESTARTS).increase(hours(1)), "namespace", "pod"
                ).above(0),
                "{pod}",
            ),
            by=_SPACE,
        ),
        timeseries(
            "Pods not running",
            "Pods that wait, have failed, or whose node is silent.",
            line(
                sum_by(
                    select(KUBE_STATE_METRICS, kubernetes.POD_PHASE, phase=like("Pending|Failed|Unknown")).now,
                    "namespace",
                    "phase",
                ).above(0),
                "{phase} in {namespace}",
            ),
            by=_SPACE,
        ),
        timeseries(
            "Volume usage",
            "Share of each volume claim in use.",
            line(
                rest(
                    select(KUBELETS, kubernetes.VOLUME_AVAILABLE).now.of(
                        select(KUBELETS, kubernetes.VOLUME_CAPACITY).now
                    )
                ),
                "{persistentvolumeclaim}",
            ),
            by=_SPACE,
            limits=_FULL,
        ),
    ),
)

PAGE = Dashboard(
    board=INFRASTRUCTURE,
    description="Machines, workloads, data stores and pipelines: use, saturation, and what runs out when.",
    variables=(INSTANCE, ANY_NAMESPACE),
    annotations=ANNOTATIONS,
    shows=hours(6),
    rows=(_NODES, _WORKLOADS, STORES, TRENDS),
)
