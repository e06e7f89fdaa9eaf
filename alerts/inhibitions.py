"""What is not sent while something worse explains it."""

from alerts.model import Inhibition

# `cluster` is in every `equal`: one Alertmanager may serve several clusters.
INHIBITIONS = (
    Inhibition(
        because="A page says all that the ticket for the same thing would.",
        source='severity="critical"',
        target='severity=~"warning|info"',
        equal=("cluster", "alertname", "namespace", "service", "instance"),
    ),
    Inhibition(
        because="The whole service is down: that it errs, is slow or has no connections adds nothing.",
        source='alertname=~"ServiceDown|ServiceAbsent|ApiGatewayNoReplicas"',
        target=(
            'alertname=~"ServiceInstanceDown|HighErrorRate|SlowAPIResponse|DatabasePoolExhausted'
            '|DatabasePoolNearlyExhausted|AvailabilitySLOBreach|LatencySLOBreach|SLODataMissing"'
        ),
        equal=("cluster", "service"),
    ),
    Inhibition(
        because="The budget burns fast, so it burns slowly too.",
        source='slo!="",severity="critical"',
        target='slo!="",severity="warning"',
        equal=("cluster", "slo", "service", "namespace"),
    ),
    Inhibition(
        because="An empty pool is nearly empty.",
        source='alertname="DatabasePoolExhausted"',
        target='alertname="DatabasePoolNearlyExhausted"',
        equal=("cluster", "namespace", "service"),
    ),
)
