"""Links of every board, filled in by Grafana's own published front end, lead where they say.

What that proves: variables, time and labels become what Explore reads, whatever is chosen, and every unit is one of
Grafana's. What it does not: that Explore's page, which is in no package, shows it.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from catalogue.model.board import DataSource
from components.render.data_sources import data_sources
from dashboards.library.variables import SERVICE
from tests.docs.documents import BOARDS
from tests.support.examples import GRAFANA
from tests.support.npm import packages
from tests.support.pages import ROOT

FROM, TO = 1_700_000_000_000, 1_700_003_600_000
# The last could be no service of ours, and stays within its quotes all the same.
CHOICES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "all": {},
    "one": {"service": ["api-gateway"]},
    "two": {"service": ["api-gateway", "scrapers"]},
}
REGEX = {"all": SERVICE.everything, "one": "api-gateway", "two": "(api-gateway|scrapers)"}


@pytest.fixture(scope="module")
def found() -> Any:
    """Where every link leads, by kind."""
    sources: Any = data_sources(GRAFANA.sources)["datasources"]
    # As Grafana reads the file: two dollars are one.
    (logs,) = (json.loads(json.dumps(each).replace("$$", "$")) for each in sources if each["uid"] == DataSource.LOGS)
    given = {
        "boards": [*BOARDS.values()],
        "links": logs["jsonData"]["dataLinks"],
        "from": FROM,
        "to": TO,
        "choices": CHOICES,
    }
    node = shutil.which("node")
    assert node is not None, "there is no node to run Grafana's front end with"
    script = ROOT / "tests" / "live" / "grafana" / "follow.cjs"
    done = subprocess.run(
        [node, script], input=json.dumps(given), cwd=packages("grafana"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def pane(link: Any) -> Any:
    """What Explore reads of where a link leads."""
    assert link["href"].startswith("/explore?"), link
    (only,) = json.loads(link["panes"]).values()
    return only


def test_logs_and_traces_of_a_panel_are_of_its_time_and_its_services(found: Any) -> None:
    seen = set[str]()
    for each in found["panels"]:
        if not each["title"].endswith("of this time"):
            continue
        shown = pane(each)
        assert shown["range"] == {"from": str(FROM), "to": str(TO)}
        (query,) = shown["queries"]
        assert query["datasource"]["uid"] == shown["datasource"]
        if shown["datasource"] == DataSource.LOGS:
            assert query["query"] in ("*", f"service.name:/{REGEX[each['choice']]}/"), each
            seen.add(query["query"])
        else:
            # A service called All would find nothing.
            assert (shown["datasource"], query["queryType"]) == (DataSource.TRACES, "search")
            assert "service" not in query
    assert seen == {"*", *(f"service.name:/{each}/" for each in REGEX.values())}


def test_a_click_on_a_line_leads_to_logs_and_traces_of_its_own_service(found: Any) -> None:
    assert found["lines"]
    for each in found["lines"]:
        shown = pane(each)
        assert shown["range"] == {"from": str(FROM), "to": str(TO)}
        (query,) = shown["queries"]
        if each["title"] == "Logs of api-gateway":
            assert query["query"] == "service.name:api-gateway"
        else:
            assert each["title"] == "Traces of api-gateway"
            assert query["service"] == "api-gateway"


def test_every_panel_and_every_choice_was_followed(found: Any) -> None:
    panels = {
        (uid, panel["title"])
        for uid, board in BOARDS.items()
        for row in board["panels"]
        for panel in (row["panels"] if row["type"] == "row" else [row])
    }
    for choice in CHOICES:
        assert {(each["board"], each["panel"]) for each in found["panels"] if each["choice"] == choice} == panels
    assert not [each for each in found["panels"] if "${" in each["href"] or "undefined" in each["href"]]


def test_a_line_of_a_log_leads_to_its_trace(found: Any) -> None:
    (link,) = found["logs"]
    shown = pane(link)
    assert shown["datasource"] == DataSource.TRACES
    assert shown["queries"][0]["query"] == "4bf92f3577b34da6a3ce929d0e0e4736"


def test_every_unit_is_one_of_grafana_s(found: Any) -> None:
    assert found["units"] == []
