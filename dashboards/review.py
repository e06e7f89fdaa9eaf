"""Refuses boards that would show nothing, and alerts whose link would open nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from alerts.model import RuleGroup, alerts_of
from alerts.promql import TARGET_LABELS
from alerts.sources import Known, unreadable
from catalogue.model.catalogue import Catalogue
from catalogue.model.problem import Problem
from dashboards.model import Dashboard, Panel


def review(boards: Sequence[Dashboard], groups: tuple[RuleGroup, ...], catalogue: Catalogue) -> tuple[Problem, ...]:
    """Everything that is wrong, told at once."""
    known = Known.of(groups, catalogue.exporters, catalogue.scrape_metrics)
    carried = _labels(groups, catalogue)
    return (
        *_pages(boards, catalogue),
        *_panels(boards, groups),
        *_limits(boards, groups),
        *(problem for board in boards for problem in _sources(board, known)),
        *(problem for board in boards for problem in _choices(board, carried)),
    )


def _pages(boards: Sequence[Dashboard], catalogue: Catalogue) -> Iterator[Problem]:
    written, known = Counter(page.board for page in boards), set(catalogue.boards)
    for board in catalogue.boards:
        if written[board] != 1:
            what = f"{written[board]} pages are written for it"
            yield Problem(f"dashboard {board.uid}", what, "one file in dashboards/library/, named in its __init__.py")
    for board in written.elements():
        if board not in known:
            what = "alerts cannot link to it"
            yield Problem(f"dashboard {board.uid}", what, "name it in BOARDS of catalogue/boards.py")


def _panels(boards: Sequence[Dashboard], groups: tuple[RuleGroup, ...]) -> Iterator[Problem]:
    shown = {(page.board, alert.key): alert for page in boards for alert, _ in page.alerts}
    for alert in alerts_of(groups):
        where, board = f"alert {alert.identity}", alert.board.uid
        found = shown.get((alert.board, alert.key))
        if found is None:
            remedy = f'alerts=alert("{alert.name}") on a panel of {board} with its measure, or complete() for the page'
            yield Problem(where, f"no panel of {board} shows it, so its link opens nothing", remedy)
        elif found.when != alert.when:
            what = f"{board} shows a threshold of {found.when.threshold:f}, and it fires at {alert.when.threshold:f}"
            yield Problem(where, what, "make the boards from the stack's own alerts: dashboards(groups)")


def _limits(boards: Sequence[Dashboard], groups: tuple[RuleGroup, ...]) -> Iterator[Problem]:
    """Numbers that an alert has, typed again beside it: one day the two would differ."""
    measured = {alert.when.measure.text: alert for alert in alerts_of(groups) if alert.when.op is not None}
    for board in boards:
        for panel in board.panels:
            for alert in (measured[query.expr.text] for query in panel.queries if query.expr.text in measured):
                if panel.limits is not None and alert.name not in {each.name for each in panel.alerts}:
                    what = f"it has limits of its own for what {alert.name} measures"
                    yield Problem(_named(board, panel), what, f'alerts=alert("{alert.name}") instead of limits')


def _sources(board: Dashboard, known: Known) -> Iterator[Problem]:
    for panel in board.panels:
        reads = {source for query in panel.queries for source in query.expr.reads}
        yield from unreadable(reads, _named(board, panel), known)
    for variable in board.variables:
        where = f"dashboard {board.board.uid}, variable {variable.name}"
        yield from unreadable({variable.series.source}, where, known)
    for mark in board.annotations:
        where = f"dashboard {board.board.uid}, annotation {mark.title}"
        yield from unreadable(mark.expr.reads, where, known)


def _choices(board: Dashboard, carried: Mapping[tuple[str, str], AbstractSet[str]]) -> Iterator[Problem]:
    """Panels that obey a variable whose label their series lack: they would be empty whatever is chosen."""
    for panel in board.panels:
        for variable in panel.by:
            for series in sorted({source.series for query in panel.queries for source in query.expr.reads}):
                if variable.name not in carried.get(series, {variable.name}):
                    what = f"it obeys ${variable.name}, and {series[1]} has no label {variable.name}"
                    yield Problem(_named(board, panel), what, f"leave {variable.name} out of `by`")


def _labels(groups: tuple[RuleGroup, ...], catalogue: Catalogue) -> Mapping[tuple[str, str], AbstractSet[str]]:
    scraped = {
        (exporter.job, metric.name): metric.label_names | TARGET_LABELS
        for exporter in catalogue.exporters
        for metric in (*exporter.metrics, *catalogue.scrape_metrics)
    }
    recorded = {("", rule.name): rule.expr.labels | rule.labels.keys() for group in groups for rule in group.recordings}
    return scraped | recorded


def _named(board: Dashboard, panel: Panel) -> str:
    return f"dashboard {board.board.uid}, panel {panel.title!r}"
