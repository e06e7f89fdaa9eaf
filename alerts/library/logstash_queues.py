"""Do lines wait in Logstash, and are some lost there?"""

from alerts.condition import above, at_least
from alerts.model import Alert, Severity
from alerts.promql import max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import LOGS
from catalogue.exported.logs import (
    DEAD_LETTERS_DROPPED,
    DOCUMENTS_REFUSED,
    QUEUE_BYTES,
    QUEUE_EVENTS,
    QUEUE_MAX_BYTES,
)
from catalogue.exporters import LOGSTASH_EXPORTER
from catalogue.model.metric import Metric
from catalogue.model.time import hours, minutes
from catalogue.services import LOGSTASH
from catalogue.teams import PLATFORM

_EACH = ("namespace", "pod", "pipeline")
_LINES = {"namespace": "observability", "pod": "openpolicy-ls-0", "pipeline": "lines"}
_STEP = minutes(1)


def _says(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(LOGSTASH_EXPORTER, metric, values, **_LINES, **labels)


def _queue(gigabytes: str) -> tuple[Samples, ...]:
    return (_says(QUEUE_BYTES, f"{gigabytes}000000000x60"), _says(QUEUE_MAX_BYTES, "20000000000x60"))


_FULL = max_by(select(LOGSTASH_EXPORTER, QUEUE_BYTES).max_over(minutes(5)), *_EACH).of(
    max_by(select(LOGSTASH_EXPORTER, QUEUE_MAX_BYTES).max_over(minutes(5)), *_EACH)
)
_REFUSED = sum_by(select(LOGSTASH_EXPORTER, DOCUMENTS_REFUSED).increase(hours(1)), "namespace", "pipeline")


def _refused(values: str) -> Samples:
    return _says(DOCUMENTS_REFUSED, values, plugin_id="elasticsearch")


ALERTS = (
    Alert(
        name="LogstashQueueBacklog",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=LOGSTASH,
        symptom=Symptom.STALE,
        watches="lines that wait in a queue, at least within 10 minutes",
        when=above(
            max_by(select(LOGSTASH_EXPORTER, QUEUE_EVENTS).min_over(minutes(10)), *_EACH),
            100_000,
            because="At 200 lines a second that is eight minutes; less is a burst that passes.",
        ),
        lasting=minutes(15),
        summary="{value:number} lines wait in {pipeline} of {pod}",
        description="{value:number} lines wait: what people find in a search is that much behind. Elasticsearch takes"
        " them more slowly than they come.",
        board=LOGS,
        fires=Firing(
            given=(_says(QUEUE_EVENTS, "250000x60"),), at=minutes(30), step=_STEP, labels=_LINES, value="250k"
        ),
        # A burst, worked off.
        silent=Scenario(given=(_says(QUEUE_EVENTS, "0x10 250000x15 500x40"),), at=minutes(26), step=_STEP),
    ),
    Alert(
        name="LogstashQueueNearlyFull",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=LOGSTASH,
        symptom=Symptom.FULL,
        watches="share of a queue's size in use",
        when=above(
            _FULL,
            "0.7",
            because="Filling so far takes hours, so the rest takes hours too.",
        ),
        lasting=minutes(10),
        summary="The queue of {pipeline} of {pod} fills up",
        description="{value:percentage} of the queue is in use. When it is full Logstash takes no more lines, and they"
        " wait in log files that are rotated away.",
        board=LOGS,
        fires=Firing(given=_queue("16"), at=minutes(20), step=_STEP, labels=_LINES, value="80%"),
        silent=Scenario(given=_queue("13"), at=minutes(40), step=_STEP),
    ),
    Alert(
        name="LogstashQueueNearlyFull",
        severity=Severity.CRITICAL,
        team=PLATFORM,
        service=LOGSTASH,
        symptom=Symptom.LOSS,
        watches="share of a queue's size in use",
        when=above(
            _FULL,
            "0.9",
            because="What is left lasts for an hour or two of a busy day.",
        ),
        lasting=minutes(5),
        summary="The queue of {pipeline} of {pod} is nearly full",
        description="{value:percentage} of the queue is in use. Soon Logstash takes no more lines, and those that pods"
        " write are lost as their log files are rotated away.",
        board=LOGS,
        fires=Firing(given=_queue("19"), at=minutes(20), step=_STEP, labels=_LINES, value="95%"),
        silent=Scenario(given=_queue("17"), at=minutes(40), step=_STEP),
    ),
    Alert(
        name="LogstashDeadLetters",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=LOGSTASH,
        symptom=Symptom.LOSS,
        watches="lines that Elasticsearch refused for good, in an hour",
        when=at_least(
            _REFUSED,
            10,
            because="A single line that no mapping fits is its author's; ten an hour are a field that has changed.",
        ),
        lasting=minutes(15),
        summary="Elasticsearch refuses lines of {pipeline} for good",
        description="{value:count} lines in an hour were refused and went to the dead letters: they are missing where"
        " people search for them.",
        board=LOGS,
        fires=Firing(
            given=(_refused("0+1x90"),),
            at=minutes(80),
            step=_STEP,
            labels={"namespace": "observability", "pipeline": "lines"},
            value="60",
        ),
        # Now and then one.
        silent=Scenario(given=(_refused("0x10 2x20 5x30 8x30"),), at=minutes(80), step=_STEP),
    ),
    Alert(
        name="LogstashDeadLettersDropped",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=LOGSTASH,
        symptom=Symptom.LOSS,
        watches="dead letters thrown away because there was no room, in an hour",
        when=above(
            sum_by(select(LOGSTASH_EXPORTER, DEAD_LETTERS_DROPPED).increase(hours(1)), *_EACH),
            0,
        ),
        lasting=minutes(5),
        keep_firing=minutes(30),
        summary="Logstash throws away dead letters of {pipeline}",
        description="{value:number} lines that Elasticsearch had refused were thrown away within an hour: they are"
        " nowhere any more.",
        board=LOGS,
        fires=Firing(
            given=(_says(DEAD_LETTERS_DROPPED, "0+4x90"),), at=minutes(80), step=_STEP, labels=_LINES, value="240"
        ),
        # Thrown away long ago, and Logstash restarted.
        silent=Scenario(given=(_says(DEAD_LETTERS_DROPPED, "400x40 0x50"),), at=minutes(80), step=_STEP),
    ),
)
