"""Does the control plane work, where it is ours?

A managed control plane hides these parts. The jobs are scraped only where the settings say so, and elsewhere the rules
that read them are left out.
"""

from alerts.condition import Condition, above, at_least, equals, holds
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import count_by, max_by, missing, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import INFRASTRUCTURE
from catalogue.exported.control_plane import ETCD_HAS_LEADER, ETCD_QUOTA, ETCD_SIZE
from catalogue.exporters import CONTROLLER_MANAGERS, ETCD, SCHEDULERS, UP
from catalogue.model.exporter import Exporter
from catalogue.model.time import Duration, minutes
from catalogue.services import KUBERNETES
from catalogue.teams import PLATFORM

_MEMBERS = ("control-1", "control-2", "control-3")
_FIRST = {"namespace": "kube-system", "pod": "etcd-control-1", "instance": "control-1"}


def _each(exporter: Exporter, *values: str) -> tuple[Samples, ...]:
    return tuple(
        samples(exporter, UP, each, namespace="kube-system", instance=node)
        for node, each in zip(_MEMBERS, values, strict=False)
    )


def _leaders(*values: str) -> tuple[Samples, ...]:
    return tuple(
        samples(ETCD, ETCD_HAS_LEADER, each, namespace="kube-system", instance=node)
        for node, each in zip(_MEMBERS, values, strict=True)
    )


def _of_member(series: Expr) -> Expr:
    return max_by(series, "instance")


def _down(exporter: Exporter, *, name: str, what: str, consequence: str) -> Alert:
    return Alert(
        name=name,
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches=f"no {exporter.job} answers Prometheus",
        when=holds(missing(select(exporter, UP).now.compare(Op.EQUALS, 1))),
        lasting=minutes(10),
        keep_firing=minutes(5),
        summary=f"No {what} answers Prometheus",
        description=consequence,
        board=INFRASTRUCTURE,
        fires=Firing(given=_each(exporter, "1x20 0x70", "1x20 0x70"), at=minutes(22)),
        # The other one takes over.
        silent=Scenario(given=_each(exporter, "1x20 0x70", "1x90"), at=minutes(40)),
    )


def _size(share: int) -> tuple[Samples, ...]:
    return (
        samples(ETCD, ETCD_SIZE, f"{share * 80_000_000}x90", **_FIRST),
        samples(ETCD, ETCD_QUOTA, "8000000000x90", **_FIRST),
    )


def _near_quota(severity: Severity, *, when: Condition, lasting: Duration, fires: int, silent: int) -> Alert:
    return Alert(
        name="EtcdDatabaseNearQuota",
        severity=severity,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.FULL,
        watches="share of etcd's quota that its database takes on disk",
        when=when,
        lasting=lasting,
        keep_firing=minutes(5),
        summary="etcd on {instance} nears its quota",
        description="It takes {value:percentage} of it. At the quota it refuses writes: the cluster stands still.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_size(fires), at=minutes(45), labels={"instance": "control-1"}, value=f"{fires}%"),
        silent=Scenario(given=_size(silent), at=minutes(45)),
    )


_NEAR_QUOTA = _of_member(select(ETCD, ETCD_SIZE).now).of(_of_member(select(ETCD, ETCD_QUOTA).now))

ALERTS = (
    _down(
        SCHEDULERS,
        name="KubeSchedulerDown",
        what="scheduler",
        consequence="New pods are put on no node: what fails or is evicted is not replaced, and nothing grows.",
    ),
    _down(
        CONTROLLER_MANAGERS,
        name="KubeControllerManagerDown",
        what="controller manager",
        consequence="Deployments, Jobs and HPAs stand still, and pods of dead nodes are not replaced.",
    ),
    Alert(
        name="EtcdNoLeader",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="whether any member of etcd sees a leader",
        # One member that is cut off sees none either: EtcdMembersDown.
        when=equals(max_by(select(ETCD, ETCD_HAS_LEADER).now), 0),
        lasting=minutes(2),
        keep_firing=minutes(5),
        summary="etcd has no leader",
        description="The cluster cannot be read or changed. What runs goes on; what fails is not replaced.",
        board=INFRASTRUCTURE,
        fires=Firing(given=_leaders("1x20 0x70", "1x20 0x70", "1x20 stale"), at=minutes(14)),
        # An election, and a member that is cut off.
        silent=Scenario(given=_leaders("1x20 0x3 1x70", "1x20 0x3 1x70", "0x90"), at=minutes(12)),
    ),
    Alert(
        name="EtcdMembersDown",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=KUBERNETES,
        symptom=Symptom.DEGRADED,
        watches="members of etcd that do not answer, or see no leader",
        when=at_least(
            count_by(
                _of_member(select(ETCD, UP).now)
                .compare(Op.EQUALS, 0)
                .either(_of_member(select(ETCD, ETCD_HAS_LEADER).now).compare(Op.EQUALS, 0))
            ),
            1,
        ),
        lasting=minutes(5),
        keep_firing=minutes(5),
        summary="etcd lacks members",
        description="{value:count} of its members are down or cut off. If most are lost, so is the Kubernetes API.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=(*_each(ETCD, "1x20 0x70", "1x90", "1x90"), *_leaders("1x20 _x70", "1x20 0x70", "1x90")),
            at=minutes(16),
            value="2",
        ),
        # A member is restarted.
        silent=Scenario(
            given=(*_each(ETCD, "1x20 0x6 1x64", "1x90", "1x90"), *_leaders("1x20 _x6 1x64", "1x90", "1x90")),
            at=minutes(13),
        ),
    ),
    # Two thresholds of one alert, so no setting can make them one.
    _near_quota(Severity.CRITICAL, when=above(_NEAR_QUOTA, "0.95"), lasting=minutes(5), fires=97, silent=94),
    _near_quota(Severity.WARNING, when=above(_NEAR_QUOTA, "0.8"), lasting=minutes(30), fires=85, silent=79),
)
