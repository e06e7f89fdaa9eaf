"""What Jaeger 2 and the OpenTelemetry collectors say about themselves: one code base, the same names.

With a reader of their own in `service.telemetry.metrics`, counters end in _total and units are in the names. Series
carry labels of the scope that made them too, and a counter is absent until it first counts.
"""

from catalogue.model.metric import exported_counter, exported_gauge, exported_histogram

SPANS_ACCEPTED = exported_counter("otelcol_receiver_accepted_spans_total", "receiver", "transport")
SPANS_REFUSED = exported_counter("otelcol_receiver_refused_spans_total", "receiver", "transport")
SPANS_SENT = exported_counter("otelcol_exporter_sent_spans_total", "exporter")
# After the last attempt: these are lost.
SPANS_FAILED = exported_counter("otelcol_exporter_send_failed_spans_total", "exporter")
SPANS_NOT_QUEUED = exported_counter("otelcol_exporter_enqueue_failed_spans_total", "exporter")
QUEUE_SIZE = exported_gauge("otelcol_exporter_queue_size", "exporter", "data_type")
QUEUE_CAPACITY = exported_gauge("otelcol_exporter_queue_capacity", "exporter", "data_type")

COLLECTOR = (
    SPANS_ACCEPTED,
    SPANS_REFUSED,
    SPANS_SENT,
    SPANS_FAILED,
    SPANS_NOT_QUEUED,
    QUEUE_SIZE,
    QUEUE_CAPACITY,
)

TRACES_SEEN = exported_counter("otelcol_processor_tail_sampling_new_trace_id_received_total")
DROPPED_TOO_EARLY = exported_counter("otelcol_processor_tail_sampling_sampling_trace_dropped_too_early_total")

TAIL_SAMPLING = (
    TRACES_SEEN,
    DROPPED_TOO_EARLY,
)
"""Of the collectors that decide which traces are kept."""

# Reads alone; writes go by the bulk.
STORAGE_REQUESTS = exported_counter("jaeger_storage_requests_total", "operation", "result")
SPANS_WRITTEN = exported_counter("jaeger_storage_bulk_index_attempts_total")
WRITES_FAILED = exported_counter("jaeger_storage_bulk_index_errors_total")

JAEGER_STORAGE = (
    STORAGE_REQUESTS,
    SPANS_WRITTEN,
    WRITES_FAILED,
)
"""Of Jaeger alone."""

# Of every span, before any is left out. `service_name` is the emitter's; the target's `service` is the collector.
_SPAN = ("service_name", "span_name", "span_kind", "status_code")
SPAN_CALLS = exported_counter("traces_span_metrics_calls_total", *_SPAN)
SPAN_DURATION = exported_histogram(
    "traces_span_metrics_duration_seconds",
    *_SPAN,
    buckets="0.005 0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.5 5.0 10.0",
)

SPANS = (
    SPAN_CALLS,
    SPAN_DURATION,
)
"""What the collectors' connector makes of spans: traffic, errors and time of every operation."""
