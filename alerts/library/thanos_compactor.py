"""Is the bucket tidied: are blocks compacted, made coarser, and deleted when their time is over?"""

from alerts.condition import above, at_most, equals
from alerts.model import Alert, Severity
from alerts.promql import count_by, max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import MONITORING
from catalogue.exported.thanos import HALTED, ITERATIONS, TO_COMPACT
from catalogue.long_term_jobs import THANOS_COMPACTOR
from catalogue.model.metric import Metric
from catalogue.model.time import hours, minutes
from catalogue.services import THANOS
from catalogue.teams import PLATFORM

_STEP = minutes(5)
_NAMESPACE = {"namespace": "observability"}
_POD = _NAMESPACE | {"pod": "thanos-compactor-0"}


def _says(metric: Metric, values: str, pod: str = "thanos-compactor-0") -> Samples:
    return samples(THANOS_COMPACTOR, metric, values, **(_POD | {"pod": pod}))


ALERTS = (
    Alert(
        name="ThanosCompactorHalted",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=THANOS,
        symptom=Symptom.FULL,
        watches="the compactor has stopped for good",
        when=equals(max_by(select(THANOS_COMPACTOR, HALTED).now, "namespace", "pod"), 1),
        lasting=minutes(5),
        summary="{pod} has halted",
        description="It found blocks that it may not touch, and waits for a person. Until then the bucket only grows.",
        board=MONITORING,
        fires=Firing(given=(_says(HALTED, "0x10 1x40"),), at=minutes(15), labels=_POD),
        silent=Scenario(given=(_says(HALTED, "0x50"),), at=minutes(15)),
    ),
    Alert(
        name="ThanosCompactorStalled",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=THANOS,
        symptom=Symptom.FULL,
        watches="rounds over the whole bucket in 12 hours",
        when=at_most(sum_by(select(THANOS_COMPACTOR, ITERATIONS).increase(hours(12)), "namespace", "pod"), 0),
        lasting=hours(2),
        summary="{pod} does not get through the bucket",
        description="Not one round in half a day: nothing gets coarser, and nothing that is too old is deleted.",
        board=MONITORING,
        fires=Firing(given=(_says(ITERATIONS, "7x300"),), at=hours(16), step=_STEP, labels=_POD),
        silent=Scenario(given=(_says(ITERATIONS, "0+0.02x300"),), at=hours(16), step=_STEP),
    ),
    Alert(
        name="ThanosCompactorBehind",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=THANOS,
        symptom=Symptom.SLOW,
        watches="compactions that are due",
        when=above(
            max_by(select(THANOS_COMPACTOR, TO_COMPACT).now, "namespace", "pod"),
            30,
            because="Two replicas are due some seven a day; thirty are four days, and queries read many small blocks.",
        ),
        lasting=hours(6),
        summary="{pod} falls behind",
        description="{value:number} compactions are due. Graphs of the past get slower every day.",
        board=MONITORING,
        fires=Firing(given=(_says(TO_COMPACT, "4x10 45x300"),), at=hours(8), step=_STEP, labels=_POD, value="45"),
        silent=Scenario(given=(_says(TO_COMPACT, "4x10 28x300"),), at=hours(8), step=_STEP),
    ),
    Alert(
        name="ThanosCompactorsMany",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=THANOS,
        symptom=Symptom.LOSS,
        watches="compactors that run",
        when=above(count_by(select(THANOS_COMPACTOR, HALTED).now, "namespace"), 1),
        lasting=minutes(15),
        summary="More than one compactor works on the bucket",
        description="{value:number} of them run. They delete each other's blocks: years of samples can be lost.",
        board=MONITORING,
        fires=Firing(
            given=(_says(HALTED, "0x60"), _says(HALTED, "0x60", "thanos-compactor-1")),
            at=minutes(20),
            labels=_NAMESPACE,
            value="2",
        ),
        # One that took over from another: a drain.
        silent=Scenario(
            given=(_says(HALTED, "0x10"), _says(HALTED, "_x12 0x50", "thanos-compactor-1")), at=minutes(30)
        ),
    ),
)
