"""Do samples reach the bucket, and can they be read from there? No page hangs on it: rules ask Prometheus alone."""

from alerts.condition import above, at_most, below
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import count_by, like, max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import MONITORING
from catalogue.exported.thanos import (
    BLOCK_LOADS_FAILED,
    BUCKET_FAILURES,
    BUCKET_OPERATIONS,
    QUERIES,
    STORES,
    UPLOADS,
    UPLOADS_FAILED,
)
from catalogue.long_term_jobs import THANOS_QUERY, THANOS_SIDECAR, THANOS_STORE
from catalogue.model.metric import Metric
from catalogue.model.time import Duration, hours, minutes
from catalogue.services import THANOS
from catalogue.teams import PLATFORM

_FIVE = minutes(5)
_STEP = minutes(2)
_NAMESPACE = {"namespace": "observability"}
_SIDECAR = _NAMESPACE | {"pod": "prometheus-openpolicy-0"}
_STORE = _NAMESPACE | {"pod": "thanos-store-0"}
_QUERY = _NAMESPACE | {"pod": "thanos-query-a"}


def _uploads(done: str, failed: str) -> tuple[Samples, ...]:
    return (
        samples(THANOS_SIDECAR, UPLOADS, done, **_SIDECAR),
        samples(THANOS_SIDECAR, UPLOADS_FAILED, failed, **_SIDECAR),
    )


def _bucket(done: str, failed: str) -> tuple[Samples, ...]:
    about = _STORE | {"operation": "get_range"}
    return (
        samples(THANOS_STORE, BUCKET_OPERATIONS, done, **about),
        samples(THANOS_STORE, BUCKET_FAILURES, failed, **about),
    )


def _answers(well: str, failed: str) -> tuple[Samples, ...]:
    return tuple(
        samples(THANOS_QUERY, QUERIES, values, code=code, handler="query_range", **_QUERY)
        for code, values in (("200", well), ("503", failed))
    )


def _stores(sidecars: str, stores: str) -> tuple[Samples, ...]:
    return tuple(
        samples(THANOS_QUERY, STORES, values, store_type=kind, **_QUERY)
        for kind, values in (("sidecar", sidecars), ("store", stores))
    )


def _sent(metric: Metric, window: Duration) -> Expr:
    return sum_by(select(THANOS_SIDECAR, metric).increase(window), "namespace", "pod")


def _operations(metric: Metric) -> Expr:
    return sum_by(select(THANOS_STORE, metric).rate(_FIVE), "namespace")


_FAILED = sum_by(select(THANOS_QUERY, QUERIES, code=like("5..")).rate(_FIVE), "namespace")
_ASKED = sum_by(select(THANOS_QUERY, QUERIES).rate(_FIVE), "namespace")
_SERVING = max_by(select(THANOS_QUERY, STORES, store_type=like("sidecar|store")).now, "namespace", "pod", "store_type")

ALERTS = (
    Alert(
        name="ThanosSidecarUploadFailing",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=THANOS,
        symptom=Symptom.LOSS,
        watches="uploads to the bucket that fail in 15 minutes",
        when=above(
            _sent(UPLOADS_FAILED, minutes(15)),
            5,
            because="Each is tried every 30 s; a handful are a bucket that answered slowly once.",
        ),
        lasting=minutes(30),
        summary="Samples of {pod} do not reach the bucket",
        description="{value:number} uploads failed in 15 minutes. Prometheus has the samples until its retention ends.",
        board=MONITORING,
        fires=Firing(given=_uploads("0x60", "0x5 0+1x120"), at=minutes(60), labels=_SIDECAR, value="30"),
        # One that failed and went through when it was tried again.
        silent=Scenario(given=_uploads("0x20 1x80", "0x20 1x80"), at=minutes(50)),
    ),
    Alert(
        name="ThanosSidecarNotUploading",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=THANOS,
        symptom=Symptom.LOSS,
        watches="blocks that reach the bucket in 3 hours",
        when=at_most(_sent(UPLOADS, hours(3)), 0),
        # A new Prometheus has its first block within three.
        lasting=hours(4),
        summary="{pod} has sent nothing to the bucket for hours",
        description="A block is due every two hours, and none came in three. Nothing fails either: it may be stuck.",
        board=MONITORING,
        fires=Firing(given=_uploads("5x360", "0x360"), at=hours(8), step=_STEP, labels=_SIDECAR),
        silent=Scenario(given=_uploads("0x59 1x59 2x59 3x59 4x59 5x59", "0x360"), at=hours(8), step=_STEP),
    ),
    Alert(
        name="ThanosStoreBucketErrors",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=THANOS,
        symptom=Symptom.ERRORS,
        watches="share of a store gateway's reads of the bucket that fail",
        when=above(
            _operations(BUCKET_FAILURES).of(_operations(BUCKET_OPERATIONS)),
            "0.05",
            because="Object stores refuse one in hundreds by themselves; one in twenty leaves holes in graphs.",
        ),
        lasting=minutes(15),
        summary="The bucket of old samples answers badly",
        description="{value:percentage} of the reads fail. Graphs of more than some weeks have holes, or none at all.",
        board=MONITORING,
        fires=Firing(given=_bucket("0+30x80", "0+6x80"), at=minutes(30), labels=_NAMESPACE, value="20%"),
        silent=Scenario(given=_bucket("0+300x80", "0+3x80"), at=minutes(30)),
    ),
    Alert(
        name="ThanosStoreBlocksMissing",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=THANOS,
        symptom=Symptom.STALE,
        watches="blocks that a store gateway cannot load in 30 minutes",
        when=above(sum_by(select(THANOS_STORE, BLOCK_LOADS_FAILED).increase(minutes(30)), "namespace", "pod"), 0),
        lasting=minutes(30),
        summary="{pod} cannot read some blocks",
        description="{value:number} attempts failed in 30 minutes: some weeks of the past are missing from graphs.",
        board=MONITORING,
        fires=Firing(
            given=(samples(THANOS_STORE, BLOCK_LOADS_FAILED, "0x5 0+1x160", **_STORE),),
            at=minutes(70),
            labels=_STORE,
            value="60",
        ),
        silent=Scenario(given=(samples(THANOS_STORE, BLOCK_LOADS_FAILED, "3x160", **_STORE),), at=minutes(70)),
    ),
    Alert(
        name="ThanosQueryErrors",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=THANOS,
        symptom=Symptom.BLIND,
        watches="share of the queries of boards that fail",
        when=above(
            _FAILED.of(_ASKED),
            "0.05",
            because="A board asks some thirty: at one in twenty, every board has an empty panel.",
        ),
        lasting=minutes(10),
        summary="Boards get errors instead of samples",
        description="{value:percentage} of the queries fail. No alert passes here; 'Prometheus alone' still answers.",
        board=MONITORING,
        fires=Firing(given=_answers("0+24x60", "0+6x60"), at=minutes(20), labels=_NAMESPACE, value="20%"),
        silent=Scenario(given=_answers("0+300x60", "0+3x60"), at=minutes(20)),
    ),
    Alert(
        name="ThanosQueryStoresMissing",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=THANOS,
        symptom=Symptom.BLIND,
        watches="kinds of stores that a query asks: Prometheus' sidecars, and gateways to the bucket",
        when=below(count_by(_SERVING.compare(Op.ABOVE, 0), "namespace", "pod"), 2),
        lasting=minutes(15),
        summary="{pod} sees only a part of the samples",
        description="It asks {value:number} of two kinds of stores: the present or the past is missing in graphs.",
        board=MONITORING,
        fires=Firing(given=_stores("2x60", "2x10 0x50"), at=minutes(25), labels=_QUERY, value="1"),
        # One of two gateways is left.
        silent=Scenario(given=_stores("2x60", "2x10 1x50"), at=minutes(25)),
    ),
)
