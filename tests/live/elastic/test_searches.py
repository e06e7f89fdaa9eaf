"""What the four saved searches of Kibana find, in a real Elasticsearch.

Those that list lines are in KQL, which Kibana turns into a query; here twenty lines do so for the little of it that is
used. Those that add up are in ES|QL, whose module is not published: their fields are there, and of the right types.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from components.render.logs.names import EVERYTHING
from components.render.logs.searches import SEARCHES, Search
from tests.live.elastic.server import Server
from tests.support.lines import NGINX, ecs
from tests.support.logstash.logstash import ingested

LISTING = {each.id: each for each in SEARCHES if not each.esql}
NAMESPACE = "searched"


@pytest.fixture(scope="module")
def requests(node: Server) -> list[str]:
    """Requests by path: /200 … /504 by their status, and /slow. Returns the paths."""
    lines = {f"/{status}": NGINX % (f"/{status}", status) for status in (200, 404, 500, 504)}
    lines["/slow"] = ecs(**{"url.path": "/slow", "http.response.status_code": 200}, duration_ms=1500)
    lines["/fast"] = ecs(**{"url.path": "/fast", "http.response.status_code": 200}, duration_ms=15)
    lines["an error"] = ecs(**{"log.level": "error", "event.duration": 9_000_000_000})
    events = ingested((("web", line) for line in lines.values()), namespace=NAMESPACE)
    assert {each["status"] for each in node.create(events)} == {201}
    return list(lines)


def translated(kql: str) -> Mapping[str, Any]:
    """Terms and bounds that all hold, as Kibana makes a query of them."""
    parts = list[dict[str, Any]]()
    for part in kql.split(" and "):
        found = re.fullmatch(r"(\S+) >= (\d+)|(\S+): (\S+)", part)
        assert found is not None, f"more of KQL than is known here: {part}"
        bound, least, field, value = found.groups()
        parts.append({"range": {bound: {"gte": int(least)}}} if bound else {"match": {field: value}})
    return {"bool": {"filter": parts}}


FINDS = {"openpolicy-5xx-last-hour": ["/500", "/504"], "openpolicy-slow-requests": ["/slow"]}


@pytest.mark.parametrize("name", LISTING)
def test_it_lists_what_its_title_says(node: Server, requests: list[str], name: str) -> None:
    assert set(FINDS[name]) < set(requests)
    search = LISTING[name]
    query = translated(search.query)["bool"]["filter"]
    query = {"bool": {"filter": [*query, {"term": {"data_stream.namespace": NAMESPACE}}]}}
    hits = node.found(EVERYTHING, query, sort=[{search.sort: "desc"}], fields=[*search.columns])
    assert sorted(hit["fields"]["url.path"][0] for hit in hits) == FINDS[name]
    since = datetime.now(UTC) - timedelta(hours=1)
    assert all(datetime.fromisoformat(hit["_source"]["@timestamp"]) > since for hit in hits)


def capabilities(node: Server, search: Search) -> Mapping[str, Any]:
    """What can be done with each field that it names, by the field."""
    text = f"{search.query} {' '.join(search.columns)} {search.sort}"
    named = set(re.findall(r"@timestamp|\b[a-z_]+(?:\.[a-z_]+)+", text)) - {"logs-openpolicy.access"}
    named = {each for each in named if not each.startswith(("openpolicy.", "logs."))}
    assert named
    answer = node.ask("POST", f"logs-openpolicy.access-{NAMESPACE}/_field_caps?fields={','.join(sorted(named))}")
    return {field: answer["fields"].get(field) for field in named}


# Nothing here looks an address up, so no line brings these; ECS has them as keywords.
NOT_HERE = {"client.geo.country_iso_code", "trace.id", "http.request.id"}


@pytest.mark.parametrize("search", SEARCHES, ids=lambda each: each.id)
def test_every_field_that_it_names_can_be_searched_and_added_up(
    node: Server, requests: list[str], search: Search
) -> None:
    assert requests
    for field, types in capabilities(node, search).items():
        if field in NOT_HERE and types is None:
            continue
        assert types is not None, field
        (kind,) = types
        assert types[kind]["searchable"], field
        assert types[kind]["aggregatable"], field
        if field in ("event.duration", "http.response.status_code"):
            assert kind == "long"
