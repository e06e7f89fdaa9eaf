"""What boards show of logs: their panels' searches, asked of a real Elasticsearch over made-up lines of six hours.

STAND-INS: what Grafana's data source makes of a panel's search (its shapes are public, its code cannot be run here),
and the country of an address, for no database of addresses is here. `python -m tests.live.elastic.boards` keeps the
answers for the sketches of the boards.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from components.render.logs.names import EVERYTHING
from tests.docs.answers import Answers, Line, question, read, write
from tests.docs.documents import BOARDS
from tests.live.elastic.conftest import shipped_with, told
from tests.live.elastic.server import Server, server
from tests.support.lines import ecs
from tests.support.linter import searching
from tests.support.logstash.logstash import ingested

NAMESPACE = "shown"
SINCE, SLICE = timedelta(hours=6), "15m"
REQUESTS, FAILURES, WORDS = 600, 40, 200
_COUNTRIES = ("CA", "CA", "CA", "US", "FR", "GB")
_PATHS = ("/api/bills/{id}", "/api/mps", "/api/search", "/api/votes")
_RAISED = ("ValueError: bad bill", "TimeoutError: too slow", "KeyError: 'riding'")


def made_up(now: datetime) -> list[dict[str, Any]]:
    """Lines of six hours as Logstash makes events of them, the same ones every time."""
    dice = random.Random(7)  # noqa: S311 no secret
    events = ingested(_written(dice, now), namespace=NAMESPACE)
    for event in events[:REQUESTS]:
        event["client"] = {"geo": {"country_iso_code": dice.choice(_COUNTRIES)}}
    return events


def _written(dice: random.Random, now: datetime) -> Iterator[tuple[str, str]]:
    """What was written, by the pod that wrote it: requests first, then failures, then words."""
    for number in range(REQUESTS + FAILURES + WORDS):
        pod = dice.choice(("api-gateway", "api-gateway", "web"))
        fields: dict[str, Any] = {"@timestamp": (now - SINCE * dice.random()).isoformat(timespec="milliseconds")}
        if number < REQUESTS:
            fields |= {"url.path": dice.choice(_PATHS), "http.request.method": "GET"}
            fields |= {"http.response.status_code": dice.choices((200, 404, 500, 503), (90, 6, 2, 2))[0]}
            fields |= {"duration_ms": round(dice.lognormvariate(5, 1), 1)}
        elif number < REQUESTS + FAILURES:
            raised = dice.choice(_RAISED)
            fields |= {"log.level": "error", "exception": f"Traceback (most recent call last):\n{raised}"}
        else:
            fields["log.level"] = dice.choice(("info", "info", "notice", "warning"))
        yield pod, ecs(**fields)


def answer(node: Server, panel: Mapping[str, Any], now: datetime, services: str = "..*") -> list[Line]:
    """What the panel shows of the last six hours. `services`: what is chosen, as a pattern."""
    (target,) = panel["targets"]
    text = target["query"].replace("${service:regex}", services)
    bounds = {"gte": _millis(now - SINCE), "lte": _millis(now), "format": "epoch_millis"}
    query = [
        {"range": {target["timeField"]: bounds}},
        {"query_string": {"analyze_wildcard": True, "query": text}},
        {"term": {"data_stream.namespace": NAMESPACE}},
    ]
    (metric,) = target["metrics"]
    body: dict[str, Any] = {"size": 0, "query": {"bool": {"filter": query}}}
    if metric["type"] == "logs":
        body |= {"size": 500, "sort": [{target["timeField"]: "desc"}]}
    else:
        body["aggs"] = _aggregations(target["bucketAggs"], metric, (bounds["gte"], bounds["lte"]))
    found = node.ask("POST", f"{EVERYTHING}/_search", body)
    assert "error" not in found, json.dumps(found["error"])
    if metric["type"] == "logs":
        return [Line(_told(hit["_source"]), (1.0,)) for hit in found["hits"]["hits"]]
    lines = [*_lines(target, metric, found["aggregations"])]
    if panel["type"] != "stat":
        return lines
    reduced = {"sum": sum, "max": max}[panel["options"]["reduceOptions"]["calcs"][0]]
    return [Line(each.name, (float(reduced(each.values)),)) for each in lines]


def _millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _aggregations(buckets: Sequence[Any], metric: Mapping[str, Any], bounds: tuple[int, int]) -> dict[str, Any]:
    """As the data source nests them; a count is what every bucket has without asking."""
    inner = {} if metric["type"] == "count" else {metric["id"]: {metric["type"]: {"field": metric["field"]}}}
    if not buckets:
        return inner
    first, *rest = buckets
    made: dict[str, Any] = {"aggs": {**_aggregations(rest, metric, bounds), **inner}}
    if first["type"] == "terms":
        settings = first["settings"]
        order = {settings["orderBy"]: settings["order"]}
        made["terms"] = {"field": first["field"], "size": int(settings["size"]), "order": order}
    else:
        least, most = bounds
        slices = {"field": first["field"], "fixed_interval": SLICE, "min_doc_count": 0, "format": "epoch_millis"}
        made["date_histogram"] = {**slices, "extended_bounds": {"min": least, "max": most}}
    return {first["id"]: made}


def _lines(target: Mapping[str, Any], metric: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Line]:
    def value(bucket: Mapping[str, Any]) -> float:
        return float(bucket["doc_count"] if metric["type"] == "count" else bucket[metric["id"]]["value"] or 0)

    first, *rest = target["bucketAggs"]
    buckets = found[first["id"]]["buckets"]
    if first["type"] != "terms":
        yield Line(target["alias"], tuple(value(each) for each in buckets))
        return
    for each in buckets:
        slices = each[rest[0]["id"]]["buckets"] if rest else [each]
        yield Line(str(each["key"]), tuple(value(part) for part in slices))


def _told(source: Mapping[str, Any]) -> str:
    answered = source["http"]["response"]["status_code"]
    return f"{source['@timestamp']}  {source['service']['name']}  {answered}  {source['url']['path']}"


def main() -> None:
    """Asks, and keeps what came back beside what Prometheus answered."""
    now, kept = datetime.now(UTC), read()
    of, asked = dict(kept.of), dict(kept.asked)
    with server() as made:
        node = told(shipped_with(made))
        assert {each["status"] for each in node.create(made_up(now))} == {201}
        for uid, panel in searching(BOARDS):
            key = (uid, panel["title"])
            of[key], asked[key] = answer(node, panel, now), question(panel)
            print(f"{uid}, {panel['title']}: {len(of[key])} lines")
    write(Answers(kept.at, of, series=kept.series, counts=kept.counts, asked=asked))


if __name__ == "__main__":
    main()
