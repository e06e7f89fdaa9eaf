"""Does the platform answer at its public addresses, and fast enough?"""

from alerts.condition import above, equals
from alerts.model import Alert, Severity
from alerts.promql import select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import OVERVIEW
from catalogue.exported.probes import PROBE_DURATION, PROBE_SUCCESS
from catalogue.exporters import BLACKBOX
from catalogue.model.time import minutes
from catalogue.services import EDGE
from catalogue.teams import PLATFORM

_SITE = {"instance": "https://openpolicy.ca/", "service": EDGE.name, "namespace": "observability"}
_LABELS = {"job": BLACKBOX.job} | _SITE


def _probes(success: str, duration: str) -> tuple[Samples, ...]:
    return (
        samples(BLACKBOX, PROBE_SUCCESS, success, **_SITE),
        samples(BLACKBOX, PROBE_DURATION, duration, **_SITE),
    )


ALERTS = (
    Alert(
        name="EndpointDown",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=EDGE,
        symptom=Symptom.OUTAGE,
        watches="whether an address answers a probe as it should",
        when=equals(select(BLACKBOX, PROBE_SUCCESS).now, 0),
        # At least four probes in a row.
        lasting=minutes(2),
        keep_firing=minutes(2),
        summary="{instance} does not answer",
        description="Probes of {instance} from within the cluster fail: refused, timed out, or answered with an error.",
        board=OVERVIEW,
        fires=Firing(given=_probes("1x20 0x40", "0.2x20 5x40"), at=minutes(13), labels=_LABELS),
        # A minute's failure, and a success between two.
        silent=Scenario(given=_probes("1x20 0x2 1x0 0x3 1x60", "0.2x90"), at=minutes(14)),
    ),
    Alert(
        name="EndpointSlow",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=EDGE,
        symptom=Symptom.SLOW,
        watches="mean time that a probe of an address takes over 10 minutes",
        when=above(
            select(BLACKBOX, PROBE_DURATION).average_over(minutes(10)),
            2,
            because="A probe looks up a name, connects and fetches one small page: mostly under half a second.",
            # Where it fails it takes until its timeout, and EndpointDown fires.
            guard=select(BLACKBOX, PROBE_SUCCESS).average_over(minutes(10)).above(0.5),
        ),
        lasting=minutes(15),
        keep_firing=minutes(5),
        summary="{instance} answers slowly",
        description="A probe from within the cluster takes {value:duration} on average. People wait longer still.",
        board=OVERVIEW,
        fires=Firing(given=_probes("1x90", "3x90"), at=minutes(26), labels=_LABELS, value="3s"),
        silent=Scenario(given=_probes("0x90", "5x90"), at=minutes(40)),
    ),
)
