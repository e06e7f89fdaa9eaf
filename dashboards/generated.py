"""Panels for the alerts that no page shows by hand, so that a link from any alert opens what it measures."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from alerts.expression import Expr, Op, number
from alerts.model import Alert, RuleGroup, alerts_of
from alerts.promql import TARGET_LABELS
from catalogue.model.board import Board
from dashboards.limits import low_is_bad
from dashboards.model import Dashboard, Panel, Row
from dashboards.panels import line, timeseries
from dashboards.query import Variable

_WIDTH = 6
# A series of a target has these too, and its pod and instance tell it apart.
_REPEATED = {"job", "container", "namespace"}
_NAMELESS = "value"
_WORDS = {Op.ABOVE: "above", Op.AT_LEAST: "from", Op.BELOW: "below", Op.AT_MOST: "down from", Op.EQUALS: "at"}


def complete(pages: Iterable[Dashboard], groups: Sequence[RuleGroup]) -> Iterator[Dashboard]:
    """The pages as these alerts want them: with their thresholds, and below a page's own rows a panel for each other.

    Those rows are closed, one for each group of alerts that link to the page.
    """
    current = {alert.key: alert for alert in alerts_of(tuple(groups))}
    linked = dict[Board, dict[str, list[Alert]]]()
    for group in groups:
        for alert in group.alerts:
            linked.setdefault(alert.board, {}).setdefault(group.name, []).append(alert)
    for page in pages:
        tuned = page.with_rows(*(_current(row, current) for row in page.rows))
        yield tuned.with_rows(*tuned.rows, *_more(tuned, linked.get(page.board, {})))


def _more(page: Dashboard, linked: Mapping[str, Sequence[Alert]]) -> Iterator[Row]:
    """A row for each group that has alerts which the page does not show. `linked` are all that link to it."""
    shown = {alert.key for alert, _ in page.alerts}
    telling = _telling(alert for alerts in linked.values() for alert in alerts)
    for group, alerts in linked.items():
        if rest := [alert for alert in alerts if alert.key not in shown]:
            panels = alert_panels(rest, page.variables, telling)
            yield Row(title=_heading(group), panels=tuple(panels), collapsed=True)


def _current(row: Row, alerts: dict[str, Alert]) -> Row:
    def tuned(panel: Panel) -> Panel:
        # An alert that a stack does not have leaves its panel without a line.
        kept = tuple(alerts[each.key] for each in panel.alerts if each.key in alerts)
        return replace(panel, alerts=kept)

    return replace(row, panels=tuple(tuned(panel) for panel in row.panels))


def _heading(group: str) -> str:
    return "Alerts: " + group.removeprefix("openpolicy-").removesuffix("-alerts").replace("-", " ")


def alert_panels(
    alerts: Sequence[Alert], variables: Sequence[Variable], telling: Mapping[str, AbstractSet[str]]
) -> Iterator[Panel]:
    """A small panel for each measure, with the thresholds of all alerts that read it.

    `telling` are the labels in which alerts of the page differ, by the name that they share.
    """
    measured = dict[tuple[str, bool], list[Alert]]()
    for alert in alerts:
        # Where one finds low bad and another high, each has its own.
        measured.setdefault((alert.when.measure.text, low_is_bad(alert.when)), []).append(alert)
    for watching in measured.values():
        measure = watching[0].when.measure
        obeyed = [variable for variable in variables if all(_narrows(variable, alert) for alert in watching)]
        yield timeseries(
            " and ".join(dict.fromkeys(_title(alert, telling.get(alert.name, ())) for alert in watching)),
            " ".join(dict.fromkeys(f"{_sentence(alert)}" for alert in watching)),
            line(measure, _legend(measure)),
            by=tuple(obeyed),
            alerts=tuple(watching),
            width=_WIDTH,
        )


def _narrows(variable: Variable, alert: Alert) -> bool:
    """Whether choosing a value picks series of the alert, and never hides them all."""
    measure = alert.when.measure
    if variable.name not in measure.labels or (variable.name == "service" and alert.service is not None):
        return False
    return bool(measure.reads) and all(source.job in ("", variable.series.source.job) for source in measure.reads)


def _telling(alerts: Iterable[Alert]) -> Mapping[str, AbstractSet[str]]:
    named = dict[str, list[dict[str, str]]]()
    for alert in alerts:
        named.setdefault(alert.name, []).append(_own(alert))
    return {
        name: {label for label in set[str]().union(*twins) if len({own.get(label) for own in twins}) > 1}
        for name, twins in named.items()
    }


def _title(alert: Alert, telling: Container[str]) -> str:
    """Its name, and what tells it from others of that name."""
    told = [value for label, value in _own(alert).items() if label in telling]
    return f"{alert.name} ({', '.join(told)})" if told else alert.name


def _own(alert: Alert) -> dict[str, str]:
    return dict(alert.labels) | ({"service": alert.service.name} if alert.service else {})


def _sentence(alert: Alert) -> str:
    """When it fires and why there, in words."""
    when, lasting = alert.when, f" for {alert.lasting}" if alert.lasting.seconds else ""
    if when.op is None:
        return f"{alert.name} fires while this has a value{lasting}: no line is good news."
    because = f" {when.because}" if when.because else ""
    return f"{alert.name} fires {_WORDS[when.op]} {number(when.threshold)}{lasting}.{because}"


def _legend(measure: Expr) -> str:
    """Every label that can tell two series apart, but for the namespace, which most share."""
    raw = measure.labels >= TARGET_LABELS
    told = sorted(measure.labels - (_REPEATED if raw else {"namespace"}))
    return " ".join(f"{{{label}}}" for label in told) or _NAMELESS
