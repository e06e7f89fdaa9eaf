"""What is about to run out between a request and its answer? A row for the boards that ask."""

from decimal import Decimal

from alerts.library.recordings import POOL_UTILISATION
from alerts.promql import buckets, quantile, select, sum_by, unlike
from catalogue.exported import kubernetes, probes, redis
from catalogue.exporters import APPLICATION, BLACKBOX, KUBE_STATE_METRICS, REDIS_EXPORTER, UP
from catalogue.metrics import DB_QUERY_DURATION, HTTP_REQUESTS, PROBE_PATHS
from catalogue.services import API_GATEWAY
from dashboards.library.variables import NAMESPACE, PER_SERVICE
from dashboards.library.watched import alert
from dashboards.limits import sinking
from dashboards.model import Row, Shown
from dashboards.panels import line, states, timeseries
from dashboards.promql import RATE_INTERVAL

_API = {"deployment": API_GATEWAY.name}
_REQUESTS = select(APPLICATION, HTTP_REQUESTS, endpoint=unlike(PROBE_PATHS))
_HITS = sum_by(select(REDIS_EXPORTER, redis.HITS).rate(RATE_INTERVAL))
_MISSES = sum_by(select(REDIS_EXPORTER, redis.MISSES).rate(RATE_INTERVAL))

SATURATION = Row(
    title="Saturation",
    panels=(
        timeseries(
            "Instances up",
            "Instances of each service that answer Prometheus.",
            line(sum_by(select(APPLICATION, UP).now, "namespace", "service"), "{service}"),
            by=PER_SERVICE,
            alerts=alert("ServiceDown"),
        ),
        timeseries(
            "Replicas",
            "Replicas of the API: there, wanted, and the most that its autoscaler may start.",
            line(
                select(KUBE_STATE_METRICS, kubernetes.DEPLOYMENT_REPLICAS_AVAILABLE, **_API).now,
                "available {namespace}",
            ),
            line(select(KUBE_STATE_METRICS, kubernetes.DEPLOYMENT_REPLICAS, **_API).now, "wanted {namespace}"),
            line(
                select(KUBE_STATE_METRICS, kubernetes.HPA_MAX_REPLICAS, horizontalpodautoscaler="openpolicy-api").now,
                "most {namespace}",
            ),
            by=(NAMESPACE,),
            alerts=alert("ApiGatewayNoReplicas"),
        ),
        timeseries(
            "Requests per pod",
            "Requests a second that each pod answers: what the autoscaler looks at.",
            line(sum_by(_REQUESTS.rate(RATE_INTERVAL), "pod"), "{pod}"),
            by=PER_SERVICE,
            unit=Shown.REQUESTS_PER_SECOND,
        ),
        timeseries(
            "Database pool in use",
            "Share of the connections that a service may hold. At 100% requests wait for one.",
            line(POOL_UTILISATION.now, "{service}"),
            by=PER_SERVICE,
            alerts=alert("DatabasePoolNearlyExhausted"),
        ),
        timeseries(
            "Query time (P95)",
            "95th percentile of the time of database queries, by their type.",
            line(
                quantile(
                    Decimal("0.95"),
                    sum_by(buckets(APPLICATION, DB_QUERY_DURATION).rate(RATE_INTERVAL), "service", "query_type", "le"),
                ),
                "{query_type} of {service}",
            ),
            by=PER_SERVICE,
        ),
        timeseries(
            "Redis hit ratio",
            "Share of look-ups that Redis answers from memory.",
            line(_HITS.of(_HITS + _MISSES), "hits"),
            limits=sinking(warn="0.9", bad="0.8", because="Below it the database carries what Redis should."),
        ),
        states(
            "Endpoints probed",
            "Whether each public address answers a probe from inside the cluster.",
            line(select(BLACKBOX, probes.PROBE_SUCCESS).now, "{instance}"),
            alerts=alert("EndpointDown"),
            width=24,
        ),
    ),
)
