"""Does everything that a rule reads exist, arrive, and get used?"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from alerts.expression import Source
from alerts.model import RuleGroup, expression
from alerts.selector import ALERTS, EVERY_JOB
from catalogue.model.exporter import Exporter
from catalogue.model.metric import Metric
from catalogue.model.problem import Problem, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What can be read: each metric with its job, and what rules record."""

    exposed: AbstractSet[tuple[str, str]]
    recorded: AbstractSet[str]
    jobs: AbstractSet[str]

    @classmethod
    def of(
        cls, groups: Sequence[RuleGroup], exporters: Sequence[Exporter], scrape_metrics: Sequence[Metric]
    ) -> "Known":
        """What these exporters expose, Prometheus writes about each scrape, and these groups record."""
        exposed = {(each.job, metric.name) for each in exporters for metric in (*each.metrics, *scrape_metrics)}
        return cls(
            exposed=exposed | {(EVERY_JOB, metric.name) for metric in scrape_metrics},
            recorded={rule.name for group in groups for rule in group.recordings} | {ALERTS},
            jobs={exporter.job for exporter in exporters},
        )


def unproduced(groups: Sequence[RuleGroup], known: Known) -> Iterator[Problem]:
    """What rules read and nothing exposes, scrapes or records."""
    for group in groups:
        for rule in group.rules:
            yield from unreadable(expression(rule).reads, f"rule {rule.name}", known)


def unreadable(reads: AbstractSet[Source], where: str, known: Known) -> Iterator[Problem]:
    """What is read there and not known."""
    for job, metric in sorted({source.series for source in reads} - known.exposed):
        if not job:
            if metric not in known.recorded:
                yield Problem(where, f"no rule records {metric}", nearest(metric, known.recorded))
        elif job not in known.jobs and job != EVERY_JOB:
            yield Problem(where, f"nothing scrapes the job {job}", nearest(job, known.jobs))
        else:
            names = [name for each, name in known.exposed if each == job]
            yield Problem(where, f"the job {job} does not expose {metric}", nearest(metric, names))


def unused(groups: Sequence[RuleGroup], shown: AbstractSet[str]) -> Iterator[Problem]:
    """What is recorded, and neither read by a rule nor shown on a dashboard."""
    read = {source.metric for group in groups for source in group.reads} | shown
    for name in sorted({rule.name for group in groups for rule in group.recordings} - read):
        yield Problem(f"rule {name}", "no rule and no dashboard reads what it records", "remove it")
