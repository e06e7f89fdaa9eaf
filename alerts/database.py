"""Does the application get database connections?"""

from alerts.condition import above, equals
from alerts.model import Alert, Severity
from alerts.promql import select
from alerts.recordings import POOL_UTILISATION
from alerts.scenario import Firing, Samples, Scenario, samples
from catalogue.boards import INFRASTRUCTURE
from catalogue.exporters import APPLICATION
from catalogue.metrics import DB_POOL_AVAILABLE, DB_POOL_SIZE
from catalogue.model.time import minutes
from catalogue.services import API_GATEWAY
from catalogue.teams import DATABASE


def _pool(available: str) -> tuple[Samples, ...]:
    pod = {"service": API_GATEWAY.name, "pod": "api-gateway-1", "instance": "10.0.0.1:8000"}
    return (
        samples(APPLICATION, DB_POOL_AVAILABLE, available, **pod),
        samples(APPLICATION, DB_POOL_SIZE, "20x80", **pod),
    )


ALERTS = (
    Alert(
        name="DatabasePoolExhausted",
        severity=Severity.CRITICAL,
        team=DATABASE,
        service=None,
        # One sample of zero is normal; a minute without a free connection is not.
        when=equals(select(APPLICATION, DB_POOL_AVAILABLE).max_over(minutes(1)), 0),
        lasting=minutes(1),
        summary="Database connection pool exhausted",
        description="{pod} of {service} has had no free database connection for a minute: its requests wait and fail.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_pool("5x10 0x20"),
            at=minutes(9),
            labels={
                "job": APPLICATION.job,
                "namespace": "openpolicy",
                "service": API_GATEWAY.name,
                "pod": "api-gateway-1",
                "instance": "10.0.0.1:8000",
            },
        ),
        # Every third sample finds a free one.
        silent=Scenario(given=_pool("0 0 1 0 0 1 0 0 1 0 0 1 0 0 1 0 0 1 0 0 1"), at=minutes(10)),
    ),
    Alert(
        name="DatabasePoolNearlyExhausted",
        severity=Severity.WARNING,
        team=DATABASE,
        service=None,
        when=above(
            POOL_UTILISATION.now,
            "0.85",
            because="The last seventh absorbs a short peak; beyond it requests begin to wait.",
        ),
        lasting=minutes(10),
        summary="Connection pools of {service} are nearly empty",
        description="{value:percentage} of the connections that {service} may hold are in use.",
        board=INFRASTRUCTURE,
        fires=Firing(
            given=_pool("2x80"),
            at=minutes(20),
            labels={"namespace": "openpolicy", "service": API_GATEWAY.name},
            value="90%",
        ),
        silent=Scenario(given=_pool("4x80"), at=minutes(30)),
    ),
)
