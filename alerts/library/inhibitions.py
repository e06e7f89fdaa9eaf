"""What is not sent while something worse explains it.

`cluster` is in every `equal`, for one Alertmanager may serve several clusters. A label that neither side has counts as
equal: alerts on something missing carry no namespace and no instance, so none is asked for with them.
"""

from alerts.model import Inhibition
from catalogue.exporters import EXPORTERS


def _named(first: str, *others: str) -> str:
    return f'alertname=~"{"|".join((first, *others))}"' if others else f'alertname="{first}"'


def _because(why: str, *sources: str, hides: tuple[str, ...], where: tuple[str, ...] = ()) -> Inhibition:
    return Inhibition(because=why, source=_named(*sources), target=_named(*hides), equal=("cluster", *where))


_EVERY_NODE = "|".join(exporter.job for exporter in EXPORTERS if exporter.per_node)
_WORKLOADS = (
    "KubeDaemonSetUnavailable",
    "KubeStatefulSetReplicasMismatch",
    "KubeDeploymentReplicasMismatch",
    "KubePdbNotEnoughHealthyPods",
    "FilebeatMissing",
    "PrometheusReplicaMissing",
    "ElasticsearchNodeMissing",
)
_ON_A_NODE = ("KubePodNotReady", "KubePodCrashLooping", "KubeNodePressure", "KubeletCertificateExpiring")
_OF_A_NODE = (
    "NodeExporterDown",
    "HighMemoryUsage",
    "NodeCPUHigh",
    "NodeSystemSaturation",
    "NodeDiskIOSaturation",
    "NodeNetworkErrors",
    "NodeClockSkew",
    "NodeClockNotSynchronised",
)
_OF_THE_API = ("HighErrorRate", "SlowAPIResponse", "AvailabilitySLOBreach", "LatencySLOBreach")
_OF_POOLS = ("DatabasePoolExhausted", "DatabasePoolNearlyExhausted", "DatabaseQueriesSlow")

_GENERAL = (
    Inhibition(
        because="A page says all that the ticket for the same thing would.",
        source='severity="critical"',
        target='severity=~"warning|info"',
        equal=("cluster", "alertname", "namespace", "service", "instance"),
    ),
    Inhibition(
        because="The budget burns fast, so it burns slowly too.",
        source='slo!="",severity="critical"',
        target='slo!="",severity="warning"',
        equal=("cluster", "slo", "service", "namespace"),
    ),
    Inhibition(
        because="Alone, what is only to be shown says nothing that anybody has to know.",
        source='alertname="InfoInhibitor"',
        target='severity="info"',
        equal=("cluster", "namespace"),
    ),
)

_APPLICATION = (
    _because(
        "The whole service is down: that it errs, is slow or has no connections adds nothing.",
        *("ServiceDown", "ServiceAbsent", "ApiGatewayNoReplicas"),
        hides=("ServiceInstanceDown", *_OF_THE_API, *_OF_POOLS, "SLODataMissing"),
        where=("service",),
    ),
    _because(
        "Its Deployment has nothing left.",
        "ApiGatewayNoReplicas",
        hides=("KubeDeploymentReplicasMismatch",),
        where=("namespace", "deployment"),
    ),
    _because(
        "An empty pool is nearly empty.",
        "DatabasePoolExhausted",
        hides=("DatabasePoolNearlyExhausted",),
        where=("namespace", "service"),
    ),
)

_DATASTORES = (
    _because(
        "Without its database the application fails in every way that it has.",
        "PostgreSQLDown",
        hides=(*_OF_POOLS, *_OF_THE_API, "ScraperFailures", "PostgreSQLExporterErrors", "PostgreSQLReplicaBehind"),
    ),
    _because(
        "They are more than high: they are gone.",
        "PostgreSQLConnectionsExhausted",
        hides=("PostgreSQLConnectionsHigh",),
        where=("instance",),
    ),
    _because(
        "What fails is not up to date.",
        "PostgreSQLWALArchiveFailing",
        hides=("PostgreSQLWALArchiveStale",),
        where=("instance",),
    ),
    _because(
        "Nothing else about a Redis that is down is worth a word.",
        "RedisDown",
        hides=("RedisReplicationBroken", "RedisPersistenceFailing", "CacheHitRateLow"),
        where=("service",),
    ),
    _because(
        "It refuses writes because it is full or cannot save.",
        "RedisRefusesWrites",
        hides=("RedisMemoryHigh", "RedisPersistenceFailing", "RedisEvictions"),
        where=("instance",),
    ),
    _because(
        "Some are refused already.", "RedisRejectedConnections", hides=("RedisConnectionsHigh",), where=("instance",)
    ),
)

_CLUSTER = (
    _because("A node that is gone answers nothing.", "KubeNodeNotReady", hides=_OF_A_NODE, where=("instance",)),
    _because(
        "Its pods are gone with it.", "KubeNodeNotReady", hides=(*_ON_A_NODE, "ServiceInstanceDown"), where=("node",)
    ),
    _because("What ran there is missing until it runs elsewhere.", "KubeNodeNotReady", hides=_WORKLOADS),
    Inhibition(
        because="Every job that has a target on each node lacks one.",
        source=_named("KubeNodeNotReady", "KubeNodesNotReady"),
        target=f'alertname="TargetDown",job=~"{_EVERY_NODE}"',
        equal=("cluster",),
    ),
    _because(
        "A third of the cluster is gone: one page, and not forty tickets.",
        "KubeNodesNotReady",
        hides=("KubeNodeNotReady", *_WORKLOADS, *_ON_A_NODE, *_OF_A_NODE, "ServiceInstanceDown"),
    ),
    _because(
        "The control plane has no memory.",
        "EtcdNoLeader",
        hides=(
            *("KubeAPIDown", "KubeAPIErrorsHigh", "KubeSchedulerDown", "KubeControllerManagerDown", "EtcdMembersDown"),
        ),
    ),
    _because(
        "Everything that asks the API server fails, and so do they.",
        "KubeAPIDown",
        hides=(
            *("KubeAPIErrorsHigh", "KubeAggregatedAPIDown", "KubeSchedulerDown", "KubeControllerManagerDown"),
            "KubeletDown",
        ),
    ),
    _because("Autoscalers ask that API.", "KubeAggregatedAPIDown", hides=("KubeHpaCannotScale",)),
    _because("Nothing is known of any CronJob.", "KubeStateMetricsDown", hides=("PostgresBackupUnmonitored",)),
    _because(
        "It is almost full, and so it fills up.",
        "NodeFilesystemAlmostOutOfSpace",
        hides=("NodeFilesystemSpaceFillingUp",),
        where=("instance", "mountpoint"),
    ),
    _because("A busy node has a queue.", "NodeCPUHigh", hides=("NodeSystemSaturation",), where=("instance",)),
)

_PIPELINES = (
    _because(
        "Red is worse than yellow, and its shards are unassigned.",
        "ElasticsearchClusterRed",
        hides=("ElasticsearchClusterYellow", "ElasticsearchUnassignedShards"),
        where=("namespace",),
    ),
    _because(
        "That is why it is yellow.",
        "ElasticsearchUnassignedShards",
        hides=("ElasticsearchClusterYellow",),
        where=("namespace",),
    ),
    _because(
        "Whatever writes to Elasticsearch waits for it.",
        *("ElasticsearchExporterDown", "ElasticsearchReadOnlyIndices"),
        hides=("LogstashPipelineStalled", "LogstashQueueBacklog", "JaegerSpansNotStored", "JaegerStorageErrors"),
    ),
    _because(
        "The same Job, by what it is for.",
        "AuditRestoreFailed",
        hides=("KubeJobFailed",),
        where=("namespace", "job_name"),
    ),
    _because(
        "The same CronJob, by what it is for.",
        *("AuditArchiveStale", "AuditRestoreStale"),
        hides=("KubeCronJobStale",),
        where=("namespace", "cronjob"),
    ),
    _because("Indices take nothing.", "ElasticsearchReadOnlyIndices", hides=("LogsNotIngested",)),
    _because(
        "Every line passes through Logstash.",
        "LogstashDown",
        hides=("LogsNotIngested", "FilebeatNotSending", "FilebeatOutputErrors"),
    ),
    _because(
        "A queue that does not move grows.",
        *("LogstashPipelineStalled", "LogstashQueueNearlyFull"),
        hides=("LogstashQueueBacklog",),
        where=("namespace", "pod", "pipeline"),
    ),
    _because("It sends nothing at all.", "FilebeatNotSending", hides=("FilebeatOutputErrors",), where=("instance",)),
    _because(
        "The same DaemonSet, by its own name.",
        "FilebeatMissing",
        hides=("KubeDaemonSetUnavailable",),
        where=("namespace", "daemonset"),
    ),
    _because(
        "Spans have nowhere to go.",
        *("JaegerDown", "OtelCollectorDown"),
        hides=("TracesNotReceived", "OtelExporterFailing", "OtelQueueNearlyFull", "OtelEnqueueFailed"),
    ),
    _because("It is more than nearly full.", "OtelEnqueueFailed", hides=("OtelQueueNearlyFull",), where=("service",)),
)

INHIBITIONS = (*_GENERAL, *_APPLICATION, *_DATASTORES, *_CLUSTER, *_PIPELINES)
