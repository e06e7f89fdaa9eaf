"""What can break, and who mends it."""

from catalogue.model.ownership import Endpoint, Service
from catalogue.teams import DATA, DATABASE, PLATFORM

API_HEALTH = Endpoint(host="api", path="/health")
SITE = Endpoint()

API_GATEWAY = Service(
    name="api-gateway",
    team=PLATFORM,
    purpose="Answers every request of the site and of the public API.",
    application=True,
    critical=True,
    endpoints=(API_HEALTH,),
)
SCRAPER = Service(
    name="scraper",
    team=DATA,
    purpose="Fetches bills, votes and representatives from the legislatures' sites.",
    application=True,
)
WEB = Service(
    name="web",
    team=PLATFORM,
    purpose="The public site.",
    endpoints=(SITE,),
)

POSTGRESQL = Service(name="postgresql", team=DATABASE, purpose="The platform's database.")
REDIS = Service(name="redis", team=DATABASE, purpose="Cache, sessions and queues.")

NODE = Service(name="node", team=PLATFORM, purpose="The cluster's machines.")
KUBERNETES = Service(name="kubernetes", team=PLATFORM, purpose="The cluster's control plane and workloads.")
EDGE = Service(name="edge", team=PLATFORM, purpose="Ingress and DNS in front of everything.")
CERTIFICATES = Service(name="certificates", team=PLATFORM, purpose="TLS certificates and their renewal.")
BACKUP = Service(name="backup", team=DATABASE, purpose="Backups of the database and its write-ahead log.")
SNAPSHOTS = Service(name="snapshots", team=PLATFORM, purpose="Snapshots of Elasticsearch and the audit archive.")

PROMETHEUS = Service(name="prometheus", team=PLATFORM, purpose="Scrapes, records and evaluates alerts.")
THANOS = Service(name="thanos", team=PLATFORM, purpose="Keeps samples for years, and asks all Prometheuses as one.")
ALERTMANAGER = Service(name="alertmanager", team=PLATFORM, purpose="Decides who is told about which alert.")
ALERTING = Service(name="alerting", team=PLATFORM, purpose="The whole path from a rule to a person.")
GRAFANA = Service(name="grafana", team=PLATFORM, purpose="Shows dashboards.")
LOGGING = Service(
    name="logging", team=PLATFORM, purpose="The whole path from a pod's line to Elasticsearch, and the archive."
)
FILEBEAT = Service(name="filebeat", team=PLATFORM, purpose="Reads the log lines of every pod.")
ELASTICSEARCH = Service(name="elasticsearch", team=PLATFORM, purpose="Stores logs and traces.")
LOGSTASH = Service(name="logstash", team=PLATFORM, purpose="Parses, redacts and routes log lines.")
JAEGER = Service(name="jaeger", team=PLATFORM, purpose="Stores and shows traces.")
OPENTELEMETRY = Service(name="opentelemetry", team=PLATFORM, purpose="Collects and samples traces.")

SERVICES = (
    API_GATEWAY,
    SCRAPER,
    WEB,
    POSTGRESQL,
    REDIS,
    NODE,
    KUBERNETES,
    EDGE,
    CERTIFICATES,
    BACKUP,
    SNAPSHOTS,
    PROMETHEUS,
    THANOS,
    ALERTMANAGER,
    ALERTING,
    GRAFANA,
    LOGGING,
    FILEBEAT,
    ELASTICSEARCH,
    LOGSTASH,
    JAEGER,
    OPENTELEMETRY,
)

NAMESPACE = "openpolicy"
"""Kubernetes namespace of the application."""

WATCHED_NAMESPACES = "openpolicy|observability(-agents)?"
"""Namespaces whose workloads we answer for, as a regular expression: the application's and the monitoring's."""

BACKUP_CRON_JOBS = ".*postgres.*backup.*"
"""Names of the CronJobs that back up the database, as a regular expression."""

PART_OF = "openpolicy"
"""Value of app.kubernetes.io/part-of on every pod of the application, and so its `job`."""
