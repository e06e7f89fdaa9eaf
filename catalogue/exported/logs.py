"""What the path from a pod's line to Elasticsearch says about itself: Filebeat and Logstash."""

from catalogue.model.metric import Unit, exported_counter, exported_gauge

LOGSTASH_UP = exported_gauge("logstash_info_up")
# Of one pipeline: 0 once a reload has failed, until another succeeds.
PIPELINE_UP = exported_gauge("logstash_stats_pipeline_up", "pipeline")
EVENTS_IN = exported_counter("logstash_stats_pipeline_events_in", "pipeline")
EVENTS_OUT = exported_counter("logstash_stats_pipeline_events_out", "pipeline")
# The exporter calls the queue's four counters; they rise and fall.
QUEUE_EVENTS = exported_gauge("logstash_stats_pipeline_queue_events_count", "pipeline")
QUEUE_BYTES = exported_gauge("logstash_stats_pipeline_queue_events_queue_size", "pipeline", unit=Unit.BYTES)
QUEUE_MAX_BYTES = exported_gauge("logstash_stats_pipeline_queue_max_size_in_bytes", "pipeline", unit=Unit.BYTES)
# Of an output: what Elasticsearch will never take. It goes to the dead letters.
DOCUMENTS_REFUSED = exported_counter(
    "logstash_stats_pipeline_plugin_documents_non_retryable_failures", "pipeline", "plugin_id"
)
DEAD_LETTERS_DROPPED = exported_counter("logstash_stats_pipeline_dead_letter_queue_dropped_events", "pipeline")
HEAP_PERCENT = exported_gauge("logstash_stats_jvm_mem_heap_used_percent", unit=Unit.PERCENT)

LOGSTASH = (
    LOGSTASH_UP,
    PIPELINE_UP,
    EVENTS_IN,
    EVENTS_OUT,
    QUEUE_EVENTS,
    QUEUE_BYTES,
    QUEUE_MAX_BYTES,
    DOCUMENTS_REFUSED,
    DEAD_LETTERS_DROPPED,
    HEAP_PERCENT,
)
"""Of logstash-exporter."""

# Of `type`, acked and dropped count; active, which is none, is read from the pipeline.
FILEBEAT_OUTPUT_EVENTS = exported_counter("filebeat_libbeat_output_events", "type")
FILEBEAT_OUTPUT_ERRORS = exported_counter("filebeat_libbeat_output_write_errors_total")
FILEBEAT_PIPELINE_EVENTS = exported_gauge("filebeat_libbeat_pipeline_events", "type")
FILEBEAT_HARVESTER = exported_gauge("filebeat_filebeat_harvester", "harvester")

FILEBEAT = (
    FILEBEAT_OUTPUT_EVENTS,
    FILEBEAT_OUTPUT_ERRORS,
    FILEBEAT_PIPELINE_EVENTS,
    FILEBEAT_HARVESTER,
)
"""Of beat-exporter, beside each Filebeat. It puts the beat's name before every metric."""
