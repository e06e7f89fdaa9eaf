"""Samples of years, from Prometheus to the bucket and back: rows of a board."""

from alerts.promql import max_by, select, sum_by
from catalogue.exported import thanos
from catalogue.long_term_jobs import THANOS_COMPACTOR, THANOS_QUERY, THANOS_SIDECAR, THANOS_STORE
from dashboards.library.watched import watched
from dashboards.model import Row, Shown
from dashboards.panels import line, timeseries
from dashboards.promql import RATE_INTERVAL

LONG_TERM = (
    Row(
        title="Long-term metrics",
        panels=(
            watched(
                "Uploads that fail",
                "Uploads of each Prometheus to the bucket that failed in 15 minutes. It tries every 30 s.",
                "{pod}",
                "ThanosSidecarUploadFailing",
                width=6,
            ),
            watched(
                "Blocks uploaded",
                "Blocks that reached the bucket in 3 hours. One of each Prometheus is due every two.",
                "{pod}",
                "ThanosSidecarNotUploading",
                width=6,
            ),
            watched(
                "Compactions due",
                "Compactions that wait for the compactor.",
                "{pod}",
                "ThanosCompactorBehind",
                width=6,
            ),
            timeseries(
                "Blocks to make coarser",
                "Blocks of which samples of five minutes or an hour are still to be made.",
                line(max_by(select(THANOS_COMPACTOR, thanos.TO_DOWNSAMPLE).now, "pod"), "{pod}"),
                width=6,
            ),
            timeseries(
                "Blocks that can be read",
                "Blocks of the bucket that each store gateway knows. All know the same.",
                line(max_by(select(THANOS_STORE, thanos.BLOCKS_LOADED).now, "pod"), "{pod}"),
                width=6,
            ),
            watched(
                "Reads of the bucket that fail",
                "Share of the store gateways' reads of the bucket that fail.",
                "{namespace}",
                "ThanosStoreBucketErrors",
                width=6,
            ),
            timeseries(
                "Queries by their answer",
                "Queries of boards a second, by the code of their answer.",
                line(sum_by(select(THANOS_QUERY, thanos.QUERIES).rate(RATE_INTERVAL), "code"), "{code}"),
                unit=Shown.PER_SECOND,
                width=6,
            ),
            timeseries(
                "Stores asked",
                "Sidecars and store gateways that the queries have found.",
                line(max_by(select(THANOS_QUERY, thanos.STORES).now, "store_type"), "{store_type}"),
                width=6,
            ),
            timeseries(
                "Blocks sent and deleted",
                "Blocks a second: into the bucket, out of it when they are too old or compacted, and left as they are.",
                line(sum_by(select(THANOS_SIDECAR, thanos.UPLOADS).rate(RATE_INTERVAL)), "sent"),
                line(sum_by(select(THANOS_COMPACTOR, thanos.BLOCKS_CLEANED).rate(RATE_INTERVAL)), "deleted"),
                line(sum_by(select(THANOS_COMPACTOR, thanos.COMPACTIONS_FAILED).rate(RATE_INTERVAL)), "not compacted"),
                unit=Shown.PER_SECOND,
                width=6,
            ),
            timeseries(
                "Sidecars that see their Prometheus",
                "1 where the sidecar reaches the Prometheus beside it, 0 where it waits for it.",
                line(max_by(select(THANOS_SIDECAR, thanos.SIDECAR_PROMETHEUS_UP).now, "pod"), "{pod}"),
                width=6,
            ),
        ),
    ),
)
