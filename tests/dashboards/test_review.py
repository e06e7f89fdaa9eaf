"""Boards that would show nothing are refused, and links that would open nothing. Each check catches a fault."""

from dataclasses import replace
from decimal import Decimal

import pytest

from alerts.expression import Op, Source
from alerts.library import LIBRARY
from alerts.model import alerts_of
from alerts.promql import select, sum_by
from alerts.tuning import Override, tune
from catalogue import CATALOGUE
from catalogue.boards import SLO
from catalogue.exported import kubernetes
from catalogue.exporters import KUBE_STATE_METRICS, UP
from catalogue.model.board import Board
from dashboards.generated import alert_panels
from dashboards.library import dashboards
from dashboards.limits import rising
from dashboards.links import panel_links
from dashboards.model import Dashboard, Panel
from dashboards.query import Variable
from dashboards.review import review

BOARDS = dashboards(LIBRARY)
ALERTS = alerts_of(LIBRARY)
ALERT = next(alert for alert in ALERTS if alert.name == "HighMemoryUsage")


def found(boards: tuple[Dashboard, ...]) -> str:
    return "\n".join(map(str, review(boards, LIBRARY, CATALOGUE)))


def changed(uid: str, title: str, panel: Panel | None) -> tuple[Dashboard, ...]:
    """The boards with one panel changed, or without it."""

    def with_panel(page: Dashboard) -> Dashboard:
        if page.board.uid != uid:
            return page
        rows = [
            replace(row, panels=tuple(panel if each.title == title else each for each in row.panels))
            if panel
            else replace(row, panels=tuple(each for each in row.panels if each.title != title))
            for row in page.rows
        ]
        return page.with_rows(*rows)

    return tuple(with_panel(page) for page in BOARDS)


def one(uid: str, title: str) -> Panel:
    return next(each for page in BOARDS if page.board.uid == uid for each in page.panels if each.title == title)


def reading(source: Source) -> Panel:
    panel = one("op-system-overview", "Request Rate")
    query = panel.queries[0]
    return replace(panel, queries=(replace(query, expr=replace(query.expr, reads=frozenset({source}))),))


def with_variable(variable: Variable) -> tuple[Dashboard, ...]:
    return (replace(BOARDS[0], variables=(*BOARDS[0].variables, variable)), *BOARDS[1:])


PHASE = Variable(name="phase", title="Phase", series=select(KUBE_STATE_METRICS, kubernetes.POD_PHASE))


def with_choice(variable: Variable, title: str) -> tuple[Dashboard, ...]:
    """The boards, with a panel of the first that obeys one variable more."""
    panel = one(BOARDS[0].board.uid, title)
    narrower = replace(panel, by=(*panel.by, variable))
    page = with_variable(variable)[0]
    rows = [
        replace(row, panels=tuple(narrower if each.title == title else each for each in row.panels))
        for row in page.rows
    ]
    return (page.with_rows(*rows), *BOARDS[1:])


def test_the_boards_as_they_are_pass() -> None:
    assert found(BOARDS) == ""


def without(board: Board) -> tuple[Dashboard, ...]:
    return tuple(page for page in BOARDS if page.board != board)


FAULTS: dict[str, tuple[tuple[Dashboard, ...], str]] = {
    "a board without a page": (without(SLO), f"dashboard {SLO.uid}: 0 pages are written for it"),
    "a board with two pages": ((*BOARDS, BOARDS[0]), "dashboard op-system-overview: 2 pages are written for it"),
    "a page that the catalogue does not know": (
        (*BOARDS, replace(BOARDS[3], board=Board("op-other", "Other"))),
        "dashboard op-other: alerts cannot link to it",
    ),
    "an alert without a panel": (
        changed("op-infra-health", "Memory Usage", None),
        (
            "no panel of op-infra-health shows it, so its link opens nothing; "
            'alerts=alert("HighMemoryUsage") on a panel of op-infra-health with its measure'
        ),
    ),
    "limits beside an alert's own": (
        changed(
            "op-infra-health",
            "Memory Usage",
            replace(one("op-infra-health", "Memory Usage"), alerts=(), limits=rising(warn="0.85", because="-")),
        ),
        "it has limits of its own for what HighMemoryUsage measures; alerts=alert(",
    ),
    "a metric that nothing exposes": (
        changed("op-system-overview", "Request Rate", reading(Source("openpolicy", "http_request_total"))),
        "the job openpolicy does not expose http_request_total; did you mean http_requests_total?",
    ),
    "a job that nothing scrapes": (
        changed("op-system-overview", "Request Rate", reading(Source("openpolcy", "up"))),
        "nothing scrapes the job openpolcy; did you mean openpolicy?",
    ),
    "a series that nothing records": (
        changed("op-system-overview", "Request Rate", reading(Source("", "service:http_request:rate5m"))),
        "no rule records service:http_request:rate5m",
    ),
    "a choice of a label that the series lack": (
        with_choice(PHASE, "Error Rate"),
        "it obeys $phase, and service:http_request_errors:ratio_rate5m has no label phase; leave phase out of `by`",
    ),
    "a variable whose values nothing exposes": (
        with_variable(replace(PHASE, series=replace(PHASE.series, source=Source("kube-state", "kube_pod_phase")))),
        "variable phase: nothing scrapes the job kube-state; did you mean kube-state-metrics?",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_refused(fault: str) -> None:
    boards, complaint = FAULTS[fault]
    assert complaint in found(boards)


def test_a_board_of_another_stack_s_thresholds_is_refused() -> None:
    tuned = tune(LIBRARY, {"HighErrorRate": Override(threshold=Decimal("0.25"))})
    (problem,) = review(BOARDS, tuned, CATALOGUE)
    assert str(problem).startswith("alert HighErrorRate: op-system-overview shows a threshold of 0.1")
    assert review(dashboards(tuned), tuned, CATALOGUE) == ()


def test_a_stack_s_threshold_is_the_line_that_its_board_draws() -> None:
    tuned = tune(LIBRARY, {"HighErrorRate": Override(threshold=Decimal("0.25"))})
    panel = next(each for each in dashboards(tuned)[0].panels if each.title == "Error Rate")
    assert Decimal("0.25") in [step.value for step in panel.steps]


def test_every_alert_has_a_panel_with_its_measure_and_threshold() -> None:
    shown = {alert.identity: panel for page in BOARDS for alert, panel in page.alerts if alert.board == page.board}
    for alert in ALERTS:
        panel = shown[alert.identity]
        assert alert.when.measure.text in [query.expr.text for query in panel.queries]
        if alert.when.op is not None and alert.when.threshold:
            assert alert.when.threshold in [step.value for step in panel.steps], alert.identity


def test_a_new_alert_gets_a_panel_without_a_word() -> None:
    group = next(each for each in LIBRARY if each.name == "openpolicy-node-alerts")
    known = group.alerts[0]
    when = replace(known.when, measure=replace(known.when.measure, text="another"))
    more = replace(group, rules=(*group.rules, replace(known, name="NodeOnFire", when=when)))
    groups = tuple(more if each is group else each for each in LIBRARY)
    boards = dashboards(groups)
    page = next(each for each in boards if each.board == known.board)
    row = next(each for each in page.rows if each.title == "Alerts: node")
    assert (row.collapsed, row.panels[-1].title) == (True, "NodeOnFire")
    assert f"panel-{row.panels[-1].id}" in panel_links(boards)[f"NodeOnFire service=node {known.severity}"]


def test_alerts_that_disagree_on_what_is_bad_get_a_panel_each() -> None:
    low = replace(ALERT, name="TooLittle", when=replace(ALERT.when, op=Op.BELOW, threshold=Decimal("0.1")))
    high = replace(ALERT, name="TooMuch", when=replace(ALERT.when, threshold=Decimal("0.9")))
    panels = {panel.title: panel for panel in alert_panels((low, ALERT, high), (), {})}
    assert panels.keys() == {"TooLittle", "HighMemoryUsage and TooMuch"}
    assert [step.value for step in panels["HighMemoryUsage and TooMuch"].steps] == [
        None,
        Decimal("0.85"),
        Decimal("0.9"),
    ]


def test_what_is_added_up_by_job_is_told_apart_by_it() -> None:
    by_job = replace(
        ALERT,
        summary="-",
        description="-",
        when=replace(ALERT.when, measure=sum_by(select(KUBE_STATE_METRICS, UP).now, "job")),
    )
    (panel,) = alert_panels((by_job,), (), {})
    assert panel.queries[0].legend == "{job}"


def test_a_link_opens_the_panel_with_the_alert_s_own_series() -> None:
    links = panel_links(BOARDS)
    assert links.keys() == {alert.key for alert in ALERTS}
    panel = one("op-system-overview", "Error Rate")
    assert links["HighErrorRate critical"] == (
        f"/d/op-system-overview?viewPanel=panel-{panel.id}"
        "&var-namespace={{ $labels.namespace | urlquery }}&var-service={{ $labels.service | urlquery }}"
    )


def test_alerts_on_one_measure_share_a_panel() -> None:
    titles = [panel.title for page in BOARDS for panel in page.panels]
    assert "AvailabilitySLOBreach (1h, 5m, 14.4)" in titles
    assert len(titles) == len({(page.board.uid, panel.title) for page in BOARDS for panel in page.panels})
