"""What runs out, and when: a line through the last thirty days of everything that can be full."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from alerts.expression import Expr
from alerts.library.recordings import ELASTICSEARCH_DISK, FILESYSTEM_AVAILABLE, NODE_MEMORY, POSTGRESQL_CONNECTIONS
from alerts.promql import max_by, min_by, rest, select, sum_by
from catalogue.exported import kubernetes, monitoring
from catalogue.exporters import KUBELETS, PROMETHEUS_SERVER
from ops.report import plots
from ops.report.ask import Asked
from ops.report.model import Block, Section, Table
from ops.report.promises import NO_DATA
from ops.report.trends import Trend, daily, says, trend
from ops.report.words import share

_LOOKS_BACK = timedelta(days=30)
_STEP = timedelta(hours=6)
_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Something that can be full: which share of it is taken."""

    name: str
    taken: Expr
    by: tuple[str, ...]
    """What tells one of them from another."""


_STORED = sum_by(
    select(PROMETHEUS_SERVER, monitoring.BLOCKS_BYTES).now + select(PROMETHEUS_SERVER, monitoring.WAL_BYTES).now, "pod"
)
_CLAIM = ("namespace", "persistentvolumeclaim")
ROOMS = (
    Room(name="Disk of a node", taken=rest(min_by(FILESYSTEM_AVAILABLE.now, "instance", "mountpoint")),
         by=("instance", "mountpoint")),
    Room(name="Memory of a node", taken=max_by(NODE_MEMORY.now, "instance"), by=("instance",)),
    Room(
        name="Volume",
        taken=max_by(select(KUBELETS, kubernetes.VOLUME_USED).now, *_CLAIM).of(
            max_by(select(KUBELETS, kubernetes.VOLUME_CAPACITY).now, *_CLAIM)
        ),
        by=_CLAIM,
    ),
    Room(name="Elasticsearch", taken=max_by(ELASTICSEARCH_DISK.now, "name"), by=("name",)),
    Room(
        name="Prometheus, of its size limit",
        taken=_STORED.of(sum_by(select(PROMETHEUS_SERVER, monitoring.RETENTION_LIMIT_BYTES).now, "pod")),
        by=("pod",),
    ),
    Room(name="PostgreSQL connections", taken=max_by(POSTGRESQL_CONNECTIONS.now, "instance"), by=("instance",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One of them, and how it went."""

    name: str
    means: Sequence[tuple[float, float]]
    found: Trend | None

    @property
    def urgency(self) -> tuple[float, float]:
        """What is full soonest comes first, then what is fullest."""
        known = self.found is not None and self.found.is_known
        soonest = self.found.full_in(self.found.high) if self.found and known else None
        return (soonest if soonest is not None else float("inf"), -self.means[-1][1])


def section(asked: Asked) -> Section:
    """All that is measured, the most urgent first."""
    missing: list[str] = []
    found: list[Taken] = []
    for room in ROOMS:
        courses = asked.through(room.taken, _STEP, length=_LOOKS_BACK)
        made = [
            Taken(name=_named(room, each.labels), means=means, found=trend(means))
            for each in courses
            if (means := daily(each.points))
        ]
        found += made
        missing += [] if made else [room.name]
    urgent = sorted(found, key=lambda each: each.urgency)
    said = f"{urgent[0].name}: {says(urgent[0].found, len(urgent[0].means), asked.period.end)}" if urgent else NO_DATA
    return Section(title="Capacity", blocks=[*_blocks(asked, urgent, missing)], summary=said)


def _named(room: Room, labels: Mapping[str, str]) -> str:
    values = [labels.get(label, "") for label in room.by]
    return " ".join([room.name, *(value for value in values if value)])


def _blocks(asked: Asked, found: Sequence[Taken], missing: Sequence[str]) -> Iterator[Block]:
    if found:
        yield (
            "A straight line (Theil and Sen) through the daily means of the last 30 days. In brackets: between these "
            "days with 95% confidence, if the next weeks are as the last ones. A date beyond a year is not told."
        )
        rows = [
            [
                each.name,
                share(each.means[-1][1], 1),
                _growth(each.found),
                says(each.found, len(each.means), asked.period.end),
            ]
            for each in found[:_MOST]
        ]
        yield Table(headings=["What", "Taken", "In 30 days", "Full on"], rows=rows)
        if rest_of := found[_MOST:]:
            yield f"{len(rest_of)} more are less urgent."
        drawn = [each for each in found[:4] if each.found is not None]
        if drawn:
            yield plots.capacity([(each.name, each.means, each.found) for each in drawn if each.found])
    if missing:
        yield f"No data: Prometheus has nothing about {', '.join(missing)} in the last 30 days."


def _growth(found: Trend | None) -> str:
    if found is None:
        return "–"
    middle, low, high = (30 * 100 * each for each in (found.slope, found.low, found.high))
    return f"{middle:+.1f} points ({low:+.1f} to {high:+.1f})"
