"""A stand-in for Elasticsearch's search, which cannot be had as a server: lines in memory, and the few words of its
query language that ops asks with. Any other word is refused, as there. It is not Elasticsearch: it knows no mapping."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatch
from typing import Any

import httpx

Document = Mapping[str, Any]


class UnknownWordError(Exception):
    """The stand-in does not know it; the real one might."""


class StandIn:
    """Lines, as services wrote them, in the data streams of their classes."""

    def __init__(self, lines: Callable[[], Sequence[Document]]) -> None:
        self._lines = lines

    def transport(self) -> httpx.MockTransport:
        """What takes requests to it, without a network."""
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """As the search API would."""
        pattern, _, end = request.url.path.strip("/").rpartition("/")
        if end != "_search":
            return httpx.Response(400, json={"error": f"the stand-in has no {request.url.path}"})
        found = [line for line in self._lines() if fnmatch(_stream(line), pattern)]
        try:
            return httpx.Response(200, json=_searched(found, json.loads(request.content)))
        except UnknownWordError as error:
            return httpx.Response(400, json={"error": {"type": "parsing_exception", "reason": str(error)}})


def field(line: Document, name: str) -> Any:
    """The value at that place, or None."""
    value: Any = line
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _stream(line: Document) -> str:
    return f"logs-openpolicy.{field(line, 'labels.log_class')}-test"


def _searched(lines: Sequence[Document], body: Document) -> Document:
    _known(body, "size", "query", "sort", "_source", "aggs")
    _known(body["query"], "bool")
    _known(body["query"]["bool"], "filter")
    found = [line for line in lines if all(_fits(line, each) for each in body["query"]["bool"]["filter"])]
    answer: dict[str, Any] = {"hits": _hits(found, body)}
    return answer | ({"aggregations": _added(found, body["aggs"])} if "aggs" in body else {})


def _hits(lines: Sequence[Document], body: Document) -> Document:
    for each in body.get("sort", ()):
        ((name, order),) = each.items()
        lines = sorted(lines, key=lambda line: field(line, name), reverse=order == "desc")
    return {"hits": [{"_source": _cut(line, body["_source"])} for line in lines[: body["size"]]]}


def _cut(line: Document, names: Sequence[str]) -> Document:
    made: dict[str, Any] = {}
    for name in names:
        if (value := field(line, name)) is not None:
            *folders, last = name.split(".")
            place = made
            for folder in folders:
                place = place.setdefault(folder, {})
            place[last] = value
    return made


def _fits(line: Document, query: Document) -> bool:
    _known(query, "term", "range")
    if "term" in query:
        ((name, value),) = query["term"].items()
        return field(line, name) == value
    ((name, bounds),) = query["range"].items()
    _known(bounds, "gte", "lte")
    return _milliseconds(bounds["gte"]) <= _milliseconds(field(line, name)) <= _milliseconds(bounds["lte"])


def _added(lines: Sequence[Document], asked: Document) -> Document:
    return {name: _one(lines, each) for name, each in asked.items()}


def _one(lines: Sequence[Document], asked: Document) -> Document:
    _known(asked, "terms", "min", "max", "top_hits", "aggs")
    if "top_hits" in asked:
        _known(asked["top_hits"], "size", "sort", "_source")
        return {"hits": _hits(lines, asked["top_hits"])}
    if "terms" not in asked:
        ((how, about),) = asked.items()
        _known(about, "field")
        return {"value": {"min": min, "max": max}[how](_milliseconds(field(line, about["field"])) for line in lines)}
    _known(asked["terms"], "field", "size", "missing")
    groups = dict[str, list[Document]]()
    for line in lines:
        value = field(line, asked["terms"]["field"]) or asked["terms"].get("missing")
        if value is not None:
            groups.setdefault(value, []).append(line)
    largest = sorted(groups.items(), key=lambda each: -len(each[1]))[: asked["terms"]["size"]]
    return {
        "buckets": [
            {"key": key, "doc_count": len(found), **_added(found, asked.get("aggs", {}))} for key, found in largest
        ]
    }


def _milliseconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() * 1000


def _known(document: Document, *words: str) -> None:
    if strange := sorted(set(document) - set(words)):
        raise UnknownWordError(f"unknown key [{strange[0]}]")
