"""Do windows, intervals and durations fit each other?"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from alerts.expression import Source
from alerts.model import NEVER, Alert, Rule, RuleGroup, expression
from catalogue.model.exporter import Exporter
from catalogue.model.metric import Kind
from catalogue.model.problem import Problem
from catalogue.model.time import Duration, minutes

_FOR_A_RATE = 4
"""Scrapes within the window of a rate: two are the least, and one may fail or come late."""

_FOR_A_VALUE = 2

_AFTER_A_START = minutes(2)
"""How long Prometheus may need to scrape everything once: the longest interval of a job, twice."""


def misfits(
    groups: Sequence[RuleGroup],
    exporters: Sequence[Exporter],
    *,
    scrape_interval: Duration,
    retention: Duration,
    periods: AbstractSet[Duration],
) -> Iterator[Problem]:
    """Windows with too few samples in them or beyond what is kept, and alerts that wait for less than one evaluation.

    `scrape_interval` is that of jobs that have none of their own; `periods` are those of objectives, which may be
    longer than samples are kept.
    """
    pace = {exporter.job: exporter.interval or scrape_interval for exporter in exporters}
    recorded = {rule.name: group.interval for group in groups for rule in group.recordings}
    counters = {
        (exporter.job, metric.name)
        for exporter in exporters
        for metric in exporter.metrics
        if metric.kind is not Kind.GAUGE
    }
    for group in groups:
        if group.interval < scrape_interval:
            what = f"it is evaluated every {group.interval}, and there are new samples every {scrape_interval}"
            yield Problem(f"rule group {group.name}", what, "give it a longer interval")
        for rule in group.rules:
            yield from _waits(group, rule)
            for source in sorted(expression(rule).reads, key=str):
                every = pace.get(source.job) or recorded.get(source.metric)
                least = _FOR_A_RATE if source.series in counters else _FOR_A_VALUE
                if every:
                    yield from _window(rule, source, every, least)
                if source.window and source.window > retention and source.window not in periods:
                    what = f"it looks {source.window} back, and samples are kept for {retention}"
                    yield Problem(f"rule {rule.name}", what, "set openpolicy:metrics.retention to more")


def _window(rule: Rule, source: Source, every: Duration, least: int) -> Iterator[Problem]:
    if source.window and source.window.seconds < least * every.seconds:
        what = f"{source.window} of {source.metric} hold less than {least} samples, for there is one every {every}"
        yield Problem(f"rule {rule.name}", what, f"take a window of {Duration(least * every.seconds)} or more")


def _waits(group: RuleGroup, rule: Rule) -> Iterator[Problem]:
    if not isinstance(rule, Alert):
        return
    if "absent(" in rule.when.expr.text and rule.lasting.seconds < _AFTER_A_START.seconds:
        what = f"it looks for what is missing, and after a start everything is; yet it waits for {rule.lasting}"
        yield Problem(f"alert {rule.identity}", what, f"let it wait for {_AFTER_A_START} or more")
    for name, span in (("for", rule.lasting), ("keep_firing_for", rule.keep_firing)):
        if NEVER < span < group.interval:
            what = f"{name} is {span}, and {group.name} is evaluated every {group.interval}"
            yield Problem(f"alert {rule.identity}", what, f"set it to {group.interval} or more, or to none")
