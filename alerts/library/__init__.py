"""Every rule of the stack, in the order and grouping in which Prometheus evaluates them."""

from pathlib import Path

from alerts.library import (
    alertmanager,
    api,
    archiving,
    autoscaling,
    backups,
    cache,
    certificates,
    cluster,
    containers,
    control_plane,
    database,
    elasticsearch,
    elasticsearch_load,
    elasticsearch_space,
    endpoints,
    filebeat,
    filesystems,
    ingestion,
    jobs,
    kernels,
    kubernetes_api,
    logstash,
    logstash_queues,
    monitoring,
    nodes,
    operators,
    pods,
    postgresql,
    prometheus,
    prometheus_storage,
    redis,
    replication,
    restores,
    retention,
    scrapers,
    snapshots,
    thanos,
    thanos_compactor,
    traces,
    tracing,
    transactions,
    volumes,
    workloads,
)
from alerts.library.objectives import OBJECTIVES, rule_groups
from alerts.library.recordings import DATASTORE_RECORDINGS, LOG_RECORDINGS, NODE_RECORDINGS, SERVICE_RECORDINGS
from alerts.model import RuleGroup
from catalogue.model.time import minutes, seconds

_SOON = seconds(30)
# What is scraped once a minute, or changes over hours.
_SLOWLY = minutes(1)

LIBRARY = (
    RuleGroup(name="openpolicy-services", interval=seconds(30), rules=SERVICE_RECORDINGS),
    RuleGroup(name="openpolicy-datastores", interval=seconds(30), rules=DATASTORE_RECORDINGS),
    RuleGroup(name="openpolicy-nodes", interval=minutes(1), rules=NODE_RECORDINGS),
    RuleGroup(name="openpolicy-logs", interval=minutes(1), rules=LOG_RECORDINGS),
    *rule_groups(OBJECTIVES),
    # The application and its data.
    RuleGroup(name="openpolicy-api-alerts", interval=_SOON, rules=api.ALERTS),
    RuleGroup(name="openpolicy-scraper-alerts", interval=_SOON, rules=scrapers.ALERTS),
    RuleGroup(name="openpolicy-database-alerts", interval=_SOON, rules=database.ALERTS),
    RuleGroup(name="openpolicy-postgresql-alerts", interval=_SOON, rules=postgresql.ALERTS),
    RuleGroup(name="openpolicy-transaction-alerts", interval=_SOON, rules=transactions.ALERTS),
    RuleGroup(name="openpolicy-replication-alerts", interval=_SOON, rules=replication.ALERTS),
    RuleGroup(name="openpolicy-archiving-alerts", interval=_SOON, rules=archiving.ALERTS),
    RuleGroup(name="openpolicy-backup-alerts", interval=_SLOWLY, rules=backups.ALERTS),
    RuleGroup(name="openpolicy-redis-alerts", interval=_SOON, rules=redis.ALERTS),
    RuleGroup(name="openpolicy-cache-alerts", interval=_SOON, rules=cache.ALERTS),
    # What it runs on, and what is in front of it.
    RuleGroup(name="openpolicy-endpoint-alerts", interval=_SOON, rules=endpoints.ALERTS),
    RuleGroup(name="openpolicy-certificate-alerts", interval=_SLOWLY, rules=certificates.ALERTS),
    RuleGroup(name="openpolicy-cluster-alerts", interval=_SOON, rules=cluster.ALERTS),
    RuleGroup(name="openpolicy-kubernetes-api-alerts", interval=_SOON, rules=kubernetes_api.ALERTS),
    RuleGroup(name="openpolicy-control-plane-alerts", interval=_SOON, rules=control_plane.ALERTS),
    RuleGroup(name="openpolicy-workload-alerts", interval=_SOON, rules=workloads.ALERTS),
    RuleGroup(name="openpolicy-pod-alerts", interval=_SOON, rules=pods.ALERTS),
    RuleGroup(name="openpolicy-container-alerts", interval=_SOON, rules=containers.ALERTS),
    RuleGroup(name="openpolicy-autoscaling-alerts", interval=_SOON, rules=autoscaling.ALERTS),
    RuleGroup(name="openpolicy-job-alerts", interval=_SLOWLY, rules=jobs.ALERTS),
    RuleGroup(name="openpolicy-volume-alerts", interval=_SOON, rules=volumes.ALERTS),
    RuleGroup(name="openpolicy-node-alerts", interval=_SOON, rules=nodes.ALERTS),
    RuleGroup(name="openpolicy-kernel-alerts", interval=_SOON, rules=kernels.ALERTS),
    # A day of samples is read for each.
    RuleGroup(name="openpolicy-filesystem-alerts", interval=_SLOWLY, rules=filesystems.ALERTS),
    # Logs and traces.
    RuleGroup(name="openpolicy-elasticsearch-alerts", interval=_SLOWLY, rules=elasticsearch.ALERTS),
    RuleGroup(name="openpolicy-elasticsearch-load-alerts", interval=_SLOWLY, rules=elasticsearch_load.ALERTS),
    RuleGroup(name="openpolicy-elasticsearch-space-alerts", interval=_SLOWLY, rules=elasticsearch_space.ALERTS),
    RuleGroup(name="openpolicy-retention-alerts", interval=_SLOWLY, rules=retention.ALERTS),
    RuleGroup(name="openpolicy-snapshot-alerts", interval=_SLOWLY, rules=snapshots.ALERTS),
    RuleGroup(name="openpolicy-restore-alerts", interval=_SLOWLY, rules=restores.ALERTS),
    RuleGroup(name="openpolicy-ingestion-alerts", interval=_SLOWLY, rules=ingestion.ALERTS),
    RuleGroup(name="openpolicy-logstash-alerts", interval=_SOON, rules=logstash.ALERTS),
    RuleGroup(name="openpolicy-logstash-queue-alerts", interval=_SOON, rules=logstash_queues.ALERTS),
    RuleGroup(name="openpolicy-filebeat-alerts", interval=_SOON, rules=filebeat.ALERTS),
    RuleGroup(name="openpolicy-tracing-alerts", interval=_SOON, rules=tracing.ALERTS),
    RuleGroup(name="openpolicy-trace-alerts", interval=_SOON, rules=traces.ALERTS),
    # What watches all of that.
    RuleGroup(name="openpolicy-monitoring-alerts", interval=_SOON, rules=monitoring.ALERTS),
    RuleGroup(name="openpolicy-operator-alerts", interval=_SOON, rules=operators.ALERTS),
    RuleGroup(name="openpolicy-prometheus-alerts", interval=_SOON, rules=prometheus.ALERTS),
    RuleGroup(name="openpolicy-prometheus-storage-alerts", interval=_SOON, rules=prometheus_storage.ALERTS),
    RuleGroup(name="openpolicy-thanos-alerts", interval=_SOON, rules=thanos.ALERTS),
    RuleGroup(name="openpolicy-thanos-compactor-alerts", interval=_SLOWLY, rules=thanos_compactor.ALERTS),
    RuleGroup(name="openpolicy-alertmanager-alerts", interval=_SOON, rules=alertmanager.ALERTS),
)

RUNBOOKS = frozenset(
    page.stem for page in (Path(__file__).parent.parent / "runbooks").glob("[A-Z]*.md") if page.stem != "README"
)
"""Names of the alerts that have a page."""
