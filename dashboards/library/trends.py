"""What runs out when: trends of machines, a row for the boards that ask."""

from alerts.expression import Op
from alerts.promql import average_by, min_by, rest, select, unlike
from catalogue.exported import nodes
from catalogue.exporters import NODE_EXPORTER
from catalogue.model.time import days, hours
from dashboards.library.variables import INSTANCE
from dashboards.limits import sinking
from dashboards.model import Row, Shown
from dashboards.panels import line, table, timeseries
from dashboards.promql import days_until_empty, mirrored, slope

_NODE = (INSTANCE,)
_IDLE = select(NODE_EXPORTER, nodes.CPU, mode="idle")
REAL_DISKS = {"fstype": unlike(nodes.PSEUDO_FILESYSTEMS)}
_FREE = select(NODE_EXPORTER, nodes.FILESYSTEM_AVAILABLE, **REAL_DISKS)

TRENDS = Row(
    title="Trends",
    panels=(
        timeseries(
            "CPU, mean of a day",
            "Share of the time that a node's processors worked, over a whole day each.",
            line(rest(average_by(_IDLE.rate(days(1)), "instance")), "{instance}"),
            by=_NODE,
            unit=Shown.SHARE,
        ),
        timeseries(
            "Memory growth",
            "Bytes a second by which the memory in use grows, by a straight line over six hours. Below 0 it shrinks.",
            line(mirrored(slope(select(NODE_EXPORTER, nodes.MEMORY_AVAILABLE), hours(6))), "{instance}"),
            by=_NODE,
            unit=Shown.BYTES_PER_SECOND,
        ),
        table(
            "Days until disk is full",
            "Days until each file system is full, by a straight line over a day. One that does not fill is not listed.",
            min_by(days_until_empty(_FREE, days(1)), "instance", "mountpoint"),
            by=_NODE,
            unit=Shown.DAYS,
            limits=sinking(warn="30", bad="7", because="A month to order more, and a week to make room."),
            width=8,
        ),
        table(
            "Full within a week",
            "Bytes that each file system will lack in seven days, if the last day's line goes on.",
            _FREE.predicted(days(1), days(7)).compare(Op.BELOW, 0),
            by=_NODE,
            width=24,
        ),
    ),
)
