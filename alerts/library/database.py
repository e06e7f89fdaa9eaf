"""Does the application get database connections, and answers?"""

from alerts.condition import above, equals
from alerts.library.recordings import POOL_UTILISATION, QUERY_LATENCY_P95
from alerts.model import Alert, Severity
from alerts.promql import PER_SERVICE, like, observations, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import DATABASES, INFRASTRUCTURE
from catalogue.exporters import APPLICATION
from catalogue.metrics import DB_POOL_AVAILABLE, DB_POOL_SIZE, DB_QUERY_DURATION
from catalogue.model.time import minutes
from catalogue.services import API_GATEWAY
from catalogue.teams import DATABASE


def _pool(available: str) -> tuple[Samples, ...]:
    pod = {"service": API_GATEWAY.name, "pod": "api-gateway-1", "instance": "10.0.0.1:8000"}
    return (
        samples(APPLICATION, DB_POOL_AVAILABLE, available, **pod),
        samples(APPLICATION, DB_POOL_SIZE, "20x80", **pod),
    )


def _queries(within_half: int, later: int, **labels: str) -> tuple[Samples, ...]:
    """Forty minutes of queries per step of 30 s, by whether they took half a second, or up to a whole one."""
    query = {"service": API_GATEWAY.name, "pod": "api-gateway-1", "table": "bills"} | labels
    total = within_half + later

    def bucket(bound: str, count: int) -> Samples:
        return samples(APPLICATION, DB_QUERY_DURATION, f"0+{count}x80", suffix="_bucket", le=bound, **query)

    return (
        bucket("0.5", within_half),
        bucket("1.0", total),
        bucket("+Inf", total),
        samples(APPLICATION, DB_QUERY_DURATION, f"0+{total}x80", suffix="_count", **query),
    )


# Of the service that people wait for; a scraper may write for minutes, and a migration for longer.
_QUERIES = {"service": API_GATEWAY.name, "query_type": like("select|insert|update|delete")}

ALERTS = (
    Alert(
        name="DatabasePoolExhausted",
        severity=Severity.CRITICAL,
        team=DATABASE,
        service=None,
        symptom=Symptom.ERRORS,
        watches="free connections of a pod, at best within a minute",
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
        symptom=Symptom.FULL,
        watches="share of the connections in use",
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
    Alert(
        name="DatabaseQueriesSlow",
        severity=Severity.WARNING,
        team=DATABASE,
        service=None,
        symptom=Symptom.SLOW,
        watches="95th percentile of the time of a query",
        when=above(
            QUERY_LATENCY_P95.where(**_QUERIES).now,
            "0.5",
            because="Half of the second in which the API has to answer, for one query in twenty.",
            guard=sum_by(
                observations(APPLICATION, DB_QUERY_DURATION, **_QUERIES).rate(minutes(5)), *PER_SERVICE, "query_type"
            ).above(1),
        ),
        lasting=minutes(10),
        summary="Database queries of {service} are slow: {query_type}",
        description=(
            "The slowest twentieth of the {query_type} queries of {service} take {value:duration} or longer. People "
            "wait for them, and each holds a connection for as long."
        ),
        board=DATABASES,
        # Half of them lie between 0.5 and 1 s, so the 95th percentile is 0.95 s.
        fires=Firing(
            given=_queries(300, 300, query_type="select"),
            at=minutes(20),
            labels={"namespace": "openpolicy", "service": API_GATEWAY.name, "query_type": "select"},
            value="950ms",
        ),
        silent=Scenario(
            given=(
                *_queries(970, 30, query_type="select"),
                *_queries(0, 600, query_type="ddl"),
                *_queries(0, 600, query_type="insert", service="scraper"),
            ),
            at=minutes(30),
        ),
    ),
)
