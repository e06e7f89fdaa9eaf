"""What Thanos says about itself: one program in four parts, each with its own metrics.

What fails stands at 0 from the start, but for operations on the bucket, which appear with the first of their kind.
"""

from catalogue.model.metric import exported_counter, exported_gauge

BUCKET_OPERATIONS = exported_counter("thanos_objstore_bucket_operations_total", "operation")
BUCKET_FAILURES = exported_counter("thanos_objstore_bucket_operation_failures_total", "operation")

UPLOADS = exported_counter("thanos_shipper_uploads_total")
UPLOADS_FAILED = exported_counter("thanos_shipper_upload_failures_total")
SIDECAR_PROMETHEUS_UP = exported_gauge("thanos_sidecar_prometheus_up")

SIDECAR = (UPLOADS, UPLOADS_FAILED, SIDECAR_PROMETHEUS_UP)

BLOCKS_LOADED = exported_gauge("thanos_bucket_store_blocks_loaded")
BLOCK_LOADS_FAILED = exported_counter("thanos_bucket_store_block_load_failures_total")

STORE = (BUCKET_OPERATIONS, BUCKET_FAILURES, BLOCKS_LOADED, BLOCK_LOADS_FAILED)

HALTED = exported_gauge("thanos_compact_halted")
ITERATIONS = exported_counter("thanos_compact_iterations_total")
COMPACTIONS_FAILED = exported_counter("thanos_compact_group_compactions_failures_total", "resolution")
TO_COMPACT = exported_gauge("thanos_compact_todo_compactions")
TO_DOWNSAMPLE = exported_gauge("thanos_compact_todo_downsample_blocks")
BLOCKS_CLEANED = exported_counter("thanos_compact_blocks_cleaned_total")

COMPACTOR = (
    HALTED,
    ITERATIONS,
    COMPACTIONS_FAILED,
    TO_COMPACT,
    TO_DOWNSAMPLE,
    BLOCKS_CLEANED,
)

STORES = exported_gauge("thanos_store_nodes_grpc_connections", "store_type")
# The same name as the application's, of another job.
QUERIES = exported_counter("http_requests_total", "code", "handler")

QUERY = (STORES, QUERIES)
