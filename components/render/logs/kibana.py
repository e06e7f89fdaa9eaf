"""Kibana's saved objects: a view of all lines, the four searches that are asked for most, and a board of them.

Ids are for ever: people link to them.
"""

import json

from components.render.kubernetes import Document
from components.render.logs.names import EVERYTHING, PREFIX
from components.render.logs.searches import SEARCHES, Search

_VIEW = f"{PREFIX}-logs"
_SEARCH_VERSION = {"coreMigrationVersion": "8.8.0", "typeMigrationVersion": "10.5.0"}


def saved_objects() -> str:
    """All of them, one a line, as Kibana imports them."""
    objects = [_view(), *(_search(each) for each in SEARCHES), _board()]
    return "".join(json.dumps(each, sort_keys=True) + "\n" for each in objects)


def _view() -> Document:
    return {
        "type": "index-pattern",
        "id": _VIEW,
        "attributes": {"title": EVERYTHING, "name": "OpenPolicy logs", "timeFieldName": "@timestamp"},
        "references": [],
        "coreMigrationVersion": "8.8.0",
        "typeMigrationVersion": "8.0.0",
    }


def _search(search: Search) -> Document:
    index = "kibanaSavedObjectMeta.searchSourceJSON.index"
    source: Document = {"query": {"query": search.query, "language": "kuery"}, "filter": [], "indexRefName": index}
    if search.esql:
        source = {"query": {"esql": search.query}, "filter": []}
    return {
        "type": "search",
        "id": search.id,
        "attributes": {
            "title": search.title,
            "description": search.description,
            "columns": [*search.columns],
            "sort": [] if search.esql else [[search.sort, "desc"]],
            "grid": {},
            "hideChart": False,
            "isTextBasedQuery": search.esql,
            "timeRestore": True,
            "timeRange": {"from": search.since, "to": "now"},
            "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source, sort_keys=True)},
        },
        "references": [] if search.esql else [{"id": _VIEW, "name": index, "type": "index-pattern"}],
        **_SEARCH_VERSION,
    }


def _board() -> Document:
    """Every search below the other, half a page wide."""
    panels: list[Document] = [
        {
            "type": "search",
            "panelIndex": str(index),
            "panelRefName": f"panel_{index}",
            "gridData": {"i": str(index), "x": 24 * (index % 2), "y": 15 * (index // 2), "w": 24, "h": 15},
            "embeddableConfig": {"enhancements": {}},
        }
        for index in range(len(SEARCHES))
    ]
    return {
        "type": "dashboard",
        "id": f"{PREFIX}-logs-board",
        "attributes": {
            "title": "OpenPolicy logs",
            "description": "The searches that are asked for most.",
            "panelsJSON": json.dumps(panels, sort_keys=True),
            "optionsJSON": json.dumps({"useMargins": True}),
            "timeRestore": False,
            "version": 1,
            "kibanaSavedObjectMeta": {
                "searchSourceJSON": json.dumps({"query": {"query": "", "language": "kuery"}, "filter": []})
            },
        },
        "references": [
            {"id": each.id, "name": f"{index}:panel_{index}", "type": "search"} for index, each in enumerate(SEARCHES)
        ],
        "coreMigrationVersion": "8.8.0",
        "typeMigrationVersion": "10.2.0",
    }
