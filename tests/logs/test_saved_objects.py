"""Kibana's saved objects have the structure that its import asks for, by a model of it."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.render.logs.kibana import saved_objects
from tests.support.saved_objects import OBJECT

OBJECTS: list[Any] = [json.loads(line) for line in saved_objects().splitlines()]


def of(kind: str) -> Any:
    """One of that kind, to be spoiled."""
    return copy.deepcopy(next(each for each in OBJECTS if each["type"] == kind))


@pytest.mark.parametrize("given", OBJECTS, ids=lambda each: each["id"])
def test_it_is_what_kibana_takes(given: Any) -> None:
    OBJECT.validate_python(given)


def _inside(key: str, change: Callable[[Any], object]) -> Callable[[Any], object]:
    def spoil(given: Any) -> None:
        value = json.loads(given["attributes"][key])
        change(value)
        given["attributes"][key] = json.dumps(value)

    return spoil


FAULTS: dict[str, tuple[str, Callable[[Any], object], str]] = {
    "a misspelt attribute": ("search", lambda o: o["attributes"].update(collumns=[]), "collumns"),
    "no title": ("search", lambda o: o["attributes"].pop("title"), "title"),
    "a number for a text": ("search", lambda o: o["attributes"].update(title=7), "title"),
    "half a sort": ("search", lambda o: o["attributes"].update(sort=[["@timestamp"]]), "sort"),
    "a span without an end": ("search", lambda o: o["attributes"]["timeRange"].pop("to"), "timeRange.to"),
    "a query that is no JSON": (
        "search",
        lambda o: o["attributes"]["kibanaSavedObjectMeta"].update(searchSourceJSON='{"query": '),
        "",
    ),
    "a view that is not referred to": ("search", lambda o: o.update(references=[]), "it names"),
    "another version": ("search", lambda o: o.update(typeMigrationVersion="10.50.0"), "typeMigrationVersion"),
    "a kind that is none": ("search", lambda o: o.update(type="serach"), "serach"),
    "a panel of nothing": ("dashboard", lambda o: o["references"].pop(), "it names"),
    "a panel beside the page": (
        "dashboard",
        _inside("panelsJSON", lambda panels: panels[0]["gridData"].update(x=48)),
        "gridData.x",
    ),
    "a panel without a place": (
        "dashboard",
        _inside("panelsJSON", lambda panels: panels[0].pop("gridData")),
        "gridData",
    ),
    "a view of nothing": ("index-pattern", lambda o: o["attributes"].update(title=""), "title"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_it_would_not_take_is_refused(fault: str) -> None:
    kind, spoil, said = FAULTS[fault]
    given = of(kind)
    spoil(given)
    with pytest.raises((ValidationError, ValueError)) as refused:
        OBJECT.validate_python(given)
    assert said in str(refused.value)
