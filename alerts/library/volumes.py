"""Do volumes have room, and are they there?"""

from alerts.condition import Condition, below, holds
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, min_by, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.kubernetes import (
    CLAIM_ACCESS_MODE,
    VOLUME_AVAILABLE,
    VOLUME_CAPACITY,
    VOLUME_CLAIM,
    VOLUME_INODES,
    VOLUME_INODES_FREE,
    VOLUME_PHASE,
    VOLUME_USED,
)
from catalogue.exporters import KUBE_STATE_METRICS, KUBELETS
from catalogue.model.metric import Metric
from catalogue.model.time import days, hours, minutes
from catalogue.services import KUBERNETES, WATCHED_NAMESPACES
from catalogue.teams import PLATFORM

_OURS = like(WATCHED_NAMESPACES)
_CLAIM = ("namespace", "persistentvolumeclaim")
_DATA = {"persistentvolumeclaim": "data-postgresql-0"}
_LABELS = {"namespace": "openpolicy"} | _DATA
_STEP = minutes(5)


def _whole(metric: Metric) -> Expr:
    return max_by(select(KUBELETS, metric, namespace=_OURS).now, *_CLAIM)


def _left(metric: Metric, whole: Metric) -> Expr:
    # Each node on which a volume is mounted tells of it.
    return min_by(select(KUBELETS, metric, namespace=_OURS).now, *_CLAIM).of(_whole(whole))


_READ_ONLY = max_by(
    select(KUBE_STATE_METRICS, CLAIM_ACCESS_MODE, namespace=_OURS, access_mode="ReadOnlyMany").now, *_CLAIM
).compare(Op.EQUALS, 1)
# Drivers without statistics report zeros. What is only read is full on purpose.
_WRITTEN = _whole(VOLUME_USED).above(0).unless(_READ_ONLY)
_FULL_IN_FOUR_DAYS = min_by(
    select(KUBELETS, VOLUME_AVAILABLE, namespace=_OURS).predicted(hours(6), ahead=days(4)), *_CLAIM
).compare(Op.BELOW, 0)


def _volume(available: str, used: str = "8e9x300", claim: str = "data-postgresql-0") -> tuple[Samples, ...]:
    volume = {"node": "node-1", "persistentvolumeclaim": claim}
    return (
        samples(KUBELETS, VOLUME_AVAILABLE, available, **volume),
        samples(KUBELETS, VOLUME_CAPACITY, "100e9x300", **volume),
        samples(KUBELETS, VOLUME_USED, used, **volume),
    )


def _inodes(free: str, used: str = "8e9x90", claim: str = "data-postgresql-0") -> tuple[Samples, ...]:
    volume = {"node": "node-1", "persistentvolumeclaim": claim}
    return (
        samples(KUBELETS, VOLUME_INODES_FREE, free, **volume),
        samples(KUBELETS, VOLUME_INODES, "1000000x90", **volume),
        samples(KUBELETS, VOLUME_USED, used, **volume),
    )


def _phase(phase: str, namespace: str) -> tuple[Samples, ...]:
    volume = {"namespace": "observability", "persistentvolume": "pvc-1f0c"}
    return (
        samples(KUBE_STATE_METRICS, VOLUME_PHASE, "1x90", phase=phase, **volume),
        samples(
            KUBE_STATE_METRICS, VOLUME_CLAIM, "1x90", claim_namespace=namespace, name="data-postgresql-0", **volume
        ),
    )


def _filling_up(
    severity: Severity, *, when: Condition, lasting: int, summary: str, stories: tuple[Firing, Scenario]
) -> Alert:
    fires, silent = stories
    return Alert(
        name="KubePersistentVolumeFillingUp",
        severity=severity,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.FULL,
        watches="share of a volume that is free",
        when=when,
        lasting=minutes(lasting),
        keep_firing=minutes(5),
        summary=summary,
        description=(
            "{value:percentage} of the volume of {namespace}/{persistentvolumeclaim} is free. "
            "When it is full, what writes there stops: a database, logs or metrics."
        ),
        board=INFRASTRUCTURE,
        fires=fires,
        silent=silent,
    )


ALERTS = (
    # Two thresholds of one alert, so no setting can make them one.
    _filling_up(
        Severity.CRITICAL,
        when=below(_left(VOLUME_AVAILABLE, VOLUME_CAPACITY), "0.03", guard=_WRITTEN),
        lasting=2,
        summary="Volume {namespace}/{persistentvolumeclaim} is almost full",
        stories=(
            Firing(given=_volume("10e9x10 2e9x90"), at=minutes(60), step=_STEP, labels=_LABELS, value="2%"),
            # A little more than that, and a driver without statistics.
            Scenario(
                given=(*_volume("3.1e9x90"), *_volume("0x90", used="0x90", claim="scratch")),
                at=minutes(60),
                step=_STEP,
            ),
        ),
    ),
    _filling_up(
        Severity.WARNING,
        when=below(_left(VOLUME_AVAILABLE, VOLUME_CAPACITY), "0.15", guard=_FULL_IN_FOUR_DAYS.both(_WRITTEN)),
        lasting=60,
        summary="Volume {namespace}/{persistentvolumeclaim} is full within four days",
        stories=(
            # A gigabyte in every four hours.
            Firing(given=_volume("15e9-20833333x120"), at=hours(8), step=_STEP, labels=_LABELS, value="13%"),
            # As little room, and it stays so.
            Scenario(given=_volume("12e9x120"), at=hours(8), step=_STEP),
        ),
    ),
    Alert(
        name="KubePersistentVolumeInodesFillingUp",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.FULL,
        watches="share of a volume's inodes that are free",
        when=below(
            _left(VOLUME_INODES_FREE, VOLUME_INODES),
            "0.05",
            because="Small files use them up unnoticed; this leaves time to find who writes them.",
            guard=_WRITTEN,
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="Volume {namespace}/{persistentvolumeclaim} runs out of inodes",
        description="{value:percentage} are free. Without one no file can be made, however much room is left.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_inodes("40000x90"), at=minutes(16), labels=_LABELS, value="4%"),
        # A little more than that, and a driver without statistics.
        silent=Scenario(
            given=(*_inodes("60000x90"), *_inodes("0x90", used="0x90", claim="scratch")),
            at=minutes(40),
        ),
    ),
    Alert(
        name="KubePersistentVolumeErrors",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.LOSS,
        watches="a volume of ours is Failed or Pending",
        when=holds(
            max_by(
                select(KUBE_STATE_METRICS, VOLUME_PHASE, phase=like("Failed|Pending")).now, "persistentvolume", "phase"
            )
            .joined(
                max_by(
                    select(KUBE_STATE_METRICS, VOLUME_CLAIM, claim_namespace=_OURS).now,
                    "persistentvolume",
                    "claim_namespace",
                    "name",
                ),
                on=("persistentvolume",),
                labels=("claim_namespace", "name"),
            )
            .compare(Op.EQUALS, 1)
        ),
        lasting=minutes(5),
        keep_firing=minutes(5),
        summary="Volume of {claim_namespace}/{name} is {phase}",
        description="{persistentvolume} cannot be used or given back; its data may still be on the disk behind it.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_phase("Failed", "openpolicy"),
            at=minutes(6),
            labels={
                "persistentvolume": "pvc-1f0c",
                "phase": "Failed",
                "claim_namespace": "openpolicy",
                "name": "data-postgresql-0",
            },
        ),
        # Somebody else's, in the same cluster.
        silent=Scenario(given=_phase("Failed", "another"), at=minutes(40)),
    ),
)
