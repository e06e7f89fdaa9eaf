"""Every scrape job, and what our rules and dashboards read from it."""

from catalogue.cluster_jobs import (
    API_SERVERS,
    APPLICATION,
    CADVISOR,
    CONTROLLER_MANAGERS,
    ETCD,
    KUBELETS,
    PODS,
    SCHEDULERS,
    SERVICE_ENDPOINTS,
)
from catalogue.exported import (
    elasticsearch,
    kubernetes,
    logs,
    monitoring,
    nodes,
    postgresql,
    probes,
    redis,
    tracing,
)
from catalogue.long_term_jobs import LONG_TERM
from catalogue.model.exporter import Discovery, Exporter
from catalogue.model.metric import Unit, exported_gauge
from catalogue.model.time import seconds
from catalogue.services import (
    ALERTMANAGER,
    EDGE,
    ELASTICSEARCH,
    FILEBEAT,
    GRAFANA,
    JAEGER,
    KUBERNETES,
    LOGSTASH,
    NODE,
    OPENTELEMETRY,
    POSTGRESQL,
    PROMETHEUS,
    REDIS,
)

# Prometheus writes these itself for each target of every job.
UP = exported_gauge("up")
SCRAPE_SAMPLES = exported_gauge("scrape_samples_post_metric_relabeling")
SCRAPE_DURATION = exported_gauge("scrape_duration_seconds", unit=Unit.SECONDS)
SCRAPE_METRICS = (UP, SCRAPE_SAMPLES, SCRAPE_DURATION)

NODE_EXPORTER = Exporter(
    job="node-exporter",
    service=NODE,
    about_another=True,
    discovery=Discovery.SERVICE,
    per_node=True,
    version="1.12.1",
    flags=nodes.FLAGS,
    metrics=nodes.METRICS,
)
KUBE_STATE_METRICS = Exporter(
    job="kube-state-metrics",
    service=KUBERNETES,
    about_another=True,
    discovery=Discovery.SERVICE,
    honor_labels=True,
    version="2.20.0",
    metrics=kubernetes.OBJECTS,
)
POSTGRES_EXPORTER = Exporter(
    job="postgres-exporter",
    service=POSTGRESQL,
    about_another=True,
    discovery=Discovery.SERVICE,
    version="0.20.1",
    flags=postgresql.FLAGS,
    metrics=postgresql.METRICS,
)
REDIS_EXPORTER = Exporter(
    job="redis-exporter",
    service=REDIS,
    about_another=True,
    discovery=Discovery.SERVICE,
    version="1.89.0",
    metrics=redis.METRICS,
)
ELASTICSEARCH_EXPORTER = Exporter(
    job="elasticsearch-exporter",
    service=ELASTICSEARCH,
    about_another=True,
    discovery=Discovery.SERVICE,
    # Snapshot collection is slow.
    interval=seconds(60),
    version="1.11.0",
    flags=elasticsearch.FLAGS,
    metrics=elasticsearch.METRICS,
)
LOGSTASH_EXPORTER = Exporter(
    job="logstash-exporter",
    service=LOGSTASH,
    about_another=True,
    discovery=Discovery.SERVICE,
    version="1.9.1",
    metrics=logs.LOGSTASH,
)
FILEBEAT_EXPORTER = Exporter(
    job="filebeat",
    service=FILEBEAT,
    about_another=True,
    discovery=Discovery.SERVICE,
    per_node=True,
    version="0.4.0",
    metrics=logs.FILEBEAT,
)
JAEGER_COLLECTOR = Exporter(
    job="jaeger",
    service=JAEGER,
    discovery=Discovery.SERVICE,
    version="2.20.0",
    metrics=(*tracing.COLLECTOR, *tracing.JAEGER_STORAGE),
)
OTEL_COLLECTOR = Exporter(
    job="otel-collector",
    service=OPENTELEMETRY,
    discovery=Discovery.SERVICE,
    version="0.155.0",
    metrics=(*tracing.COLLECTOR, *tracing.TAIL_SAMPLING),
)
# What agents measure of every span, sampled or not: Jaeger's own Monitor page reads it.
SPAN_METRICS = Exporter(job="span-metrics", service=OPENTELEMETRY, discovery=Discovery.SERVICE, metrics=tracing.SPANS)
BLACKBOX = Exporter(
    job="blackbox-http",
    service=EDGE,
    about_another=True,
    discovery=Discovery.PROBE,
    path="/probe",
    interval=seconds(30),
    version="0.28.0",
    metrics=probes.PROBES,
)

PROMETHEUS_SERVER = Exporter(
    job="prometheus",
    service=PROMETHEUS,
    discovery=Discovery.SERVICE,
    port="web",
    version="3.13.2",
    metrics=monitoring.PROMETHEUS,
)
ALERTMANAGER_SERVER = Exporter(
    job="alertmanager",
    service=ALERTMANAGER,
    discovery=Discovery.SERVICE,
    port="web",
    metrics=monitoring.ALERTMANAGER,
)
CONFIG_RELOADER = Exporter(
    job="config-reloader",
    service=PROMETHEUS,
    discovery=Discovery.SERVICE,
    port="reloader-web",
    metrics=monitoring.RELOADER,
)
PROMETHEUS_OPERATOR = Exporter(
    job="prometheus-operator",
    service=PROMETHEUS,
    discovery=Discovery.SERVICE,
    port="http",
    metrics=monitoring.OPERATOR,
)
ELASTIC_OPERATOR = Exporter(
    job="elastic-operator",
    service=ELASTICSEARCH,
    discovery=Discovery.SERVICE,
    port="http",
    metrics=monitoring.ECK,
)
GRAFANA_SERVER = Exporter(job="grafana", service=GRAFANA, discovery=Discovery.SERVICE, port="web")

EXPORTERS = (
    APPLICATION,
    API_SERVERS,
    KUBELETS,
    CADVISOR,
    PODS,
    SERVICE_ENDPOINTS,
    SCHEDULERS,
    CONTROLLER_MANAGERS,
    ETCD,
    NODE_EXPORTER,
    KUBE_STATE_METRICS,
    POSTGRES_EXPORTER,
    REDIS_EXPORTER,
    ELASTICSEARCH_EXPORTER,
    LOGSTASH_EXPORTER,
    FILEBEAT_EXPORTER,
    JAEGER_COLLECTOR,
    OTEL_COLLECTOR,
    SPAN_METRICS,
    BLACKBOX,
    PROMETHEUS_SERVER,
    ALERTMANAGER_SERVER,
    CONFIG_RELOADER,
    PROMETHEUS_OPERATOR,
    ELASTIC_OPERATOR,
    GRAFANA_SERVER,
    *LONG_TERM,
)
