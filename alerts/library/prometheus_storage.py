"""Does Prometheus keep what it gets, and has it room for more?"""

from alerts.condition import above
from alerts.expression import Expr, Op
from alerts.model import Alert, Severity
from alerts.promql import age, select
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import MONITORING
from catalogue.exported.monitoring import (
    BLOCKS_BYTES,
    COMPACTIONS_FAILED,
    HEAD_SERIES,
    LABEL_LIMIT_HIT,
    OLDEST_SAMPLE,
    RELOADS_FAILED,
    REMOTE_NEWEST,
    REMOTE_SENT,
    RETENTION_LIMIT_BYTES,
    SAMPLE_LIMIT_HIT,
    TARGET_LIMIT_HIT,
    WAL_BYTES,
    WAL_CORRUPTIONS,
)
from catalogue.exporters import PROMETHEUS_SERVER
from catalogue.model.metric import Metric
from catalogue.model.time import Duration, days, hours, minutes
from catalogue.services import PROMETHEUS
from catalogue.teams import PLATFORM

_ONE = {"namespace": "observability", "instance": "10.0.0.1:9090", "pod": "prometheus-openpolicy-0"}
_LABELS = _ONE | {"job": PROMETHEUS_SERVER.job}
_FIVE = minutes(5)
_STEP = minutes(2)


def _own(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(PROMETHEUS_SERVER, metric, values, **(_ONE | labels))


def _storage(used: str, oldest: str) -> tuple[Samples, ...]:
    """A limit of 100 GB; used beside 2 GB of write-ahead log."""
    return (
        _own(BLOCKS_BYTES, used),
        _own(WAL_BYTES, "2000000000x600"),
        _own(RETENTION_LIMIT_BYTES, "100000000000x600"),
        _own(OLDEST_SAMPLE, oldest),
    )


def _limits(samples_hit: str, targets_hit: str = "0x120") -> tuple[Samples, ...]:
    return (
        _own(SAMPLE_LIMIT_HIT, samples_hit),
        _own(TARGET_LIMIT_HIT, targets_hit),
        _own(LABEL_LIMIT_HIT, "0x120"),
    )


def _tsdb(compactions: str) -> tuple[Samples, ...]:
    return (_own(COMPACTIONS_FAILED, compactions), _own(RELOADS_FAILED, "0x600"), _own(WAL_CORRUPTIONS, "0x600"))


def _remote(sent: str) -> tuple[Samples, ...]:
    to = {"remote_name": "long-term", "url": "https://metrics.example.org"}
    return (_own(REMOTE_NEWEST, "1000+30x90", **to), _own(REMOTE_SENT, sent, **to))


def _increase(metric: Metric, window: Duration) -> Expr:
    return select(PROMETHEUS_SERVER, metric).increase(window)


def _now(metric: Metric) -> Expr:
    return select(PROMETHEUS_SERVER, metric).now


ALERTS = (
    Alert(
        name="PrometheusTSDBProblems",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.LOSS,
        watches="failed compactions, failed reloads and corruptions in 3 hours",
        when=above(
            _increase(COMPACTIONS_FAILED, hours(3))
            + _increase(RELOADS_FAILED, hours(3))
            + _increase(WAL_CORRUPTIONS, hours(3)),
            0,
        ),
        lasting=hours(1),
        summary="The database of {instance} has problems",
        description="{value:number} in 3 hours: compactions, reloads or its write-ahead log fail. History may be lost.",
        board=MONITORING,
        fires=Firing(given=_tsdb("0x60 0+1x300"), at=hours(6), step=_STEP, labels=_LABELS, value="90"),
        silent=Scenario(given=_tsdb("2x400"), at=hours(6), step=_STEP),
    ),
    Alert(
        name="PrometheusStorageNearLimit",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.FULL,
        watches="share of the size limit in use, while less than 30 days are kept",
        when=above(
            (_now(BLOCKS_BYTES) + _now(WAL_BYTES)).of(_now(RETENTION_LIMIT_BYTES)),
            "0.95",
            because="Beyond it the oldest blocks go early, and objectives need 30 days of them.",
            guard=age(_now(OLDEST_SAMPLE)).compare(Op.BELOW, days(30).seconds),
        ),
        lasting=hours(6),
        summary="{instance} keeps less than 30 days",
        description="{value:percentage} of its size limit is used. Error budgets of 30 days will be wrong.",
        board=MONITORING,
        fires=Firing(
            given=_storage("96000000000x600", oldest="0x600"), at=hours(8), step=_STEP, labels=_LABELS, value="98%"
        ),
        # As full, but with more than thirty days in it.
        silent=Scenario(given=_storage("96000000000x600", oldest="-2700000x600"), at=hours(8), step=_STEP),
    ),
    Alert(
        name="PrometheusHeadSeriesHigh",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.FULL,
        watches="series in memory",
        when=above(
            _now(HEAD_SERIES),
            1_500_000,
            because="8 KiB each are 12 GiB, twice the memory that production gives it; a usual day has 180 000.",
        ),
        lasting=minutes(30),
        summary="{instance} holds far more series than planned",
        description="{value:number} series in memory: it will run out of memory, and with it every alert goes.",
        board=MONITORING,
        fires=Firing(given=(_own(HEAD_SERIES, "1600000x120"),), at=minutes(40), labels=_LABELS, value="1.6M"),
        silent=Scenario(given=(_own(HEAD_SERIES, "1400000x120"),), at=minutes(40)),
    ),
    Alert(
        name="PrometheusScrapeLimitsHit",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.BLIND,
        watches="scrapes refused for their size in 10 minutes",
        when=above(
            _increase(SAMPLE_LIMIT_HIT, minutes(10))
            + _increase(TARGET_LIMIT_HIT, minutes(10))
            + _increase(LABEL_LIMIT_HIT, minutes(10)),
            0,
        ),
        lasting=minutes(15),
        summary="{instance} refuses whole scrapes",
        description="{value:number} in 10 minutes were over a limit. Nothing is known of those targets, not even that.",
        board=MONITORING,
        fires=Firing(given=_limits("0+1x120"), at=minutes(30), labels=_LABELS, value="20"),
        silent=Scenario(given=_limits("0x15 1x100"), at=minutes(30)),
    ),
    Alert(
        name="PrometheusRemoteWriteBehind",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=PROMETHEUS,
        symptom=Symptom.LOSS,
        watches="time between the newest sample and the newest sent one",
        when=above(
            select(PROMETHEUS_SERVER, REMOTE_NEWEST).max_over(_FIVE)
            - select(PROMETHEUS_SERVER, REMOTE_SENT).max_over(_FIVE),
            120,
            because="The queue is sent every 5 seconds; two minutes are a receiver that cannot follow.",
        ),
        lasting=minutes(15),
        summary="{instance} lags behind in writing to {remote_name}",
        description="{value:duration} behind. When its write-ahead log is cut, what was not sent is lost there.",
        board=MONITORING,
        fires=Firing(
            given=_remote("1000+20x90"),
            at=minutes(35),
            labels=_LABELS | {"remote_name": "long-term", "url": "https://metrics.example.org"},
            value="11m 40s",
        ),
        silent=Scenario(given=_remote("940+30x90"), at=minutes(35)),
    ),
)
