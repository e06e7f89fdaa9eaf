"""Every scrape job, and what our rules read from it."""

from catalogue.metrics import METRICS
from catalogue.model.exporter import Discovery, Exporter
from catalogue.model.metric import Kind, Unit, exported
from catalogue.model.time import seconds
from catalogue.services import (
    ALERTMANAGER,
    EDGE,
    ELASTICSEARCH,
    GRAFANA,
    JAEGER,
    KUBERNETES,
    LOGSTASH,
    NODE,
    OPENTELEMETRY,
    PART_OF,
    POSTGRESQL,
    PROMETHEUS,
    REDIS,
)

# Prometheus writes these itself for each target of every job.
UP = exported("up", Kind.GAUGE, Unit.COUNT)
SCRAPE_SAMPLES = exported("scrape_samples_post_metric_relabeling", Kind.GAUGE, Unit.COUNT)
SCRAPE_METRICS = (UP, SCRAPE_SAMPLES)

NODE_MEMORY_TOTAL = exported("node_memory_MemTotal_bytes", Kind.GAUGE, Unit.BYTES)
NODE_MEMORY_AVAILABLE = exported("node_memory_MemAvailable_bytes", Kind.GAUGE, Unit.BYTES)

DEPLOYMENT_REPLICAS_AVAILABLE = exported(
    "kube_deployment_status_replicas_available", Kind.GAUGE, Unit.COUNT, "namespace", "deployment"
)

# A sample limit rejects a scrape whole, so it stands well above what AppCardinalityHigh warns of.
APPLICATION = Exporter(job=PART_OF, service=None, discovery=Discovery.APPLICATION, sample_limit=15_000, metrics=METRICS)

API_SERVERS = Exporter(job="kubernetes-apiservers", service=KUBERNETES, discovery=Discovery.API_SERVER)
KUBELETS = Exporter(job="kubernetes-nodes", service=KUBERNETES, discovery=Discovery.KUBELET, per_node=True)
CADVISOR = Exporter(
    job="kubernetes-cadvisor",
    service=KUBERNETES,
    discovery=Discovery.CADVISOR,
    path="/metrics/cadvisor",
    per_node=True,
)
PODS = Exporter(job="kubernetes-pods", service=None, discovery=Discovery.ANNOTATED_PODS, sample_limit=15_000)
SERVICE_ENDPOINTS = Exporter(
    job="kubernetes-service-endpoints",
    service=None,
    discovery=Discovery.ANNOTATED_SERVICES,
    sample_limit=20_000,
)

NODE_EXPORTER = Exporter(
    job="node-exporter",
    service=NODE,
    discovery=Discovery.SERVICE,
    per_node=True,
    metrics=(NODE_MEMORY_TOTAL, NODE_MEMORY_AVAILABLE),
)
KUBE_STATE_METRICS = Exporter(
    job="kube-state-metrics",
    service=KUBERNETES,
    discovery=Discovery.SERVICE,
    honor_labels=True,
    metrics=(DEPLOYMENT_REPLICAS_AVAILABLE,),
)
POSTGRES_EXPORTER = Exporter(job="postgres-exporter", service=POSTGRESQL, discovery=Discovery.SERVICE)
REDIS_EXPORTER = Exporter(job="redis-exporter", service=REDIS, discovery=Discovery.SERVICE)
# Snapshot collection is slow.
ELASTICSEARCH_EXPORTER = Exporter(
    job="elasticsearch-exporter", service=ELASTICSEARCH, discovery=Discovery.SERVICE, interval=seconds(60)
)
LOGSTASH_EXPORTER = Exporter(job="logstash-exporter", service=LOGSTASH, discovery=Discovery.SERVICE)
JAEGER_COLLECTOR = Exporter(job="jaeger", service=JAEGER, discovery=Discovery.SERVICE)
OTEL_COLLECTOR = Exporter(job="otel-collector", service=OPENTELEMETRY, discovery=Discovery.SERVICE)
BLACKBOX = Exporter(job="blackbox-http", service=EDGE, discovery=Discovery.PROBE, path="/probe", interval=seconds(30))

PROMETHEUS_SERVER = Exporter(job="prometheus", service=PROMETHEUS, discovery=Discovery.SERVICE, port="web")
ALERTMANAGER_SERVER = Exporter(job="alertmanager", service=ALERTMANAGER, discovery=Discovery.SERVICE, port="web")
PROMETHEUS_OPERATOR = Exporter(job="prometheus-operator", service=PROMETHEUS, discovery=Discovery.SERVICE, port="http")
GRAFANA_SERVER = Exporter(job="grafana", service=GRAFANA, discovery=Discovery.SERVICE, port="web")

EXPORTERS = (
    APPLICATION,
    API_SERVERS,
    KUBELETS,
    CADVISOR,
    PODS,
    SERVICE_ENDPOINTS,
    NODE_EXPORTER,
    KUBE_STATE_METRICS,
    POSTGRES_EXPORTER,
    REDIS_EXPORTER,
    ELASTICSEARCH_EXPORTER,
    LOGSTASH_EXPORTER,
    JAEGER_COLLECTOR,
    OTEL_COLLECTOR,
    BLACKBOX,
    PROMETHEUS_SERVER,
    ALERTMANAGER_SERVER,
    PROMETHEUS_OPERATOR,
    GRAFANA_SERVER,
)
