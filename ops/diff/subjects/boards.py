"""Dashboards, panel by panel: what each asks, in which form, and where its colours change."""

from collections.abc import Iterator, Sequence
from typing import Any

from ops.diff.documents import Document, Documents
from ops.diff.facts import flatten
from ops.diff.model import Facts, Item, Value

# Where it stands follows from its neighbours, its number from its name, and its queries are told in words.
_UNTOLD = ("gridPos", "id", "title", "targets", "panels", "collapsed", "type", "description", "links", "fieldConfig")


def read(documents: Documents) -> Sequence[Item]:
    """The boards, and the panels of each."""
    return [item for _, board in documents.below("grafana") for item in _items(board)]


def _items(board: Document) -> Iterator[Item]:
    rest = {key: value for key, value in board.items() if key not in ("panels", "title", "uid", "annotations")}
    told = {
        f"annotation {each['name']}": str(each.get("expr", "")) for each in board.get("annotations", {}).get("list", [])
    }
    yield Item(name=f"board {board['title']}", also=board["uid"], facts={**flatten(rest), **told})
    row = ""
    for panel in board["panels"]:
        if panel["type"] == "row":
            row = str(panel["title"])
        for each in (*panel.get("panels", []), *([] if panel["type"] == "row" else [panel])):
            yield Item(name=f"{board['title']} › {each.get('title', '')}", also=row, facts={"row": row, **_panel(each)})


def _panel(panel: Document) -> Facts:
    queries = {
        f"query {target.get('refId', number)}": str(target.get("expr") or target.get("query") or "")
        for number, target in enumerate(panel.get("targets", []), start=1)
    }
    position = panel.get("gridPos", {})
    config = panel.get("fieldConfig", {})
    defaults: dict[str, Any] = config.get("defaults", {})
    fields = {**defaults, "thresholds": None, "overrides": config.get("overrides", [])}
    facts: dict[str, Value] = {
        "form": str(panel["type"]),
        "description": str(panel.get("description", "")),
        **queries,
        "limits": tuple(_limit(step) for step in defaults.get("thresholds", {}).get("steps", [])),
        "leads to": tuple(str(link["title"]) for link in panel.get("links", [])),
        "size": f"{position.get('w')} × {position.get('h')}",
    }
    rest = {key: value for key, value in panel.items() if key not in _UNTOLD}
    return {**facts, **flatten({key: value for key, value in fields.items() if value}), **flatten(rest)}


def _limit(step: Document) -> str:
    return str(step["color"]) if step.get("value") is None else f"{step['color']} from {step['value']}"
