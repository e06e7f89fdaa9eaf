"""Does Elasticsearch keep up?"""

from alerts.condition import above, at_least
from alerts.model import NEVER, Alert, Severity
from alerts.promql import max_by, select, sum_by
from alerts.scenario import Firing, Samples, Scenario, samples
from alerts.symptom import Symptom
from catalogue.boards import LOGS
from catalogue.exported.elasticsearch import BREAKERS_TRIPPED, HEAP_MAX, HEAP_USED, PENDING_TASKS, REJECTED
from catalogue.exporters import ELASTICSEARCH_EXPORTER
from catalogue.model.metric import Metric
from catalogue.model.time import minutes
from catalogue.services import ELASTICSEARCH
from catalogue.teams import PLATFORM

_STEP = minutes(1)
_NODE = ("namespace", "name")
_LABELS = {"namespace": "observability", "name": "openpolicy-logs-es-hot-0"}


def _says(metric: Metric, values: str, **labels: str) -> Samples:
    return samples(ELASTICSEARCH_EXPORTER, metric, values, instance="10.0.0.9:9114", **_LABELS, **labels)


def _heap(used: str) -> tuple[Samples, ...]:
    return (_says(HEAP_USED, used, area="heap"), _says(HEAP_MAX, "8000000000x90", area="heap"))


def _tasks(values: str) -> Samples:
    return samples(ELASTICSEARCH_EXPORTER, PENDING_TASKS, values, namespace="observability")


ALERTS = (
    Alert(
        name="ElasticsearchHeapHigh",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.FULL,
        watches="share of a node's heap that stays in use, at least within 10 minutes",
        when=above(
            # The lowest value: what is left after the garbage was collected.
            max_by(select(ELASTICSEARCH_EXPORTER, HEAP_USED, area="heap").min_over(minutes(10)), *_NODE).of(
                max_by(select(ELASTICSEARCH_EXPORTER, HEAP_MAX, area="heap").now, *_NODE)
            ),
            "0.85",
            because="A healthy heap falls to half after a collection; breakers begin to refuse work at 95 %.",
        ),
        lasting=minutes(15),
        summary="The heap of {name} stays nearly full",
        description="{value:percentage} of the heap of {name} is in use even after collections: it slows down, then"
        " refuses searches and writes, then falls out of the cluster.",
        board=LOGS,
        fires=Firing(given=_heap("7200000000x90"), at=minutes(30), step=_STEP, labels=_LABELS, value="90%"),
        # It is high between collections, as every heap.
        silent=Scenario(given=_heap("7600000000 7600000000 7600000000 6400000000 " * 20), at=minutes(60), step=_STEP),
    ),
    Alert(
        name="ElasticsearchPendingTasks",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.SLOW,
        watches="changes of the cluster that wait for its master, at least within 5 minutes",
        when=above(
            max_by(select(ELASTICSEARCH_EXPORTER, PENDING_TASKS).min_over(minutes(5)), "namespace"),
            50,
            because="A rollover or a new field makes a handful, and they are gone within seconds.",
        ),
        lasting=minutes(15),
        summary="The master of Elasticsearch falls behind",
        description="{value:count} changes wait for the master: new indices, new fields and moved shards come late, and"
        " lines that need them wait.",
        board=LOGS,
        fires=Firing(
            given=(_tasks("120x60"),), at=minutes(30), step=_STEP, labels={"namespace": "observability"}, value="120"
        ),
        # Bursts, between which it catches up.
        silent=Scenario(given=(_tasks("120 120 120 40 " * 15),), at=minutes(45), step=_STEP),
    ),
    Alert(
        name="ElasticsearchWriteRejections",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.SLOW,
        watches="writes that a node turns away in a second",
        when=above(
            sum_by(select(ELASTICSEARCH_EXPORTER, REJECTED, type="write").rate(minutes(5)), *_NODE),
            1,
            because="Single ones are sent again at once; more than one a second does not pass by itself.",
        ),
        lasting=minutes(10),
        summary="{name} turns writes away",
        description="{name} turns away {value:number} writes a second: Logstash sends them again and its queue grows,"
        " and spans are lost, for Jaeger does not wait.",
        board=LOGS,
        fires=Firing(
            given=(_says(REJECTED, "0+300x60", type="write"),), at=minutes(30), step=_STEP, labels=_LABELS, value="5"
        ),
        # A few, and many of another kind.
        silent=Scenario(
            given=(_says(REJECTED, "0+48x60", type="write"), _says(REJECTED, "0+6000x60", type="search")),
            at=minutes(45),
            step=_STEP,
        ),
    ),
    Alert(
        name="ElasticsearchBreakerTripped",
        severity=Severity.WARNING,
        team=PLATFORM,
        service=ELASTICSEARCH,
        symptom=Symptom.FULL,
        watches="how often a node refused work to save its memory, in 10 minutes",
        when=at_least(
            sum_by(select(ELASTICSEARCH_EXPORTER, BREAKERS_TRIPPED).increase(minutes(10)), *_NODE, "breaker"),
            3,
            because="One search that is far too large trips it once or twice, and its author sees why.",
        ),
        # It comes in bursts, and is over before anybody looks.
        lasting=NEVER,
        keep_firing=minutes(15),
        summary="{name} refuses work to save its memory",
        description="The breaker {breaker} of {name} tripped {value:count} times in 10 minutes: searches or writes"
        " failed so that the node lives.",
        board=LOGS,
        fires=Firing(
            given=(_says(BREAKERS_TRIPPED, "7x20 11x5", breaker="parent"),),
            at=minutes(24),
            step=_STEP,
            labels=_LABELS | {"breaker": "parent"},
            value="4",
        ),
        # Two, and then the counter starts anew with the node.
        silent=Scenario(
            given=(_says(BREAKERS_TRIPPED, "7x20 9x5 0x20", breaker="parent"),), at=minutes(27), step=_STEP
        ),
    ),
)
