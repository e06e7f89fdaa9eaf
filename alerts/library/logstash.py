"""Does Logstash take lines and send them on?"""

from alerts.condition import above, equals, holds
from alerts.expression import Op
from alerts.model import Alert, Severity
from alerts.promql import max_by, missing, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import LOGS
from catalogue.exported.logs import EVENTS_IN, EVENTS_OUT, HEAP_PERCENT, LOGSTASH_UP, PIPELINE_UP, QUEUE_EVENTS
from catalogue.exporters import LOGSTASH_EXPORTER
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import LOGSTASH
from catalogue.teams import PLATFORM

_POD = {"namespace": "observability", "pod": "openpolicy-ls-0"}
_LINES = _POD | {"pipeline": "lines"}
_EACH = ("namespace", "pod", "pipeline")


def _says(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(LOGSTASH_EXPORTER, metric, values, **_POD, **labels)


def _pipeline(entering: str, leaving: str, waiting: str) -> tuple[Samples, ...]:
    return (
        _says(EVENTS_IN, entering, pipeline="lines"),
        _says(EVENTS_OUT, leaving, pipeline="lines"),
        _says(QUEUE_EVENTS, waiting, pipeline="lines"),
    )


ALERTS = (
    Alert(
        name="LogstashDown",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=LOGSTASH,
        symptom=Symptom.LOSS,
        watches="no Logstash answers",
        when=holds(missing(select(LOGSTASH_EXPORTER, LOGSTASH_UP).now.compare(Op.EQUALS, 1))),
        lasting=minutes(5),
        summary="No Logstash answers",
        description="Lines wait in the pods' log files alone. A busy pod's files are rotated away within the hour, and"
        " its lines are lost with them; audit and security logs too.",
        board=LOGS,
        fires=Firing(given=(_says(LOGSTASH_UP, "1x10 0x40"),), at=minutes(12)),
        # One of two.
        silent=Scenario(
            given=(
                _says(LOGSTASH_UP, "1x10 0x40"),
                samples(LOGSTASH_EXPORTER, LOGSTASH_UP, "1x50", **(_POD | {"pod": "openpolicy-ls-1"})),
            ),
            at=minutes(20),
        ),
    ),
    Alert(
        name="LogstashPipelineStalled",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=LOGSTASH,
        symptom=Symptom.STALE,
        watches="lines that leave a pipeline while some wait or enter",
        when=equals(
            sum_by(select(LOGSTASH_EXPORTER, EVENTS_OUT).rate(minutes(5)), *_EACH),
            0,
            guard=sum_by(select(LOGSTASH_EXPORTER, EVENTS_IN).rate(minutes(5)), *_EACH)
            .above(0)
            .either(max_by(select(LOGSTASH_EXPORTER, QUEUE_EVENTS).now, *_EACH).above(0)),
        ),
        lasting=minutes(10),
        summary="Nothing leaves the pipeline {pipeline} of {pod}",
        description="Lines enter {pipeline} or wait in it, and none leaves: mostly because Elasticsearch takes none."
        " They are safe on disk while the queue has room, and cannot be searched until then.",
        board=LOGS,
        fires=Firing(given=_pipeline("0+300x80", "9000x80", "0+300x80"), at=minutes(25), labels=_LINES),
        # Nothing to do.
        silent=Scenario(given=_pipeline("9000x80", "9000x80", "0x80"), at=minutes(35)),
    ),
    Alert(
        name="LogstashReloadFailed",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=LOGSTASH,
        symptom=Symptom.STALE,
        watches="whether the last reload of a pipeline succeeded",
        # A state, not an event: it lasts until a reload succeeds.
        when=equals(max_by(select(LOGSTASH_EXPORTER, PIPELINE_UP).max_over(minutes(5)), *_EACH), 0),
        lasting=minutes(5),
        summary="Logstash refused a new {pipeline}",
        description="{pod} could not load the new configuration of {pipeline}. It goes on with the old one, until it"
        " restarts: then the pipeline is missing.",
        board=LOGS,
        fires=Firing(given=(_says(PIPELINE_UP, "1x10 0x60", pipeline="lines"),), at=minutes(20), labels=_LINES),
        # The next reload, minutes later, succeeds.
        silent=Scenario(given=(_says(PIPELINE_UP, "1x10 0x14 1x60", pipeline="lines"),), at=minutes(12)),
    ),
    Alert(
        name="LogstashHeapHigh",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=LOGSTASH,
        symptom=Symptom.FULL,
        watches="percentage of the heap that stays in use, at least within 5 minutes",
        when=above(
            max_by(select(LOGSTASH_EXPORTER, HEAP_PERCENT).min_over(minutes(5)), "namespace", "pod"),
            90,
            because="After a collection a healthy heap is half empty; above this Logstash mostly collects.",
        ),
        lasting=minutes(15),
        summary="The heap of {pod} stays nearly full",
        description="{value:count} % of the heap of {pod} is in use even after collections: it gets slow, then stops"
        " with an error and restarts.",
        board=LOGS,
        fires=Firing(given=(_says(HEAP_PERCENT, "95x60"),), at=minutes(25), labels=_POD, value="95"),
        # Up and down, as it should.
        silent=Scenario(given=(_says(HEAP_PERCENT, "95 95 96 60 " * 15),), at=minutes(28)),
    ),
)
