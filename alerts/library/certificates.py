"""Will browsers trust the platform tomorrow?"""

from alerts.condition import above, below, equals
from alerts.expression import Expr
from alerts.model import Alert, Severity
from alerts.promql import age, like, max_by, select, unlike, until
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import OVERVIEW
from catalogue.exported.probes import CERTIFICATE_READY, CERTIFICATE_RENEWAL, PROBE_CERTIFICATE_EXPIRY
from catalogue.exporters import BLACKBOX, PODS
from catalogue.model.time import Duration, days, hours, minutes
from catalogue.services import CERTIFICATES, EDGE, WATCHED_NAMESPACES
from catalogue.teams import PLATFORM

_OURS = like(WATCHED_NAMESPACES)
_SITE = {"instance": "https://openpolicy.ca/", "service": EDGE.name, "namespace": "observability"}
_NAMED = {"exported_namespace": "openpolicy", "name": "openpolicy-ca"}
_STEP = minutes(10)


def _expiry(at: int) -> tuple[Samples, ...]:
    return (samples(BLACKBOX, PROBE_CERTIFICATE_EXPIRY, f"{at}x90", **_SITE),)


def _expiring(severity: Severity, *, within: Duration, lasting: Duration, fires: Firing, silent: Scenario) -> Alert:
    return Alert(
        name="TLSCertificateExpiring",
        severity=severity,
        team=PLATFORM,
        service=CERTIFICATES,
        symptom=Symptom.OUTAGE,
        watches="time until the first certificate expires that an address shows",
        # Two thresholds of one alert, so no setting can make them one.
        when=below(until(select(BLACKBOX, PROBE_CERTIFICATE_EXPIRY).now), within.seconds),
        lasting=lasting,
        keep_firing=minutes(5),
        summary="The certificate of {instance} expires in {value:duration}",
        description="It is renewed a month before, so renewal fails. Once expired, browsers refuse {instance}.",
        board=OVERVIEW,
        fires=fires,
        silent=silent,
    )


def _by_name(series: Expr) -> Expr:
    return max_by(series, "exported_namespace", "name")


def _ready(true: str, false: str) -> tuple[Samples, ...]:
    pod = {"namespace": "cert-manager", "issuer_name": "letsencrypt"} | _NAMED
    return (
        samples(PODS, CERTIFICATE_READY, true, condition="True", **pod),
        samples(PODS, CERTIFICATE_READY, false, condition="False", **pod),
        samples(PODS, CERTIFICATE_READY, "0x300", condition="Unknown", **pod),
    )


def _renewal(at: str, namespace: str = "openpolicy") -> tuple[Samples, ...]:
    pod = {"namespace": "cert-manager", "issuer_name": "letsencrypt"} | _NAMED | {"exported_namespace": namespace}
    return (samples(PODS, CERTIFICATE_RENEWAL, at, **pod),)


_RENEWAL = _by_name(select(PODS, CERTIFICATE_RENEWAL, exported_namespace=_OURS).now)

ALERTS = (
    _expiring(
        Severity.CRITICAL,
        # Time to have it issued by hand, with a weekend in between.
        within=days(7),
        lasting=minutes(10),
        fires=Firing(
            given=_expiry(days(6).seconds),
            at=hours(1),
            step=_STEP,
            labels={"job": BLACKBOX.job} | _SITE,
            value="5d 23h 0m 0s",
        ),
        silent=Scenario(given=_expiry(days(8).seconds), at=hours(2), step=_STEP),
    ),
    _expiring(
        Severity.WARNING,
        within=days(21),
        lasting=hours(1),
        fires=Firing(
            given=_expiry(days(10).seconds),
            at=hours(2),
            step=_STEP,
            labels={"job": BLACKBOX.job} | _SITE,
            value="9d 22h 0m 0s",
        ),
        silent=Scenario(given=_expiry(days(22).seconds), at=hours(12), step=_STEP),
    ),
    Alert(
        name="CertManagerCertificateNotReady",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=CERTIFICATES,
        symptom=Symptom.DEGRADED,
        watches="whether cert-manager says of a certificate that it is not ready",
        when=equals(
            _by_name(select(PODS, CERTIFICATE_READY, exported_namespace=_OURS, condition=unlike("True")).now), 1
        ),
        lasting=minutes(30),
        keep_firing=minutes(5),
        summary="Certificate {exported_namespace}/{name} is not ready",
        description="It cannot be issued, or is expired or wrong. What serves it has an old certificate, or none.",
        board=OVERVIEW,
        fires=Firing(given=_ready("1x10 0x290", "0x10 1x290"), at=minutes(40), labels=_NAMED),
        # Issued anew within ten minutes.
        silent=Scenario(given=_ready("1x10 0x20 1x270", "0x10 1x20 0x270"), at=minutes(15)),
    ),
    Alert(
        name="CertManagerRenewalOverdue",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=CERTIFICATES,
        symptom=Symptom.DEGRADED,
        watches="time since cert-manager should have renewed a certificate",
        when=above(
            age(_RENEWAL),
            days(3).seconds,
            because="It tries again every hour, later every day; three days are no passing failure of the issuer.",
            # Before the first one is issued it is zero.
            guard=_RENEWAL.above(0),
        ),
        lasting=hours(1),
        keep_firing=minutes(5),
        summary="Certificate {exported_namespace}/{name} has not been renewed",
        description="Its renewal is overdue by {value:duration}. It is valid for some weeks, then browsers refuse it.",
        board=OVERVIEW,
        fires=Firing(given=_renewal("3600x600"), at=hours(75), step=_STEP, labels=_NAMED, value="3d 2h 0m 0s"),
        # Not issued yet, and somebody else's.
        silent=Scenario(
            given=(*_renewal("0x600"), *_renewal("3600x600", namespace="another")), at=hours(90), step=_STEP
        ),
    ),
)
