"""Where everything of the data-flow graph is in one stack, and which exporters that stack has.

What a stack runs follows from its settings. A workload that is missing here is cut off by the default deny, and one
that is here without being run has a policy for nothing: tests hold both against the plan.
"""

from collections.abc import Iterator
from functools import partial

from catalogue import CATALOGUE, flows
from catalogue.exporters import ELASTICSEARCH_EXPORTER, KUBE_STATE_METRICS, NODE_EXPORTER, POSTGRES_EXPORTER
from catalogue.model.flow import End, Home
from catalogue.services import NAMESPACE
from components.cluster import Cluster, agents_of
from components.exporters import ExportersArgs
from components.network import NetworkArgs
from components.render import cluster_exporters
from components.render import exporters as programs
from components.render.containers import Container, Watched
from components.render.network import INTERNET, Location
from components.settings import Stack
from components.settings.readers import service_namespace
from components.settings.systems import Database, Store
from components.settings.systems import Watched as Setting
from components.wiring.doors import doors, replicas


def exporters(stack: Stack, where: Cluster) -> ExportersArgs:
    """What shows as metrics what cannot show itself."""
    return ExportersArgs(
        namespace=where.namespace,
        agents=where.agents,
        priority_class=where.priority_class,
        containers=[each for _, each in _exporters(stack)],
    )


def network(stack: Stack, where: Cluster) -> NetworkArgs:
    """Who may talk to whom."""
    namespace = stack.settings.cluster.namespace
    return NetworkArgs(
        namespaces={namespace: where.namespace, agents_of(namespace): where.agents},
        flows=CATALOGUE.flows,
        locations=dict(_locations(stack)),
    )


def _exporters(stack: Stack) -> Iterator[tuple[End | None, Container]]:
    """Each with its end. That on the nodes has none: no policy reaches the node's own network."""
    section, state = stack.settings.exporters, cluster_exporters.state_kinds(KUBE_STATE_METRICS)
    yield None, cluster_exporters.node(NODE_EXPORTER.flags)
    yield (
        flows.KUBE_STATE_METRICS,
        cluster_exporters.kube_state_metrics(state),
    )
    yield flows.BLACKBOX, cluster_exporters.blackbox(replicas(stack))
    for setting, end, program in (
        (section.postgresql, flows.POSTGRES_EXPORTER, partial(programs.postgres, flags=POSTGRES_EXPORTER.flags)),
        (section.redis, flows.REDIS_EXPORTER, programs.redis),
        (
            section.elasticsearch,
            flows.ELASTICSEARCH_EXPORTER,
            partial(programs.elasticsearch, flags=ELASTICSEARCH_EXPORTER.flags),
        ),
        (section.logstash, flows.LOGSTASH_EXPORTER, programs.logstash),
    ):
        if setting.host:
            yield end, program(_watched(setting, setting.host))


def _watched(setting: Setting, host: str) -> Watched:
    return Watched(
        host=host,
        port=setting.port,
        credentials=setting.credentials,
        authority=setting.authority,
        database=setting.database if isinstance(setting, Database) else "",
    )


def _locations(stack: Stack) -> Iterator[tuple[End, Location]]:
    settings = stack.settings
    for end in _ours(stack):
        home = settings.cluster.namespace
        home = agents_of(home) if end.home is Home.AGENTS else home
        yield end, Location(namespaces=(home,), labels=end.pod_labels)
    yield flows.APPLICATION, Location(namespaces=(NAMESPACE,), labels=flows.APPLICATION.pod_labels)
    known = settings.network
    yield (
        flows.DNS,
        Location(namespaces=("kube-system",), labels=flows.DNS.pod_labels, networks=tuple(known.local_dns)),
    )
    yield flows.API_SERVERS, Location(networks=tuple(known.api_servers))
    yield flows.NODES, Location(networks=tuple(known.nodes))
    yield flows.INGRESS, Location(namespaces=(known.ingress_namespace,))
    yield flows.ANNOTATED, Location(namespaces=tuple(known.annotated_namespaces))
    if settings.autoscaling.engine == "keda":
        yield flows.KEDA, Location(namespaces=(settings.autoscaling.keda_namespace,), labels=flows.KEDA.pod_labels)
    for store, end in ((settings.exporters.postgresql, flows.POSTGRESQL), (settings.exporters.redis, flows.REDIS)):
        if store.host:
            yield end, _store(store, store.host)
    if settings.access.issuer:
        yield flows.SIGN_ON, Location(networks=tuple(settings.access.networks) or (INTERNET,))
    for end in _vendors(stack):
        yield end, Location(networks=(INTERNET,))


def _store(store: Store, host: str) -> Location:
    inside = service_namespace(host)
    return Location(namespaces=(inside,) if inside else (), networks=tuple(store.networks), ports=(store.port,))


def _ours(stack: Stack) -> Iterator[End]:
    yield from (flows.PROMETHEUS, flows.ALERTMANAGER, flows.GRAFANA)
    if stack.settings.metrics.long_term:
        yield from (flows.THANOS_SIDECAR, flows.THANOS_STORE, flows.THANOS_COMPACTOR, flows.THANOS_QUERY)
    if stack.settings.autoscaling.engine == "hpa" and stack.settings.autoscaling.requests_per_second:
        yield flows.PROMETHEUS_ADAPTER
    yield from (flows.ELASTICSEARCH, flows.KIBANA, flows.LOGSTASH, flows.FILEBEAT, flows.NODE_TUNING)
    if not stack.settings.logs.url:
        yield flows.LOG_CONTENT
    if stack.settings.logs.archive_bucket:
        yield flows.AUDIT_ARCHIVER
    if stack.settings.operators.install:
        yield from (flows.PROMETHEUS_OPERATOR, flows.ELASTIC_OPERATOR)
    yield from (flows.OTEL_AGENT, flows.OTEL_GATEWAY, flows.JAEGER_COLLECTOR, flows.JAEGER_QUERY)
    yield from (end for end, _ in _exporters(stack) if end)
    yield from (door.end for door, _ in doors(stack))


def _vendors(stack: Stack) -> Iterator[End]:
    yield flows.SITE
    settings = stack.settings
    if settings.logs.snapshot_bucket or settings.logs.archive_bucket or settings.metrics.long_term:
        yield flows.OBJECT_STORE
    if stack.settings.on_call.enabled:
        yield flows.PAGERDUTY
    if stack.settings.alerting.dead_mans_switch:
        yield flows.DEAD_MANS_SWITCH
