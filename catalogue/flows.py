"""Who talks to whom. What is not here is denied, in both directions.

Ports are those of pods. A flow to or from something that a stack does not run opens nothing there.
"""

from catalogue.model.flow import End, Flow, Home
from catalogue.model.retention import AUDIT_ARCHIVE

APPLICATION = End(
    name="application",
    home=Home.APPLICATION,
    labels=(("app.kubernetes.io/part-of", "openpolicy"),),
    drawn_as="application",
)

# CoreDNS kept the label of what it replaced.
DNS = End(name="dns", home=Home.CLUSTER, labels=(("k8s-app", "kube-dns"),))
API_SERVERS = End(name="api-servers", home=Home.CLUSTER, drawn_as="API servers")
# Kubelets and node-exporter answer at their node's address.
NODES = End(name="nodes", home=Home.CLUSTER, drawn_as="nodes")
INGRESS = End(name="ingress", home=Home.CLUSTER, drawn_as="ingress")

# Whoever runs KEDA named its namespace; its operator keeps this label.
KEDA = End(name="keda", home=Home.CLUSTER, labels=(("app", "keda-operator"),))

# Pods that ask to be scraped by annotation, in the namespaces that the stack names.
ANNOTATED = End(name="annotated", home=Home.CLUSTER, drawn_as="annotated pods")

POSTGRESQL = End(name="postgresql", home=Home.OUTSIDE, drawn_as="PostgreSQL")
REDIS = End(name="redis", home=Home.OUTSIDE, drawn_as="Redis")
SITE = End(name="site", home=Home.OUTSIDE, drawn_as="public site")
PAGERDUTY = End(name="pagerduty", home=Home.OUTSIDE, drawn_as="PagerDuty")
DEAD_MANS_SWITCH = End(name="dead-mans-switch", home=Home.OUTSIDE, drawn_as="dead man's switch")
OBJECT_STORE = End(name="object-store", home=Home.OUTSIDE, drawn_as="object store")
SIGN_ON = End(name="sign-on", home=Home.OUTSIDE, drawn_as="single sign-on")

PROMETHEUS = End(name="prometheus", drawn_as="Prometheus")
# Beside each Prometheus, in its pod.
THANOS_SIDECAR = End(name="thanos-sidecar", labels=(("openpolicy.ca/thanos-sidecar", "true"),), drawn_as="Prometheus")
THANOS_STORE = End(name="thanos-store", drawn_as="Thanos")
THANOS_COMPACTOR = End(name="thanos-compactor", drawn_as="Thanos")
THANOS_QUERY = End(name="thanos-query", drawn_as="Thanos")
ALERTMANAGER = End(name="alertmanager", drawn_as="Alertmanager")
PROMETHEUS_OPERATOR = End(name="prometheus-operator", drawn_as="operators")

KUBE_STATE_METRICS = End(name="kube-state-metrics", drawn_as="exporters")
BLACKBOX = End(name="blackbox-exporter", drawn_as="exporters")
POSTGRES_EXPORTER = End(name="postgres-exporter", drawn_as="exporters")
REDIS_EXPORTER = End(name="redis-exporter", drawn_as="exporters")
ELASTICSEARCH_EXPORTER = End(name="elasticsearch-exporter", drawn_as="exporters")
LOGSTASH_EXPORTER = End(name="logstash-exporter", drawn_as="exporters")

GRAFANA = End(name="grafana", drawn_as="Grafana")
PROMETHEUS_ADAPTER = End(name="prometheus-adapter", drawn_as="Prometheus adapter")

# ECK puts this label on every pod that it makes.
ELASTICSEARCH = End(
    name="elasticsearch", labels=(("common.k8s.elastic.co/type", "elasticsearch"),), drawn_as="Elasticsearch"
)
KIBANA = End(name="kibana", labels=(("common.k8s.elastic.co/type", "kibana"),), drawn_as="Kibana")
LOGSTASH = End(name="logstash", labels=(("common.k8s.elastic.co/type", "logstash"),), drawn_as="Logstash")
FILEBEAT = End(name="filebeat", home=Home.AGENTS, labels=(("common.k8s.elastic.co/type", "beat"),), drawn_as="Filebeat")
ELASTIC_OPERATOR = End(name="elastic-operator", drawn_as="operators")
# Sets one number in each node's kernel, and talks to nobody.
NODE_TUNING = End(name="node-tuning", home=Home.AGENTS)
LOG_CONTENT = End(name="log-content", drawn_as="log content")
AUDIT_ARCHIVER = End(name=AUDIT_ARCHIVE, drawn_as="archiver")

OTEL_AGENT = End(name="otel-agent", drawn_as="OpenTelemetry")
OTEL_GATEWAY = End(name="otel-gateway", drawn_as="OpenTelemetry")
# By what a pod does, for one may do both.
JAEGER_COLLECTOR = End(name="jaeger-collector", labels=(("openpolicy.ca/jaeger-collector", "true"),), drawn_as="Jaeger")
JAEGER_QUERY = End(name="jaeger-query", labels=(("openpolicy.ca/jaeger-query", "true"),), drawn_as="Jaeger")

PROMETHEUS_DOOR = End(name="prometheus-door", drawn_as="doors")
ALERTMANAGER_DOOR = End(name="alertmanager-door", drawn_as="doors")
GRAFANA_DOOR = End(name="grafana-door", drawn_as="doors")
KIBANA_DOOR = End(name="kibana-door", drawn_as="doors")
JAEGER_DOOR = End(name="jaeger-door", drawn_as="doors")
DOORS = (PROMETHEUS_DOOR, ALERTMANAGER_DOOR, GRAFANA_DOOR, KIBANA_DOOR, JAEGER_DOOR)

FLOWS = (
    # Metrics are fetched, never sent.
    Flow(sources=(PROMETHEUS,), target=APPLICATION, ports=("metrics",), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=ANNOTATED, every_port=True, carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=NODES, ports=(9100, 10250), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=KUBE_STATE_METRICS, ports=(8080,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=BLACKBOX, ports=(9115,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=POSTGRES_EXPORTER, ports=(9187,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=REDIS_EXPORTER, ports=(9121,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=ELASTICSEARCH_EXPORTER, ports=(9114,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=LOGSTASH_EXPORTER, ports=(9198,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=PROMETHEUS_OPERATOR, ports=(8080,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=ELASTIC_OPERATOR, ports=(8080,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=FILEBEAT, ports=(9479,), carries="metrics"),
    # 8080 is the reloader beside each.
    Flow(sources=(PROMETHEUS,), target=PROMETHEUS, ports=(8080, 9090), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=ALERTMANAGER, ports=(8080,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=GRAFANA, ports=(3000,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=OTEL_AGENT, ports=(8888, 8889), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=OTEL_GATEWAY, ports=(8888,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=JAEGER_COLLECTOR, ports=(8888,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=JAEGER_QUERY, ports=(8888,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=THANOS_SIDECAR, ports=(10902,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=THANOS_STORE, ports=(10902,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=THANOS_COMPACTOR, ports=(10902,), carries="metrics"),
    Flow(sources=(PROMETHEUS,), target=THANOS_QUERY, ports=(10902,), carries="metrics"),
    Flow(sources=(KUBE_STATE_METRICS,), target=API_SERVERS, ports=(443, 6443), carries="state"),
    Flow(sources=(POSTGRES_EXPORTER,), target=POSTGRESQL, carries="statistics"),
    Flow(sources=(REDIS_EXPORTER,), target=REDIS, carries="statistics"),
    Flow(sources=(ELASTICSEARCH_EXPORTER,), target=ELASTICSEARCH, ports=(9200,), carries="statistics"),
    Flow(sources=(LOGSTASH_EXPORTER,), target=LOGSTASH, ports=(9600,), carries="statistics"),
    Flow(sources=(BLACKBOX,), target=SITE, ports=(443,), carries="probes"),
    # Within the cluster the site's public address leads straight to the controller's pods.
    Flow(sources=(BLACKBOX,), target=INGRESS, ports=(443, 8443), carries="probes"),
    # Alerts.
    Flow(sources=(PROMETHEUS,), target=ALERTMANAGER, ports=(9093,), carries="alerts"),
    Flow(sources=(ALERTMANAGER,), target=ALERTMANAGER, ports=(9094,), carries="gossip", udp=True),
    Flow(sources=(ALERTMANAGER,), target=PAGERDUTY, ports=(443,), carries="pages and tickets"),
    Flow(sources=(ALERTMANAGER,), target=DEAD_MANS_SWITCH, ports=(443,), carries="Watchdog"),
    # Logs.
    Flow(sources=(FILEBEAT,), target=LOGSTASH, ports=(5044,), carries="log lines"),
    Flow(sources=(LOGSTASH,), target=ELASTICSEARCH, ports=(9200,), carries="events"),
    Flow(sources=(ELASTICSEARCH,), target=ELASTICSEARCH, ports=(9200, 9300), carries="shards"),
    Flow(sources=(ELASTICSEARCH,), target=OBJECT_STORE, ports=(443,), carries="snapshots"),
    Flow(sources=(AUDIT_ARCHIVER,), target=ELASTICSEARCH, ports=(9200,), carries="queries"),
    Flow(sources=(AUDIT_ARCHIVER,), target=OBJECT_STORE, ports=(443,), carries="audit events"),
    Flow(sources=(LOG_CONTENT,), target=ELASTICSEARCH, ports=(9200,), carries="policies"),
    Flow(sources=(LOG_CONTENT,), target=KIBANA, ports=(5601,), carries="saved searches"),
    Flow(sources=(ELASTIC_OPERATOR,), target=ELASTICSEARCH, ports=(9200,), carries="operations"),
    Flow(sources=(KIBANA,), target=ELASTICSEARCH, ports=(9200,), carries="queries"),
    # Traces.
    Flow(sources=(APPLICATION,), target=OTEL_AGENT, ports=(4317, 4318), carries="spans"),
    Flow(sources=(OTEL_AGENT,), target=OTEL_GATEWAY, ports=(4317,), carries="spans"),
    Flow(sources=(OTEL_GATEWAY,), target=JAEGER_COLLECTOR, ports=(4317,), carries="spans"),
    Flow(sources=(JAEGER_COLLECTOR, JAEGER_QUERY), target=ELASTICSEARCH, ports=(9200,), carries="traces"),
    # Long-term metrics.
    Flow(
        sources=(THANOS_SIDECAR, THANOS_STORE, THANOS_COMPACTOR), target=OBJECT_STORE, ports=(443,), carries="samples"
    ),
    Flow(sources=(THANOS_QUERY,), target=THANOS_SIDECAR, ports=(10901,), carries="queries"),
    Flow(sources=(THANOS_QUERY,), target=THANOS_STORE, ports=(10901,), carries="queries"),
    Flow(sources=(GRAFANA,), target=THANOS_QUERY, ports=(10902,), carries="queries"),
    # Readers.
    Flow(
        sources=(GRAFANA, PROMETHEUS_ADAPTER, KEDA, JAEGER_QUERY), target=PROMETHEUS, ports=(9090,), carries="queries"
    ),
    Flow(sources=(GRAFANA,), target=ALERTMANAGER, ports=(9093,), carries="queries"),
    Flow(sources=(GRAFANA,), target=POSTGRESQL, carries="its users"),
    Flow(sources=(GRAFANA,), target=ELASTICSEARCH, ports=(9200,), carries="queries"),
    Flow(sources=(GRAFANA,), target=JAEGER_QUERY, ports=(16686,), carries="queries"),
    # People come in by the ingress and a door that asks who they are.
    Flow(sources=(INGRESS,), target=PROMETHEUS_DOOR, ports=(4180,), carries="people"),
    Flow(sources=(INGRESS,), target=ALERTMANAGER_DOOR, ports=(4180,), carries="people"),
    Flow(sources=(INGRESS,), target=GRAFANA_DOOR, ports=(4180,), carries="people"),
    Flow(sources=(INGRESS,), target=KIBANA_DOOR, ports=(4180,), carries="people"),
    Flow(sources=(INGRESS,), target=JAEGER_DOOR, ports=(4180,), carries="people"),
    Flow(sources=DOORS, target=SIGN_ON, ports=(443,), carries="sign-on"),
    Flow(sources=(PROMETHEUS_DOOR,), target=PROMETHEUS, ports=(9090,), carries="people"),
    Flow(sources=(ALERTMANAGER_DOOR,), target=ALERTMANAGER, ports=(9093,), carries="people"),
    Flow(sources=(GRAFANA_DOOR,), target=GRAFANA, ports=(3000,), carries="people"),
    Flow(sources=(GRAFANA,), target=SIGN_ON, ports=(443,), carries="keys"),
    Flow(sources=(KIBANA_DOOR,), target=KIBANA, ports=(5601,), carries="people"),
    Flow(sources=(JAEGER_DOOR,), target=JAEGER_QUERY, ports=(16686,), carries="people"),
    # The control plane.
    Flow(
        sources=(PROMETHEUS, PROMETHEUS_OPERATOR, ELASTIC_OPERATOR, PROMETHEUS_ADAPTER, OTEL_AGENT, FILEBEAT, GRAFANA),
        target=API_SERVERS,
        ports=(443, 6443),
        carries="discovery",
    ),
    Flow(sources=(API_SERVERS,), target=PROMETHEUS_ADAPTER, ports=(6443,), carries="metrics for scaling"),
    Flow(sources=(API_SERVERS,), target=ELASTIC_OPERATOR, ports=(9443,), carries="admission"),
    # What knows its peers by name, and not by the addresses that discovery or Kubernetes itself gives it.
    Flow(
        sources=(
            PROMETHEUS,
            THANOS_SIDECAR,
            THANOS_STORE,
            THANOS_COMPACTOR,
            THANOS_QUERY,
            ALERTMANAGER,
            BLACKBOX,
            POSTGRES_EXPORTER,
            REDIS_EXPORTER,
            ELASTICSEARCH_EXPORTER,
            LOGSTASH_EXPORTER,
            GRAFANA,
            PROMETHEUS_ADAPTER,
            ELASTICSEARCH,
            KIBANA,
            LOGSTASH,
            FILEBEAT,
            ELASTIC_OPERATOR,
            LOG_CONTENT,
            AUDIT_ARCHIVER,
            OTEL_AGENT,
            OTEL_GATEWAY,
            JAEGER_COLLECTOR,
            JAEGER_QUERY,
            *DOORS,
        ),
        target=DNS,
        ports=(53,),
        carries="names",
        udp=True,
    ),
)
