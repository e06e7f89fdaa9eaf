"""Are the cluster's machines healthy?"""

from alerts.condition import above
from alerts.model import Alert, Severity
from alerts.recordings import NODE_MEMORY
from alerts.scenario import Firing, Samples, Scenario, samples
from catalogue.boards import INFRASTRUCTURE
from catalogue.exporters import NODE_EXPORTER, NODE_MEMORY_AVAILABLE, NODE_MEMORY_TOTAL
from catalogue.model.time import minutes
from catalogue.services import NODE
from catalogue.teams import PLATFORM


def _memory(available: str) -> tuple[Samples, ...]:
    return (
        samples(NODE_EXPORTER, NODE_MEMORY_TOTAL, "16000000000x60", instance="node-1"),
        samples(NODE_EXPORTER, NODE_MEMORY_AVAILABLE, available, instance="node-1"),
    )


ALERTS = (
    Alert(
        name="HighMemoryUsage",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=NODE,
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
            labels={"job": NODE_EXPORTER.job, "namespace": "openpolicy", "instance": "node-1"},
            value="90%",
        ),
        silent=Scenario(given=_memory("2560000000x60"), at=minutes(25)),
    ),
)
