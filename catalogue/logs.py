"""How long each kind of log is kept, and why."""

from decimal import Decimal

from catalogue.model.logs import Floor, Keep, LogClass, Sample, Sign
from catalogue.model.time import days
from catalogue.services import API_GATEWAY, SCRAPER, WEB

# The platform's own rules. Counsel has not named a statute yet; one that demands more goes here.
SEVEN_YEARS = Floor(
    # They hold at most two leap days.
    at_least=days(2557),
    basis="Retention policy of OpenPolicy V2, audit logs: seven years, so that each change can be examined.",
)
ONE_YEAR = Floor(
    at_least=days(365),
    basis="Retention policy of OpenPolicy V2, security logs: 365 days, to trace an intrusion to its start.",
)

APP = LogClass(
    name="app",
    retention=days(30),
    meaning=Keep.AT_MOST,
    basis="Diagnosis needs a month; application lines can hold personal data.",
    gigabytes_a_day=Decimal(8),
    sign=Sign.REST,
    rollover=days(2),
    warm_at=days(3),
    samples=(
        Sample(
            field="log.level",
            values=("debug", "trace"),
            kept=Decimal("0.1"),
            reason="A tenth shows what happens; all of it is most of the volume.",
        ),
    ),
)
ACCESS = LogClass(
    name="access",
    retention=days(90),
    meaning=Keep.AT_MOST,
    basis="Abuse is traced back over a quarter; addresses are personal data.",
    gigabytes_a_day=Decimal(6),
    sign=Sign.REQUEST,
    rollover=days(7),
    warm_at=days(7),
    cold_at=days(30),
    samples=(
        Sample(
            field="url.path",
            values=("/health", "/healthz", "/livez", "/metrics", "/readyz"),
            kept=Decimal(0),
            reason="Probes ask every few seconds, and metrics say the same.",
        ),
    ),
)
ERROR = LogClass(
    name="error",
    retention=days(180),
    meaning=Keep.AT_MOST,
    basis="Regressions are compared over two release cycles; traces can hold personal data.",
    gigabytes_a_day=Decimal("0.5"),
    sign=Sign.FAILURE,
    rollover=days(14),
    warm_at=days(14),
    cold_at=days(45),
)
SECURITY = LogClass(
    name="security",
    retention=days(365),
    meaning=Keep.AT_LEAST,
    basis="Intrusions are found months later; an investigation needs the year before.",
    floor=ONE_YEAR,
    gigabytes_a_day=Decimal("0.5"),
    sign=Sign.WORD,
    senders=(API_GATEWAY, SCRAPER, WEB),
    rollover=days(30),
    warm_at=days(30),
    cold_at=days(90),
    evidence=True,
)
AUDIT = LogClass(
    name="audit",
    retention=days(2557),
    meaning=Keep.AT_LEAST,
    basis="Records of who changed what in public data are kept for seven years.",
    floor=SEVEN_YEARS,
    gigabytes_a_day=Decimal("0.3"),
    sign=Sign.WORD,
    senders=(API_GATEWAY, SCRAPER, WEB),
    rollover=days(30),
    warm_at=days(30),
    cold_at=days(90),
    searchable=days(365),
    evidence=True,
)

# A line is held against them in this order.
LOG_CLASSES = (AUDIT, SECURITY, ACCESS, ERROR, APP)
