"""Facts that stand in no list: a team that is written and not listed would be paged by nobody, unnoticed."""

from collections.abc import Iterator, Sequence
from types import ModuleType

from catalogue import (
    CATALOGUE,
    boards,
    environments,
    exporters,
    flows,
    journeys,
    logs,
    metrics,
    scaling,
    services,
    slos,
    teams,
)
from catalogue.model.problem import Problem

_LISTS: Sequence[tuple[ModuleType, str, Sequence[object]]] = (
    (teams, "TEAMS", CATALOGUE.teams),
    (services, "SERVICES", CATALOGUE.services),
    (metrics, "METRICS", CATALOGUE.metrics),
    (exporters, "EXPORTERS", CATALOGUE.exporters),
    (slos, "SLOS", CATALOGUE.slos),
    (logs, "LOG_CLASSES", CATALOGUE.log_classes),
    (journeys, "JOURNEYS", CATALOGUE.journeys),
    (scaling, "AUTOSCALERS", CATALOGUE.autoscalers),
    (boards, "BOARDS", CATALOGUE.boards),
    (flows, "FLOWS", CATALOGUE.flows),
    (environments, "ENVIRONMENTS", CATALOGUE.environments),
)


def unlisted() -> Iterator[Problem]:
    """A problem for each fact that its file defines and its list lacks."""
    for module, name, listed in _LISTS:
        kinds = tuple({type(each) for each in listed})
        # Most are listed as the very object; comparing them would compare all that they hold.
        known = set(map(id, listed))
        for constant, value in vars(module).items():
            if isinstance(value, kinds) and id(value) not in known:
                where = f"{module.__name__.replace('.', '/')}.py: {constant}"
                yield Problem(where, f"it is not in {name}, so nothing is made of it", f"add it to {name}")
