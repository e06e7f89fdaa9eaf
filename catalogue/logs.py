"""How long each kind of log is kept, and why."""

from decimal import Decimal

from catalogue.model.logs import Keep, LogClass
from catalogue.model.time import days

APP = LogClass(
    name="app",
    retention=days(30),
    meaning=Keep.AT_MOST,
    basis="Diagnosis needs a month; application lines can hold personal data.",
    gigabytes_a_day=Decimal(8),
)
ACCESS = LogClass(
    name="access",
    retention=days(90),
    meaning=Keep.AT_MOST,
    basis="Abuse is traced back over a quarter; addresses are personal data.",
    gigabytes_a_day=Decimal(6),
)
ERROR = LogClass(
    name="error",
    retention=days(180),
    meaning=Keep.AT_MOST,
    basis="Regressions are compared over two release cycles; traces can hold personal data.",
    gigabytes_a_day=Decimal("0.5"),
)
SECURITY = LogClass(
    name="security",
    retention=days(365),
    meaning=Keep.AT_LEAST,
    basis="Intrusions are found months later; an investigation needs the year before.",
    gigabytes_a_day=Decimal("0.5"),
)
# Seven years hold at most two leap days.
AUDIT = LogClass(
    name="audit",
    retention=days(2557),
    meaning=Keep.AT_LEAST,
    basis="Records of who changed what in public data are kept for seven years.",
    gigabytes_a_day=Decimal("0.3"),
)

LOG_CLASSES = (APP, ACCESS, ERROR, SECURITY, AUDIT)
