"""From settings and facts to what spans pass."""

from catalogue import flows
from catalogue.exporters import JAEGER_COLLECTOR, OTEL_COLLECTOR, SPAN_METRICS
from catalogue.services import NAMESPACE
from components.cluster import Cluster
from components.render.tracing import agent, gateway, jaeger
from components.render.tracing.collector import Login, scraped
from components.render.tracing.storage import Elasticsearch, Memory, Storage
from components.settings import Stack
from components.tracing import TracingArgs

# Services and Secrets of the stack's namespace, by the names that their components give them.
_PROMETHEUS = "http://prometheus:9090"
_LOGS = "https://openpolicy-logs-es-http:9200"
_AUTHORITY = "openpolicy-logs-es-http-certs-public"
_LOGIN = Login(credentials="logs-user-jaeger", authority=_AUTHORITY)
_READER = Login(credentials="logs-user-jaeger-query", authority=_AUTHORITY)


def tracing(stack: Stack, where: Cluster) -> TracingArgs:
    """The way of a span."""
    section, otel = stack.settings.tracing, OTEL_COLLECTOR.job
    agents, gateways, collector = flows.OTEL_AGENT.name, flows.OTEL_GATEWAY.name, flows.JAEGER_COLLECTOR.name
    shown = jaeger.Jaeger(
        storage=_storage(stack),
        collects=jaeger.Role(name=collector, labels=flows.JAEGER_COLLECTOR.pod_labels),
        answers=jaeger.Role(name=flows.JAEGER_QUERY.name, labels=flows.JAEGER_QUERY.pod_labels),
        collectors=section.collector_replicas,
        queries=section.query_replicas,
        prometheus=_PROMETHEUS,
        grafana=stack.settings.links.dashboards,
    )
    return TracingArgs(
        namespace=where.namespace,
        priority_class=where.priority_class,
        storage_class=stack.settings.cluster.storage_class,
        collectors=[
            agent.agent(name=agents, job=otel, gateway=gateways, namespace=NAMESPACE),
            gateway.gateway(
                name=gateways,
                job=otel,
                jaeger=collector,
                sampling=gateway.Sampling(slower_than=section.keep_slower_than, share=section.sampled_share),
                replicas=section.gateway_replicas,
                queue=section.gateway_volume,
            ),
            *jaeger.jaeger(shown, job=JAEGER_COLLECTOR.job),
        ],
        entries=[
            *agent.entries(name=agents, span_metrics=SPAN_METRICS.job),
            gateway.entry(name=gateways),
            *jaeger.entries(shown),
            scraped(otel),
            scraped(JAEGER_COLLECTOR.job),
        ],
    )


def _storage(stack: Stack) -> Storage:
    settings = stack.settings
    if settings.tracing.storage == "memory":
        return Memory()
    copies = 1 if settings.logs.hot.count > 1 else 0
    return Elasticsearch(url=_LOGS, login=_LOGIN, reader=_READER, retention=settings.tracing.retention, copies=copies)
