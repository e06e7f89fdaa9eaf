"""One valid value of everything that tests deploy or break."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from alerts.library import LIBRARY
from alerts.library.inhibitions import INHIBITIONS
from alerts.library.monitoring import WATCHDOG
from alerts.render.routes import Config, alertmanager_config
from catalogue import CATALOGUE, flows
from catalogue.access import TO_ALERTMANAGER, TO_PROMETHEUS
from catalogue.exporters import ELASTICSEARCH_EXPORTER, NODE_EXPORTER, POSTGRES_EXPORTER
from catalogue.model.access import Role
from catalogue.model.quantity import Bytes
from catalogue.model.scaling import Targets
from catalogue.model.time import days, seconds
from components.access import Access, AccessArgs, Entrance
from components.alerting import Alerting, AlertingArgs, delivery
from components.archive import Archive, ArchiveArgs
from components.autoscaling import Autoscaling, AutoscalingArgs
from components.boards import Boards, BoardsArgs
from components.cluster import Cluster, ClusterArgs
from components.exporters import Exporters, ExportersArgs
from components.grafana import Grafana, GrafanaArgs
from components.logs import Logs, LogsArgs
from components.long_term import LongTerm, LongTermArgs
from components.metrics import Metrics, MetricsArgs
from components.network import Network, NetworkArgs
from components.oncall import OnCall, OnCallArgs
from components.operators import Operators, OperatorsArgs
from components.parts.grafana_pod import Login
from components.parts.rotas import TeamRota
from components.render import cluster_exporters, thanos
from components.render import exporters as programs
from components.render.alertmanager import AlertmanagerSize
from components.render.containers import Watched
from components.render.data_sources import Sources
from components.render.doors import SignOn, proxy
from components.render.elastic.size import LogsSize, Nodes, ObjectStore
from components.render.grafana import GrafanaSize
from components.render.logs.keeping import Keeping
from components.render.network import Location
from components.render.prometheus import PrometheusSize
from components.render.tracing import agent, gateway, jaeger
from components.render.tracing.collector import Login as StoreLogin
from components.render.tracing.collector import scraped
from components.render.tracing.storage import Elasticsearch
from components.retention import Retention, RetentionArgs
from components.shipping import Shipping, ShippingArgs
from components.synthetics import Synthetics, SyntheticsArgs
from components.tracing import Tracing, TracingArgs
from components.wiring.elastic import program
from dashboards.library import dashboards
from dashboards.links import panel_links
from dashboards.render.board import board_json

CLUSTER = ClusterArgs(
    kubeconfig=None,
    context="test",
    identifier="test",
    namespace="observability",
    quota={"pods": "10"},
    protect=True,
)
OPERATORS = OperatorsArgs(
    priority_class="critical",
    namespace="observability",
    watched="observability",
    agents="agents",
    agents_watched="agents",
)
METRICS = MetricsArgs(
    namespace="observability",
    priority_class="critical",
    alertmanager="alertmanager",
    cluster="test",
    environment="test",
    external_url="https://prometheus.example.org",
    exporters=CATALOGUE.exporters,
    urls=["https://example.org"],
    application_namespace="openpolicy",
    application="openpolicy",
    agents="observability-agents",
    size=PrometheusSize(
        replicas=2,
        retention=days(45),
        retention_size=Bytes.parse("110GB", ("KB", "MB", "GB", "TB")),
        volume=Bytes.parse("140Gi"),
        storage_class=None,
        cpu="2",
        memory=Bytes.parse("6Gi"),
    ),
    scrape_interval=seconds(15),
    evaluation_interval=seconds(15),
)
LONG_TERM_SIZE = thanos.LongTermSize(
    raw=days(90),
    five_minutes=days(365),
    one_hour=days(1095),
    query_replicas=2,
    query_memory=Bytes.parse("1Gi"),
    store_replicas=2,
    store_memory=Bytes.parse("2Gi"),
    store_volume=Bytes.parse("20Gi"),
    compactor_memory=Bytes.parse("4Gi"),
    compactor_volume=Bytes.parse("100Gi"),
    storage_class="ssd",
)
BUCKET = thanos.Bucket(name="samples", region="ca-central-1", endpoint=None, prefix="test")
LONG_TERM = LongTermArgs(
    namespace="observability",
    priority_class="critical",
    bucket=BUCKET,
    keys={"access_key": "metrics-1d", "secret_key": "metrics-k3y"},
    parts=[
        thanos.store(LONG_TERM_SIZE, BUCKET, thanos.BUCKET),
        thanos.compactor(LONG_TERM_SIZE, BUCKET, thanos.BUCKET),
        thanos.query(LONG_TERM_SIZE, "observability.svc"),
    ],
)
ROTAS = [
    TeamRota(
        team=team,
        time_zone="America/Toronto",
        members=[f"{team.name}-1@example.org", f"{team.name}-2@example.org"],
        manager=f"{team.name}-lead@example.org",
    )
    for team in CATALOGUE.teams
]
ONCALL = OnCallArgs(token="t0ken", rotas=ROTAS, environment="test", schedule_api="v2")
SYNTHETICS = SyntheticsArgs(
    site="datadoghq.eu",
    api_key="api-k3y",
    app_key="app-k3y",
    journeys=CATALOGUE.journeys,
    domain="example.org",
    runbook="https://runbooks.example.org/outside",
    environment="test",
    access={"editor": ["role:of-editors"], "viewer": ["org:of-all"]},
    pass_header=None,
    pass_value=None,
    pagerduty_keys={"platform": "pagerduty-k3y"},
)
TARGETS = Targets(least=3, most=50, cpu_percent=70, memory_percent=80, load=1000)
AUTOSCALING = AutoscalingArgs(
    engine="hpa",
    autoscalers=CATALOGUE.autoscalers,
    targets=TARGETS,
    application_namespace="openpolicy",
    job="openpolicy",
    queries={each.name: "sum(rate(http_requests_total[2m]))" for each in CATALOGUE.autoscalers},
    namespace="observability",
    priority_class="critical",
    prometheus="prometheus",
)


SIGN_ON = SignOn(
    issuer="https://sign-on.example.org",
    keys="https://sign-on.example.org/keys",
    client="test",
    credentials="sign-on",
    groups={role: f"group-of-{role}" for role in Role},
)
BOARDS = dashboards(LIBRARY)
GRAFANA = GrafanaArgs(
    namespace="observability",
    priority_class="critical",
    external_url="https://grafana.example.org",
    size=GrafanaSize(
        replicas=1, memory=Bytes.parse("512Mi"), volume=Bytes.parse("1Gi"), storage_class="ssd", database=None
    ),
    sources=Sources(
        prometheus="http://prometheus:9090",
        history=None,
        alertmanager="http://alertmanager:9093",
        logs="https://logs:9200",
        traces="http://traces:16686",
        scrape_interval=seconds(15),
        per_service={"Requests": "service:http_requests:rate5m"},
    ),
    logs=Login(user="grafana", secret="login", password_key="password", authority="ca", authority_key="ca.crt"),
    database_password=None,
    sign_on=SIGN_ON,
    boards={page.board.uid: board_json(page, "https://runbooks.example.org") for page in BOARDS},
)
THROUGH_API = BoardsArgs(
    url="https://grafana.example.org", token="t0ken", boards=GRAFANA.boards or {}, teams=CATALOGUE.teams
)


def config(*, pages: bool = True, dead_mans_switch: bool = True) -> Config:
    """Alertmanager's configuration of all teams."""
    return alertmanager_config(
        CATALOGUE.teams,
        CATALOGUE.last_resort,
        WATCHDOG,
        INHIBITIONS,
        delivery(pages=pages, dead_mans_switch=dead_mans_switch, office_time_zone="America/Toronto"),
    )


ALERTING = AlertingArgs(
    namespace="observability",
    priority_class="critical",
    groups=LIBRARY,
    links={
        "runbooks": "https://runbooks.example.org",
        "dashboards": "https://grafana.example.org",
        "panels": panel_links(BOARDS),
    },
    config=config(),
    routing_keys={team.name: f"k3y-of-{team.name}" for team in CATALOGUE.teams},
    dead_mans_switch="https://switch.example.org/s3cret",
    external_url="https://alertmanager.example.org",
    size=AlertmanagerSize(replicas=3, volume=Bytes.parse("5Gi"), storage_class="ssd", memory=Bytes.parse("256Mi")),
)

WATCHED = Watched(
    host="store.example.org", port=1234, database="openpolicy", credentials="exporter-login", authority="store-ca"
)
EXPORTERS = ExportersArgs(
    namespace="observability",
    agents="observability-agents",
    priority_class="critical",
    containers=[
        cluster_exporters.node(NODE_EXPORTER.flags),
        cluster_exporters.blackbox(replicas=2),
        cluster_exporters.kube_state_metrics([cluster_exporters.STATE_KINDS[0]]),
        programs.postgres(WATCHED, POSTGRES_EXPORTER.flags),
        programs.redis(WATCHED),
        programs.elasticsearch(WATCHED, ELASTICSEARCH_EXPORTER.flags),
        programs.logstash(WATCHED),
    ],
)
ACCESS = AccessArgs(
    namespace="observability",
    priority_class="critical",
    entrances=[
        Entrance(
            proxy=proxy(door, f"https://{door.page.name}.example.org", SIGN_ON, replicas=2),
            host=f"{door.page.name}.example.org",
        )
        for door in (TO_PROMETHEUS, TO_ALERTMANAGER)
    ],
    ingress_class="nginx",
    certificate_issuer="letsencrypt",
)
JAEGER = jaeger.Jaeger(
    storage=Elasticsearch(
        url="https://logs:9200",
        login=StoreLogin(credentials="jaeger-login", authority="logs-ca"),
        reader=StoreLogin(credentials="jaeger-reader", authority="logs-ca"),
        retention=days(14),
        copies=1,
    ),
    collects=jaeger.Role(name="jaeger-collector", labels=flows.JAEGER_COLLECTOR.pod_labels),
    answers=jaeger.Role(name="jaeger-query", labels=flows.JAEGER_QUERY.pod_labels),
    collectors=2,
    queries=2,
    prometheus="http://prometheus:9090",
    grafana="https://grafana.example.org",
)
SAMPLING = gateway.Sampling(slower_than=seconds(1), share=Decimal("0.1"))
TRACING = TracingArgs(
    namespace="observability",
    priority_class="critical",
    storage_class="ssd",
    collectors=[
        agent.agent(name="otel-agent", job="otel-collector", gateway="otel-gateway", namespace="openpolicy"),
        gateway.gateway(
            name="otel-gateway",
            job="otel-collector",
            jaeger="jaeger-collector",
            sampling=SAMPLING,
            replicas=3,
            queue=Bytes.parse("10Gi"),
        ),
        *jaeger.jaeger(JAEGER, job="jaeger"),
    ],
    entries=[
        *agent.entries(name="otel-agent", span_metrics="span-metrics"),
        gateway.entry(name="otel-gateway"),
        *jaeger.entries(JAEGER),
        scraped("otel-collector"),
        scraped("jaeger"),
    ],
)
NETWORK = NetworkArgs(
    namespaces={"observability": "observability"},
    flows=CATALOGUE.flows,
    locations={
        **{
            end: Location(namespaces=("observability",), labels=end.pod_labels)
            for end in (flows.PROMETHEUS, flows.ALERTMANAGER, flows.POSTGRES_EXPORTER)
        },
        flows.POSTGRESQL: Location(networks=("10.20.0.0/24",), ports=(6432,)),
    },
)
_NODES = Nodes(count=3, memory=Bytes.parse("4Gi"), volume=Bytes.parse("20Gi"))
KEEPING = Keeping(license="basic", frozen=False, snapshots="snapshots", archive="archive", smallest_tier=2)
LOGS = LogsArgs(
    namespace="observability",
    priority_class="critical",
    home="observability",
    environment="test",
    kibana_url="https://logs.example.org",
    visited=True,
    classes=CATALOGUE.log_classes,
    size=LogsSize(
        master=_NODES,
        hot=_NODES,
        warm=_NODES,
        cold=_NODES,
        frozen=replace(_NODES, count=0),
        storage_class="ssd",
        kibana_replicas=2,
        logstash_replicas=2,
    ),
    store=ObjectStore(region="ca-central-1", endpoint=None),
    store_keys={"access_key": "k3y-id", "secret_key": "k3y"},
    bootstrap_password=None,
    protect=True,
)
SHIPPING = ShippingArgs(
    namespace="agents",
    application="openpolicy",
    application_name="openpolicy",
    logstash="observability",
    tls={"ca.crt": "a", "tls.crt": "b", "tls.key": "k3y"},
)
RETENTION = RetentionArgs(
    namespace="observability",
    classes=CATALOGUE.log_classes,
    keeping=KEEPING,
    api=None,
    user="logs-user-bootstrap",
)

ARCHIVE = ArchiveArgs(
    namespace="observability",
    stream="logs-openpolicy.audit-test",
    bucket="archive",
    store=ObjectStore(region="ca-central-1", endpoint=None),
    writing={"access_key": "k3y-id", "secret_key": "k3y"},
    reading={"access_key": "k3y-reader-id", "secret_key": "k3y-reader"},
    environment="test",
    days=2557,
    locked_for_all=True,
    hold=False,
    user="logs-user-archiver",
    restorer="logs-user-restorer",
    program=program(),
)


def _here() -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(provider=kubernetes.Provider("test", context="test"))


def cluster(**changes: Any) -> Cluster:
    """A cluster, with changed arguments."""
    return Cluster("cluster", replace(CLUSTER, **changes))


def operators(**changes: Any) -> Operators:
    """The operators, with changed arguments."""
    return Operators("operators", replace(OPERATORS, **changes), _here())


def metrics(**changes: Any) -> Metrics:
    """Prometheus, with changed arguments."""
    return Metrics("metrics", replace(METRICS, **changes), _here())


def long_term(**changes: Any) -> LongTerm:
    """Samples of years, with changed arguments."""
    return LongTerm("longterm", replace(LONG_TERM, **changes), _here())


def exporters(**changes: Any) -> Exporters:
    """The exporters, with changed arguments."""
    return Exporters("exporters", replace(EXPORTERS, **changes), _here())


def access(**changes: Any) -> Access:
    """The doors, with changed arguments."""
    return Access("access", replace(ACCESS, **changes), _here())


def tracing(**changes: Any) -> Tracing:
    """The way of a span, with changed arguments."""
    return Tracing("tracing", replace(TRACING, **changes), _here())


def network(**changes: Any) -> Network:
    """The policies, with changed arguments."""
    return Network("network", replace(NETWORK, **changes), _here())


def alerting(**changes: Any) -> Alerting:
    """Alertmanager and rules, with changed arguments."""
    return Alerting("alerting", replace(ALERTING, **changes), _here())


def on_call(**changes: Any) -> OnCall:
    """PagerDuty, with changed arguments."""
    return OnCall("oncall", replace(ONCALL, **changes))


def grafana(**changes: Any) -> Grafana:
    """Grafana, with changed arguments."""
    return Grafana("grafana", replace(GRAFANA, **changes), _here())


def boards(**changes: Any) -> Boards:
    """Grafana's content through its API, with changed arguments."""
    return Boards("boards", replace(THROUGH_API, **changes))


def synthetics(**changes: Any) -> Synthetics:
    """Datadog's tests, with changed arguments."""
    return Synthetics("synthetics", replace(SYNTHETICS, **changes))


def autoscaling(**changes: Any) -> Autoscaling:
    """Autoscalers and the adapter, with changed arguments."""
    return Autoscaling("autoscaling", replace(AUTOSCALING, **changes), _here())


def logs(**changes: Any) -> Logs:
    """What holds logs, with changed arguments."""
    return Logs("logs", replace(LOGS, **changes), _here())


def shipping(**changes: Any) -> Shipping:
    """What brings them, with changed arguments."""
    return Shipping("shipping", replace(SHIPPING, **changes), _here())


def retention(**changes: Any) -> Retention:
    """How long they are kept, with changed arguments."""
    return Retention("retention", replace(RETENTION, **changes), _here())


def archive(**changes: Any) -> Archive:
    """What is kept beyond Elasticsearch, with changed arguments."""
    return Archive("archive", replace(ARCHIVE, **changes), _here())
