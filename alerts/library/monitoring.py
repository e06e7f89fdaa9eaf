"""Is everything watched, and does what watches work?"""

from alerts.condition import above, holds
from alerts.expression import Op
from alerts.model import NEVER, Alert, Severity
from alerts.promql import (
    alerts,
    average_by,
    constant,
    count_by,
    everywhere,
    like,
    missing,
    rest,
    select,
    unlike,
)
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import MONITORING
from catalogue.exporters import APPLICATION, GRAFANA_SERVER, POSTGRES_EXPORTER, UP
from catalogue.model.exporter import Exporter
from catalogue.model.time import minutes
from catalogue.services import ALERTING, GRAFANA
from catalogue.teams import PLATFORM

_HERE = {"namespace": "observability"}
_INFO, _WORSE = {"severity": "info"}, {"severity": like("warning|critical"), "alertstate": "firing"}


def _up(exporter: Exporter, *values: str) -> tuple[Samples, ...]:
    """`up` of each of its targets."""
    service = {"service": exporter.service.name} if exporter.service else {}
    return tuple(
        samples(exporter, UP, each, instance=f"10.0.0.{number}", **(_HERE | service))
        for number, each in enumerate(values)
    )


WATCHDOG = Alert(
    name="Watchdog",
    severity=Severity.NONE,
    team=PLATFORM,
    service=ALERTING,
    symptom=Symptom.NONE,
    watches="always",
    when=holds(constant(1)),
    lasting=NEVER,
    summary="Always firing: proves that alerting works from end to end",
    description="A dead man's switch outside the cluster raises the alarm when this stops arriving.",
    board=MONITORING,
    fires=Firing(given=(), at=minutes(5)),
    silent=None,
)

INFO_INHIBITOR = Alert(
    name="InfoInhibitor",
    severity=Severity.NONE,
    team=PLATFORM,
    service=ALERTING,
    symptom=Symptom.NONE,
    watches="an info alert fires in a namespace where nothing worse does",
    when=holds(
        count_by(alerts(**_INFO, alertstate="firing").now, "namespace").unless(
            count_by(alerts(**_WORSE).now, "namespace")
        )
    ),
    lasting=NEVER,
    summary="Hides the info alerts of {namespace}",
    description="Alone they say nothing that anybody has to know; beside something worse they may explain it.",
    board=MONITORING,
    fires=Firing(
        given=(Samples('ALERTS{alertname="A",alertstate="firing",severity="info",namespace="openpolicy"}', "1x20"),),
        at=minutes(5),
        labels={"namespace": "openpolicy"},
    ),
    silent=Scenario(
        given=(
            Samples('ALERTS{alertname="A",alertstate="firing",severity="info",namespace="openpolicy"}', "1x20"),
            Samples('ALERTS{alertname="B",alertstate="firing",severity="warning",namespace="openpolicy"}', "1x20"),
        ),
        at=minutes(5),
    ),
)

ALERTS = (
    WATCHDOG,
    INFO_INHIBITOR,
    Alert(
        name="TargetDown",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=None,
        symptom=Symptom.BLIND,
        watches="share of a job's targets that do not answer",
        when=above(
            rest(average_by(everywhere(UP, job=unlike(APPLICATION.job)).now, "job", "namespace", "service")),
            "0.1",
            because="One of many may be starting; more is no coincidence. Jobs with few targets tell of each.",
        ),
        lasting=minutes(15),
        summary="Targets of {job} do not answer",
        description="{value:percentage} of what {job} scrapes is down: alerts on {service} may be blind.",
        board=MONITORING,
        fires=Firing(
            given=_up(POSTGRES_EXPORTER, "1x5 0x90", "1x95"),
            at=minutes(25),
            labels=_HERE | {"job": POSTGRES_EXPORTER.job, "service": "postgresql"},
            value="50%",
        ),
        silent=Scenario(given=_up(POSTGRES_EXPORTER, "0x20 1x70", "1x95"), at=minutes(25)),
    ),
    Alert(
        name="GrafanaDown",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=GRAFANA,
        symptom=Symptom.BLIND,
        watches="no Grafana answers",
        when=holds(missing(select(GRAFANA_SERVER, UP).now.compare(Op.EQUALS, 1))),
        lasting=minutes(10),
        summary="Grafana is down",
        description="Nobody sees dashboards. Alerts are not affected.",
        board=MONITORING,
        fires=Firing(given=_up(GRAFANA_SERVER, "0x60", "0x60"), at=minutes(15)),
        silent=Scenario(given=_up(GRAFANA_SERVER, "0x60", "1x60"), at=minutes(25)),
    ),
)
