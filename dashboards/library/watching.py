"""Prometheus and what it scrapes: rows of a board."""

from alerts.expression import Expr, Op
from alerts.promql import buckets, count_by, everywhere, max_by, observations, rest, select, sum_by
from catalogue.exported import monitoring
from catalogue.exporters import PROMETHEUS_SERVER, SCRAPE_DURATION, SCRAPE_SAMPLES, UP
from catalogue.model.metric import Metric
from dashboards.library.stores import PROMETHEUS_SERIES
from dashboards.library.watched import watched
from dashboards.limits import rising
from dashboards.model import Row
from dashboards.panels import line, stat, table, timeseries
from dashboards.promql import RATE_INTERVAL, falling, firing, top

_EVALUATED = {"slice": "inner_eval"}
_QUERIES = observations(PROMETHEUS_SERVER, monitoring.QUERY_DURATION, **_EVALUATED)
_QUICK = buckets(PROMETHEUS_SERVER, monitoring.QUERY_DURATION, le="1.0", **_EVALUATED)


def _summed(metric: Metric, *by: str) -> Expr:
    return sum_by(select(PROMETHEUS_SERVER, metric).rate(RATE_INTERVAL), *by)


_NOW = Row(
    title="Now",
    panels=(
        stat(
            "Targets that answer",
            "Targets of all jobs that answer Prometheus.",
            count_by(everywhere(UP).now.compare(Op.EQUALS, 1)),
        ),
        stat(
            "Targets that do not",
            "Targets of all jobs that do not answer. A job that is gone altogether is not counted: its alert says so.",
            count_by(everywhere(UP).now.compare(Op.EQUALS, 0)),
            limits=rising(bad="1", because="Whatever does not answer is not watched."),
        ),
        stat(
            "Alerts that fire",
            "Alerts that fire now, Watchdog with them. None at all would mean that alerting is broken.",
            count_by(firing().now),
        ),
        stat(
            "Samples a second",
            "Samples that one replica stores in a second.",
            max_by(_summed(monitoring.SAMPLES_APPENDED, "pod")),
        ),
        stat(
            "Alertmanagers seen",
            "Alertmanagers that the replica with the fewest sends to.",
            max_by(select(PROMETHEUS_SERVER, monitoring.ALERTMANAGERS).now),
        ),
        stat(
            "Time of all rules",
            "Seconds that one round over all groups of rules takes.",
            max_by(sum_by(select(PROMETHEUS_SERVER, monitoring.RULE_GROUP_DURATION).now, "pod")),
        ),
    ),
)
_SCRAPES = Row(
    title="Scrapes",
    panels=(
        watched(
            "Targets down",
            "Share of the targets of each job that do not answer.",
            "{job} {service}",
            "TargetDown",
        ),
        timeseries(
            "Slowest scrapes",
            "The longest that a target of each job takes to answer: the ten slowest jobs.",
            line(top(10, max_by(everywhere(SCRAPE_DURATION).now, "job")), "{job}"),
            limits=rising(bad="10", because="Prometheus gives up after ten seconds."),
        ),
        table(
            "Series by job",
            "Series that the targets of each job show: what Prometheus is filled with.",
            falling(sum_by(everywhere(SCRAPE_SAMPLES).now, "job")),
            width=8,
        ),
    ),
)
_ENGINE = Row(
    title="Prometheus",
    panels=(
        PROMETHEUS_SERIES,
        timeseries(
            "Samples stored",
            "Samples a second that each replica stores.",
            line(_summed(monitoring.SAMPLES_APPENDED, "pod"), "{pod}"),
        ),
        timeseries(
            "Samples refused",
            "Samples a second that came out of order, or twice with different values: two targets are one.",
            line(_summed(monitoring.OUT_OF_ORDER_SAMPLES, "pod"), "out of order {pod}"),
            line(_summed(monitoring.DUPLICATE_SAMPLES, "pod"), "twice {pod}"),
        ),
        timeseries(
            "Groups of rules",
            "Seconds that a round over the rules of each group takes: the ten slowest.",
            line(
                top(10, max_by(select(PROMETHEUS_SERVER, monitoring.RULE_GROUP_DURATION).now, "rule_group")),
                "{rule_group}",
            ),
            limits=rising(warn="5", bad="15", because="Half of 30 s, the shortest interval of a group, is lost."),
        ),
        watched(
            "Disk of its own limit",
            "Share of the bytes that Prometheus may fill in use. At the end it throws away the oldest days.",
            "{pod}",
            "PrometheusStorageNearLimit",
        ),
        timeseries(
            "Slow queries",
            "Share of the queries, of rules and of people, that take longer than a second to compute.",
            line(
                rest(sum_by(_QUICK.rate(RATE_INTERVAL)).of(sum_by(_QUERIES.rate(RATE_INTERVAL)))),
                "longer than 1 s",
            ),
        ),
    ),
)

WATCHING = (_NOW, _SCRAPES, _ENGINE)
