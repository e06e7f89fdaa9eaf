"""A panel that nobody could read or trust is refused where it is written."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from alerts.expression import Expr, Op
from alerts.library import LIBRARY
from alerts.model import Alert, Severity, alerts_of
from alerts.promql import count_by, like, select, sum_by
from catalogue.exporters import APPLICATION, UP
from catalogue.metrics import HTTP_REQUESTS
from catalogue.model.board import Board
from catalogue.model.metric import Unit
from catalogue.model.time import hours, minutes
from dashboards.layout import laid_out
from dashboards.library.variables import NAMESPACE, SERVICE
from dashboards.library.watched import watched
from dashboards.limits import Colour, Limits, Step, rising, sinking, steps
from dashboards.model import Dashboard, Panel, Row, Shape
from dashboards.panels import counted, line, lines, stat, table, timeseries
from dashboards.promql import RANGE, RATE_INTERVAL, days_until_empty, every_minute, firing, narrowed, top
from dashboards.query import Variable
from dashboards.render.board import board_json

REQUESTS = sum_by(select(APPLICATION, HTTP_REQUESTS).rate(RATE_INTERVAL), "service")
UPS = sum_by(select(APPLICATION, UP).now, "service")
ALERTS = {alert.name: alert for alert in alerts_of(LIBRARY)}


def panel(title: str = "Requests", description: str = "Requests a second.", expr: Expr = REQUESTS) -> Panel:
    return timeseries(title, description, line(expr, "{service}"))


def board(*panels: Panel, variables: tuple[Variable, ...] = (NAMESPACE, SERVICE)) -> Dashboard:
    return Dashboard(
        board=Board("op-test", "Test"),
        description="A test.",
        variables=variables,
        annotations=(),
        rows=(Row(title="Row", panels=panels),),
        shows=hours(6),
    )


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "no title": (lambda: panel(title=" "), "it has a title, and a description in sentences"),
    "no description": (lambda: panel(description=""), "it has a title, and a description in sentences"),
    "no sentence": (lambda: panel(description="Requests"), "it has a title, and a description in sentences"),
    "no query": (lambda: timeseries("A", "B."), "it asks either metrics or logs"),
    "metrics and logs at once": (
        lambda: timeseries("A", "B.", line(UPS, "{service}"), counted("*", "lines")),
        "it asks either metrics or logs",
    ),
    "a heatmap of logs": (
        lambda: replace(lines("A", "B.", counted("*", "lines")), shape=Shape.HEATMAP),
        "a heatmap does not show logs",
    ),
    "a search for nothing": (lambda: counted(" ", "lines"), "a search asks for something"),
    "a search without a name": (lambda: counted("*"), "a legend, or a field"),
    "a search that shows nothing": (lambda: counted("*", by="service.name", most=0), "it shows 0 values"),
    "wider than the grid": (lambda: replace(panel(), width=25), "25 by 8 does not fit"),
    "two lines of one name": (
        lambda: timeseries("A", "B.", line(REQUESTS, "{service}"), line(UPS, "{service}")),
        "legends named twice",
    ),
    "two units": (
        lambda: timeseries("A", "B.", line(REQUESTS, "{service}"), line(UPS, "up {service}")),
        "its queries are in different units",
    ),
    "a line without a legend": (lambda: timeseries("A", "B.", line(REQUESTS, "")), "a line without a legend"),
    "a legend of a label that is not there": (lambda: line(REQUESTS, "{pod}"), "pod is no label of"),
    "series that look the same": (
        lambda: line(sum_by(select(APPLICATION, UP).now, "service", "pod"), "{service}"),
        "series that differ in pod look the same",
    ),
    "a table of two queries": (
        lambda: replace(table("A", "B.", REQUESTS), queries=(*panel().queries, line(UPS, "up {service}"))),
        "answers one query",
    ),
    "an alert whose measure is not shown": (
        lambda: replace(panel(), alerts=(ALERTS["HighErrorRate"],)),
        "it names HighErrorRate and shows no service:http_request_errors:ratio_rate5m",
    ),
    "low and high both bad": (
        lambda: steps((ALERTS["HighErrorRate"],), sinking(bad="1", because="-")),
        "one of its alerts finds low bad, and another high",
    ),
    "a limit without a reason": (lambda: rising(warn="1", because=""), "a number without a reason"),
    "limits without a number": (lambda: Limits(because="-"), "limits without a number"),
    "limits the wrong way round": (lambda: rising(warn="2", bad="1", because="-"), "bad before it is worth a warning"),
    "two panels of one title": (lambda: board(panel(), panel()), "panels named twice: Requests"),
    "a choice that the board does not offer": (
        lambda: board(replace(panel(), by=(SERVICE,)), variables=()),
        "obeys service, which it does not offer",
    ),
    "a variable without its label": (
        lambda: Variable(name="bill_id", title="Bill", series=select(APPLICATION, UP)),
        "has no label bill_id",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused(mistake: str) -> None:
    make, complaint = MISTAKES[mistake]
    with pytest.raises(ValueError, match="(?s)" + complaint.replace("(", r"\(")):
        make()


def test_a_panel_s_id_outlives_what_comes_before_it() -> None:
    alone, second = board(panel("B")), board(panel("A"), panel("B"))
    assert alone.panels[0].id == second.panels[1].id
    assert second.panels[0].id != second.panels[1].id


def test_panels_flow_from_left_to_right() -> None:
    page = board(panel("A"), panel("B"), replace(panel("C"), width=12), panel("D"))
    (row,) = laid_out(page.rows)
    assert [(place.x, place.y) for _, place in row.panels] == [(0, 1), (8, 1), (0, 9), (12, 9)]


def test_a_closed_row_takes_one_line() -> None:
    closed = Row(title="Closed", panels=(panel("A"),), collapsed=True)
    first, second = laid_out((closed, Row(title="Open", panels=(panel("B"),))))
    assert (first.heading.y, second.heading.y) == (0, 1)


def _alert(name: str, op: Op, threshold: str, severity: Severity = Severity.WARNING) -> Alert:
    when = replace(ALERTS[name].when, op=op, threshold=Decimal(threshold), because="-")
    when = replace(when, measure=replace(when.measure, unit=Unit.COUNT))
    return replace(ALERTS[name], when=when, severity=severity)


def test_thresholds_are_the_alerts_own() -> None:
    warning = _alert("HighErrorRate", Op.ABOVE, "0.8")
    page = _alert("HighErrorRate", Op.ABOVE, "0.9", Severity.CRITICAL)
    assert steps((page, warning), None) == (
        Step(Colour.GOOD),
        Step(Colour.WARN, Decimal("0.8")),
        Step(Colour.BAD, Decimal("0.9")),
    )
    low = _alert("HighErrorRate", Op.BELOW, "3")
    lower = _alert("HighErrorRate", Op.BELOW, "1", Severity.CRITICAL)
    assert steps((low, lower), None) == (
        Step(Colour.BAD),
        Step(Colour.WARN, Decimal(1)),
        Step(Colour.GOOD, Decimal(3)),
    )


def test_none_left_is_what_is_wrong() -> None:
    gone = _alert("HighErrorRate", Op.EQUALS, "0", Severity.CRITICAL)
    assert steps((gone,), None) == (Step(Colour.BAD), Step(Colour.GOOD, Decimal(1)))


def test_a_condition_without_a_number_is_bad_wherever_it_shows() -> None:
    assert steps((ALERTS["ServiceAbsent"],), None) == (Step(Colour.BAD),)
    assert steps((), None) == (Step(Colour.GOOD),)


def test_choices_reach_every_selector_and_no_text() -> None:
    share = select(APPLICATION, HTTP_REQUESTS, status=like("5..{1}|up")).rate(RATE_INTERVAL)
    text = narrowed(sum_by(share, "service").of(UPS), ["service"])
    assert text == (
        'sum by (service) (rate(http_requests_total{job="openpolicy",status=~"5..{1}|up",service=~"$service"}'
        '[$__rate_interval])) / (sum by (service) (up{job="openpolicy",service=~"$service"}) > 0)'
    )
    assert narrowed(firing().now, []) == 'ALERTS{alertstate="firing"}'


def test_dashboard_words_keep_labels_and_sources() -> None:
    assert top(3, REQUESTS).labels == {"service"}
    left = days_until_empty(select(APPLICATION, UP), hours(1))
    assert left.text == 'up{job="openpolicy"} / (-1 * (deriv(up{job="openpolicy"}[1h]) < 0)) / 86400'
    assert left.reads == UPS.reads


def test_a_week_of_alerts_is_added_up_by_the_minute() -> None:
    fired = every_minute(count_by(firing(severity="critical").now, "alertname"), RANGE)
    assert fired.labels == {"alertname"}
    assert fired.text == (
        'sum_over_time(count by (alertname) (ALERTS{alertstate="firing",severity="critical"})[$__range:1m])'
    )


def test_what_an_alert_measures_is_shown_with_all_its_thresholds() -> None:
    panel = watched("A", "B.", "{instance}", "PostgreSQLConnectionsHigh", "PostgreSQLConnectionsExhausted")
    assert [step.colour for step in panel.steps] == [Colour.GOOD, Colour.WARN, Colour.BAD]
    assert panel.queries[0].expr == ALERTS["PostgreSQLConnectionsHigh"].when.measure


def test_alerts_that_measure_something_else_do_not_fit_on_one_panel() -> None:
    with pytest.raises(ValueError, match="it names RedisEvictions and shows no"):
        watched("A", "B.", "{instance}", "PostgreSQLConnectionsHigh", "RedisEvictions")


def test_what_is_expensive_is_asked_less_often() -> None:
    page = board(timeseries("A", "B.", line(REQUESTS, "{service}", closest=minutes(2))))
    (_, shown) = json.loads(board_json(page, "https://runbooks.example.org"))["panels"]
    assert shown["targets"][0]["interval"] == "2m"


def test_a_stat_needs_no_legend() -> None:
    assert stat("A", "B.", UPS).queries[0].legend == ""
