"""A platform that has grown: every team, service, job, metric, objective, alert and board there is, and copies of them.

A copy is made by the constructors of the real facts, which refuse it as they would refuse those. Its names are its own,
within PromQL too, so that nothing of it is merged with what it was copied from.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from alerts.expression import Expr, Source
from alerts.library import LIBRARY
from alerts.model import Alert, Recording, RuleGroup
from alerts.scenario import Scenario
from alerts.selector import Selector
from catalogue import CATALOGUE, flows
from catalogue.model.board import Board
from catalogue.model.catalogue import Catalogue
from catalogue.model.exporter import Exporter
from catalogue.model.flow import End, Flow
from catalogue.model.metric import Metric
from catalogue.model.ownership import Service, Team
from catalogue.model.slo import Slo
from dashboards.library import PAGES
from dashboards.model import Dashboard

EXPORTERS = (
    flows.KUBE_STATE_METRICS,
    flows.BLACKBOX,
    flows.POSTGRES_EXPORTER,
    flows.REDIS_EXPORTER,
    flows.ELASTICSEARCH_EXPORTER,
    flows.LOGSTASH_EXPORTER,
)
"""Programs that come with what they watch."""

_SLUG, _WORD, _PROPER = "-c{}", "_c{}", "C{}"
# What each is called by, and what a copy's name ends with.
_NAMES: Mapping[type, tuple[str, str]] = {
    Team: ("name", _SLUG),
    Service: ("name", _SLUG),
    Exporter: ("job", _SLUG),
    Slo: ("name", _SLUG),
    Board: ("uid", _SLUG),
    RuleGroup: ("name", _SLUG),
    End: ("name", _SLUG),
    Metric: ("name", _WORD),
    Recording: ("name", _WORD),
    Alert: ("name", _PROPER),
}
_SERIES = {metric.name for each in CATALOGUE.exporters for metric in each.metrics} | {
    rule.name for group in LIBRARY for rule in group.recordings
}
_JOBS = {each.job for each in CATALOGUE.exporters}
_NAMED = re.compile(r'job="(?P<job>[^"]*)"|(?P<series>[a-zA-Z_:][\w:]*?)(?P<part>_bucket|_count|_sum)?(?![\w:])')

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Platform:
    """What the program is made from."""

    catalogue: Catalogue
    library: tuple[RuleGroup, ...]
    pages: tuple[Dashboard, ...]


NOW = Platform(catalogue=CATALOGUE, library=LIBRARY, pages=PAGES)


def grown(times: int) -> Platform:
    """As many times as large. 1 is the platform as it is."""
    copies = [Copy(number).of(NOW) for number in range(1, times)]
    # The last page is the bill's, of which every stack makes its own.
    return Platform(
        catalogue=replace(
            CATALOGUE,
            flows=(*CATALOGUE.flows, *(flow for number in range(1, times) for flow in _flows(Copy(number)))),
            **{
                key: tuple(fact for each in (NOW, *copies) for fact in getattr(each.catalogue, key))
                for key in ("teams", "services", "metrics", "exporters", "slos", "boards")
            },
        ),
        library=tuple(group for each in (NOW, *copies) for group in each.library),
        pages=tuple(page for each in (*copies, NOW) for page in each.pages),
    )


def _flows(copy: "Copy") -> Iterator[Flow]:
    """To and from the copies of exporters."""
    for flow in CATALOGUE.flows:
        if flow.target in EXPORTERS:
            yield replace(flow, target=copy.of(flow.target))
        if sources := tuple(copy.of(end) for end in flow.sources if end in EXPORTERS):
            yield replace(flow, sources=sources)


class Copy:
    """Makes the same of everything, under names of its own. 0 keeps the names, and makes everything anew."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._made = dict[int, Any]()

    def of(self, fact: T) -> T:
        """The fact's copy: one of each, however often it is asked for."""
        if id(fact) not in self._made:
            self._made[id(fact)] = self._copied(fact)
        return self._made[id(fact)]

    def _copied(self, fact: Any) -> Any:
        match fact:
            # Stories are for promtool.
            case type() | Scenario():
                return fact
            case Source():
                return self._source(fact)
            case tuple() | frozenset():
                return type(cast("tuple[Any, ...]", fact))(map(self.of, cast("tuple[Any, ...]", fact)))
            case _ if is_dataclass(fact):
                parts = {each.name: self.of(getattr(fact, each.name)) for each in fields(fact) if each.init}
                return type(fact)(**parts | self._named(fact))
            case _:
                return fact

    def _name(self, name: str, ending: str) -> str:
        return name + ending.format(self._number) if self._number else name

    def _named(self, fact: Any) -> dict[str, str]:
        if isinstance(fact, Expr | Selector):
            return {"text": _NAMED.sub(self._said, fact.text)}
        if type(fact) not in _NAMES or fact in CATALOGUE.scrape_metrics:
            return {}
        key, ending = _NAMES[type(fact)]
        return {key: self._name(getattr(fact, key), ending)}

    def _source(self, source: Source) -> Source:
        return replace(
            source,
            job=self._name(source.job, _SLUG) if source.job in _JOBS else source.job,
            metric=self._name(source.metric, _WORD) if source.metric in _SERIES else source.metric,
        )

    def _said(self, match: re.Match[str]) -> str:
        if match["job"] in _JOBS:
            return f'job="{self._name(match["job"], _SLUG)}"'
        for series, part in ((match[0], ""), (match["series"], match["part"])):
            if series in _SERIES:
                return self._name(series, _WORD) + part
        return match[0]


def with_exporters(
    pods: Callable[[Any], Iterator[tuple[End | None, Any]]], times: int
) -> Callable[[Any], Iterator[Any]]:
    """Also the copies' exporters, of what says which of them a stack runs."""

    def more(stack: Any) -> Iterator[tuple[End | None, Any]]:
        for end, container in pods(stack):
            yield end, container
            if end in EXPORTERS:
                for number in range(1, times):
                    own = Copy(number).of(end)
                    yield own, replace(container, name=own.name)

    return more
