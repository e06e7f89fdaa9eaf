"""Does alerting itself work?"""

from alerts.condition import holds
from alerts.model import NEVER, Alert, Severity
from alerts.promql import constant
from alerts.scenario import Firing
from catalogue.boards import INFRASTRUCTURE
from catalogue.model.time import minutes
from catalogue.services import ALERTING
from catalogue.teams import PLATFORM

WATCHDOG = Alert(
    name="Watchdog",
    severity=Severity.NONE,
    team=PLATFORM,
    service=ALERTING,
    when=holds(constant(1)),
    lasting=NEVER,
    summary="Always firing: proves that alerting works from end to end",
    description="A dead man's switch outside the cluster raises the alarm when this stops arriving.",
    board=INFRASTRUCTURE,
    fires=Firing(given=(), at=minutes(5)),
    silent=None,
)

ALERTS = (WATCHDOG,)
