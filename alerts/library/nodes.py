"""Do the cluster's machines have processors and memory to spare?"""

from alerts.condition import above, equals
from alerts.library.recordings import NODE_CPU, NODE_LOAD, NODE_MEMORY
from alerts.model import Alert, Severity
from alerts.promql import max_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.nodes import CPU, LOAD, MEMORY_AVAILABLE, MEMORY_TOTAL, OOM_KILLS
from catalogue.exporters import NODE_EXPORTER, UP
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import NODE
from catalogue.teams import PLATFORM

_NODE = {"instance": "node-1"}


def _series(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(NODE_EXPORTER, metric, values, **_NODE, **labels)


def _memory(available: str) -> tuple[Samples, ...]:
    return (
        _series(MEMORY_TOTAL, "16000000000x60"),
        _series(MEMORY_AVAILABLE, available),
    )


def _cores(idle: float) -> tuple[Samples, ...]:
    """Two cores, and how many of 30 seconds each has nothing to do."""
    return tuple(_series(CPU, f"0+{idle}x120", cpu=core, mode="idle") for core in ("0", "1"))


ALERTS = (
    Alert(
        name="NodeExporterDown",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.BLIND,
        watches="whether the node's exporter answers Prometheus",
        when=equals(max_by(select(NODE_EXPORTER, UP).now, "instance"), 0),
        # Of a node that is dead Kubernetes tells sooner.
        lasting=minutes(20),
        summary="The exporter on node {instance} does not answer",
        description=(
            "Nothing is known about the disks, memory and network of {instance}. Pods on it may be well: a dead node "
            "has an alert of its own."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(given=(_series(UP, "1x10 0x60"),), at=minutes(27), labels=_NODE),
        # A node that boots anew for an upgrade.
        silent=Scenario(given=(_series(UP, "1x10 0x30 1x30"),), at=minutes(27)),
    ),
    Alert(
        name="NodeCPUHigh",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.SLOW,
        watches="share of the node's processor time in use",
        when=above(
            NODE_CPU.now,
            "0.9",
            because="The autoscaler reacts at 70% within minutes; half an hour at this is beyond what it can do.",
        ),
        lasting=minutes(30),
        summary="The processors of {instance} are busy",
        description="{value:percentage} of the processor time of {instance} is in use. Pods on it answer more slowly.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_cores(idle=1.5), at=minutes(40), labels=_NODE, value="95%"),
        silent=Scenario(given=_cores(idle=4), at=minutes(50)),
    ),
    Alert(
        name="NodeSystemSaturation",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.SLOW,
        watches="processes that run or wait, for each core of the node",
        when=above(
            NODE_LOAD.now,
            2,
            because="As many wait as run: everything on the node takes twice as long.",
        ),
        lasting=minutes(15),
        summary="More runs on {instance} than it can take",
        description=(
            "{value:number} processes for each core of {instance} run, wait for a processor or wait for a disk. All "
            "pods on it are slow."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(given=(*_cores(idle=0), _series(LOAD, "6x120")), at=minutes(25), labels=_NODE, value="3"),
        silent=Scenario(given=(*_cores(idle=0), _series(LOAD, "3.8x120")), at=minutes(35)),
    ),
    Alert(
        name="HighMemoryUsage",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.FULL,
        watches="share of the memory in use",
        when=above(
            NODE_MEMORY.now,
            "0.85",
            because="The kubelet evicts pods close to the end; this leaves time to act.",
        ),
        lasting=minutes(10),
        summary="High memory usage on {instance}",
        description="{value:percentage} of the memory of {instance} is in use, reclaimable cache not counted.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_memory("1600000000x60"),
            at=minutes(15),
            labels=_NODE,
            value="90%",
        ),
        silent=Scenario(given=_memory("2560000000x60"), at=minutes(25)),
    ),
    Alert(
        name="NodeOOMKill",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
        symptom=Symptom.ERRORS,
        watches="processes that the kernel killed for want of memory in 5 minutes",
        when=above(max_by(select(NODE_EXPORTER, OOM_KILLS).increase(minutes(5)), "instance"), 0),
        lasting=minutes(1),
        keep_firing=minutes(15),
        summary="The kernel killed processes on {instance} for want of memory",
        description=(
            "About {value:count} processes in 5 minutes. What they did is lost: a request, a query, a run of a "
            "scraper. If it was no container's first process, Kubernetes does not show it."
        ),
        board=INFRASTRUCTURE,
        fires=Firing(given=(_series(OOM_KILLS, "3x20 7x40"),), at=minutes(12), labels=_NODE, value="4"),
        # The count since the node started, and a node that starts again from zero.
        silent=Scenario(given=(_series(OOM_KILLS, "3x20 0x40"),), at=minutes(14)),
    ),
)
