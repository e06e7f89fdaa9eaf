"""Do log lines arrive, from end to end?"""

from alerts.condition import equals
from alerts.library.recordings import REQUESTS
from alerts.model import Alert, Severity
from alerts.promql import like, max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import LOGS
from catalogue.exported.elasticsearch import INDEXED, NODES
from catalogue.exporters import APPLICATION, ELASTICSEARCH_EXPORTER
from catalogue.metrics import HTTP_REQUESTS
from catalogue.model.retention import OUR_INDICES
from catalogue.model.time import minutes
from catalogue.services import API_GATEWAY, LOGGING
from catalogue.teams import PLATFORM

_STEP = minutes(1)
_OURS = ".ds-logs-openpolicy.access-prod-2026.11.20-000042"
_KIBANAS = ".kibana_task_manager_9.4.3_001"


def _indexed(values: str, index: str) -> Samples:
    return samples(ELASTICSEARCH_EXPORTER, INDEXED, values, namespace="observability", index=index)


def _world(indexed: str, requests: str) -> tuple[Samples, ...]:
    """What Elasticsearch indexes of ours, beside what never stops, and the requests that each write a line."""
    return (
        samples(ELASTICSEARCH_EXPORTER, NODES, "3x60", namespace="observability"),
        _indexed(indexed, _OURS),
        _indexed("0+60x60", _KIBANAS),
        samples(
            APPLICATION,
            HTTP_REQUESTS,
            requests,
            service=API_GATEWAY.name,
            method="GET",
            endpoint="/api/v1/bills",
            status="200",
            pod="a",
        ),
    )


ALERTS = (
    Alert(
        name="LogsNotIngested",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=LOGGING,
        symptom=Symptom.BLIND,
        watches="log lines of ours that Elasticsearch takes a second, while requests are answered",
        when=equals(
            # Of our own streams: Kibana's housekeeping and spans never stop. No index at all is none, too.
            sum_by(select(ELASTICSEARCH_EXPORTER, INDEXED, index=like(OUR_INDICES)).rate(minutes(10))).or_zero_like(
                max_by(select(ELASTICSEARCH_EXPORTER, NODES).now)
            ),
            0,
            # Each request writes a line.
            guard=sum_by(REQUESTS.now).above(0.1),
        ),
        lasting=minutes(15),
        summary="No log line arrives in Elasticsearch",
        description="Requests are answered and write lines, and for a quarter of an hour none has been stored. Nobody"
        " can look into an incident, and audit lines wait in buffers that hold for hours.",
        board=LOGS,
        fires=Firing(given=_world("0+600x10 6000x50", "0+120x60"), at=minutes(50), step=_STEP),
        # Nobody asks, so nobody writes.
        silent=Scenario(given=_world("6000x60", "7000x60"), at=minutes(50), step=_STEP),
    ),
)
