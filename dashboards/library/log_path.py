"""The path of a log line, from Filebeat to the end of its retention: rows of a board."""

from alerts.expression import Expr, Op
from alerts.promql import count_by, max_by, select, sum_by
from catalogue.exported import elasticsearch, logs
from catalogue.exporters import ELASTICSEARCH_EXPORTER, FILEBEAT_EXPORTER
from catalogue.model.metric import Metric
from dashboards.library.stores import ELASTICSEARCH_DISK, ELASTICSEARCH_HEALTH, LOGSTASH_EVENTS
from dashboards.library.watched import watched
from dashboards.model import Row, Shown
from dashboards.panels import line, timeseries
from dashboards.promql import RATE_INTERVAL


def _shards(metric: Metric) -> Expr:
    return max_by(select(ELASTICSEARCH_EXPORTER, metric).now)


_CLUSTER = Row(
    title="Elasticsearch",
    panels=(
        ELASTICSEARCH_HEALTH,
        ELASTICSEARCH_DISK,
        watched(
            "Heap",
            "The least share of the heap that was in use within ten minutes: what no collection could free.",
            "{name}",
            "ElasticsearchHeapHigh",
            width=6,
        ),
        timeseries(
            "Shards on the move",
            "Shards without a place, being made, and being moved.",
            line(_shards(elasticsearch.UNASSIGNED_SHARDS), "unassigned"),
            line(_shards(elasticsearch.INITIALIZING_SHARDS), "initializing"),
            line(_shards(elasticsearch.RELOCATING_SHARDS), "relocating"),
            width=6,
        ),
        watched(
            "Room for shards",
            "Share of the shards that the data nodes may hold. Beyond them no index can be made.",
            "shards",
            "ElasticsearchShardLimitNear",
            width=6,
        ),
        watched(
            "Writes rejected",
            "Writes a second for which a node had no place in its queue.",
            "{name}",
            "ElasticsearchWriteRejections",
            width=6,
        ),
        timeseries(
            "Documents indexed",
            "Documents a second that are written, logs and traces together.",
            line(sum_by(select(ELASTICSEARCH_EXPORTER, elasticsearch.INDEXED).rate(RATE_INTERVAL)), "documents"),
            unit=Shown.PER_SECOND,
            width=6,
        ),
        watched(
            "Tasks that wait",
            "Changes of the cluster's state that wait for the master.",
            "tasks",
            "ElasticsearchPendingTasks",
            width=6,
        ),
    ),
)
_KEPT = Row(
    title="Retention",
    panels=(
        timeseries(
            "Indices by phase",
            "Indices by the phase of their life in which they are. `delete` is empty again soon.",
            line(
                count_by(select(ELASTICSEARCH_EXPORTER, elasticsearch.ILM_INDEX).now.compare(Op.EQUALS, 1), "phase"),
                "{phase}",
            ),
        ),
        watched(
            "Indices that are stuck",
            "Indices that cannot go on to their next phase, by where they stand.",
            "{phase} {action}",
            "ElasticsearchILMError",
        ),
        watched(
            "Age of the snapshot",
            "Time since the newest snapshot of everything began.",
            "{repository}",
            "ElasticsearchSnapshotStale",
        ),
    ),
)
_SHIPPING = Row(
    title="Filebeat and Logstash",
    panels=(
        timeseries(
            "Lines shipped",
            "Lines a second that Filebeat sent and that were taken, and lines that it gave up.",
            line(
                sum_by(select(FILEBEAT_EXPORTER, logs.FILEBEAT_OUTPUT_EVENTS, type="acked").rate(RATE_INTERVAL)),
                "taken",
            ),
            line(
                sum_by(select(FILEBEAT_EXPORTER, logs.FILEBEAT_OUTPUT_EVENTS, type="dropped").rate(RATE_INTERVAL)),
                "given up",
            ),
            unit=Shown.PER_SECOND,
        ),
        timeseries(
            "Lines under way",
            "Lines that each node's Filebeat has read and not yet delivered.",
            line(
                max_by(select(FILEBEAT_EXPORTER, logs.FILEBEAT_PIPELINE_EVENTS, type="active").now, "instance"),
                "{instance}",
            ),
        ),
        watched(
            "Files open",
            "Log files that each node's Filebeat reads.",
            "{instance}",
            "FilebeatOpenFilesHigh",
        ),
        LOGSTASH_EVENTS,
        watched(
            "Queue on disk",
            "Share of each pipeline's queue in use. A full queue holds Filebeat back.",
            "{pipeline} of {pod}",
            "LogstashQueueNearlyFull",
        ),
        watched(
            "Dead letters",
            "Lines that Elasticsearch would never take, within an hour.",
            "{pipeline}",
            "LogstashDeadLetters",
        ),
    ),
)

LOG_PATH = (_CLUSTER, _KEPT, _SHIPPING)
