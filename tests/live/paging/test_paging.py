"""From a metric to a page, through the real Prometheus and Alertmanager, an hour a minute."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.library import LIBRARY
from catalogue.services import API_GATEWAY
from dashboards.library import dashboards
from dashboards.links import panel_links
from tests.live.paging.servers import Monitoring, monitoring, routing_key, wait
from tests.live.paging.standins import Application, listening, running

PACE = 60
# Five minutes of a rate, five of waiting, and what delivery takes, at this pace; with a margin for a busy machine.
SOON = 45


@pytest.fixture
def application() -> Iterator[Application]:
    """A healthy application."""
    with running(PACE) as served:
        yield served


@pytest.fixture
def watched(tmp_path: Path, application: Application) -> Iterator[Monitoring]:
    """A healthy production, watched for ten of its minutes."""
    with (
        listening() as pagerduty,
        listening() as switch,
        monitoring(tmp_path, {API_GATEWAY.name: application.host}, pagerduty, switch, pace=PACE) as everything,
    ):
        wait(lambda: switch.received, 30, "Watchdog")
        time.sleep(10)
        # On a busy machine the first scrape may be late, and a service seem absent for a moment.
        wait(lambda: everything.alerts("firing") == {"Watchdog"}, 30, "everything to be well")
        pagerduty.received.clear()
        yield everything


# As the rule says it, for this service.
ERROR_PANEL = (
    panel_links(dashboards(LIBRARY))["HighErrorRate critical"]
    .replace("{{ $labels.namespace | urlquery }}", "openpolicy")
    .replace("{{ $labels.service | urlquery }}", "api-gateway")
)


def test_while_all_is_well_only_watchdog_arrives(watched: Monitoring) -> None:
    time.sleep(10)
    assert watched.pagerduty.opened() == set()
    assert watched.alerts("firing") == {"Watchdog"}
    seen = len(watched.switch.received)
    wait(lambda: len(watched.switch.received) > seen, 10, "the next sign of life")


def test_errors_page_the_platform_team_once_and_resolve(watched: Monitoring, application: Application) -> None:
    pagerduty = watched.pagerduty
    application.advance()
    application.ok, application.failing = 14.0, 6.0
    wait(lambda: pagerduty.triggered("HighErrorRate"), SOON, "HighErrorRate")
    event = pagerduty.triggered("HighErrorRate")[0]
    assert event["routing_key"] == routing_key("platform")
    assert event["payload"]["severity"] == "critical"
    assert event["payload"]["component"] == "api-gateway"
    assert "High error rate on api-gateway" in event["payload"]["summary"]
    assert {link["text"]: link["href"] for link in event["links"]} == {
        "Runbook": "https://runbooks.openpolicy.ca/alerts/HighErrorRate",
        "Dashboard": f"https://grafana.openpolicy.ca{ERROR_PANEL}",
    }
    time.sleep(10)
    assert len({each["dedup_key"] for each in pagerduty.triggered("HighErrorRate")}) == 1, "one incident"
    application.healthy()
    wait(lambda: pagerduty.resolved("HighErrorRate"), SOON, "the incident to be resolved")


def test_an_empty_pool_pages_the_database_team(watched: Monitoring, application: Application) -> None:
    application.free_connections = 0
    wait(lambda: watched.pagerduty.triggered("DatabasePoolExhausted"), SOON, "DatabasePoolExhausted")
    event = watched.pagerduty.triggered("DatabasePoolExhausted")[0]
    assert event["routing_key"] == routing_key("database")
    assert event["payload"]["severity"] == "critical"


def test_a_failing_scraper_is_a_ticket_for_the_data_team(watched: Monitoring, application: Application) -> None:
    application.advance()
    application.good_runs, application.bad_runs = 0.005, 0.005
    wait(lambda: watched.pagerduty.triggered("ScraperFailures"), 90, "ScraperFailures")
    event = watched.pagerduty.triggered("ScraperFailures")[0]
    assert event["routing_key"] == routing_key("data")
    assert event["payload"]["severity"] == "warning"


def test_a_killed_alertmanager_loses_no_page(watched: Monitoring, application: Application) -> None:
    application.free_connections = 0
    watched.alertmanagers[0].stop(signal.SIGKILL)
    wait(lambda: watched.pagerduty.triggered("DatabasePoolExhausted"), SOON, "the page, by the other one")


def test_a_page_outlives_an_outage_of_pagerduty(watched: Monitoring, application: Application) -> None:
    watched.pagerduty.status = 500
    application.free_connections = 0
    wait(lambda: "DatabasePoolExhausted" in watched.alerts("firing"), SOON, "the alert")
    time.sleep(8)
    assert watched.pagerduty.opened() == set()
    watched.pagerduty.status = 202
    wait(lambda: watched.pagerduty.triggered("DatabasePoolExhausted"), SOON, "the page, after the outage")


def test_a_restarted_prometheus_remembers_how_long_and_pages_nobody_falsely(
    watched: Monitoring, application: Application
) -> None:
    application.advance()
    application.good_runs, application.bad_runs = 0.005, 0.005
    wait(lambda: "ScraperFailures" in watched.alerts("pending"), SOON, "ScraperFailures to be pending")
    began = time.monotonic()
    time.sleep(15)
    watched.prometheus.stop()
    watched.prometheus.start()
    # The half hour began before the restart; begun anew it would end a quarter of an hour later.
    wait(lambda: "ScraperFailures" in watched.alerts("firing"), 30, "ScraperFailures to fire")
    assert time.monotonic() - began < 15 + 30
    assert watched.pagerduty.opened() <= {"ScraperFailures"}
