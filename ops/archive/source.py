"""A data stream, read in the order in which Elasticsearch took its lines."""

import json
import ssl
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

_PAGE = 1000
_T = TypeVar("_T")
_ARRIVED = "event.ingested"
_EXISTS = "resource_already_exists_exception"
_KEYWORD = {"type": "keyword"}
# Lines bring thousands of keys of their own: a field for each would take hours, and then be refused.
_RESTORED: Mapping[str, Any] = {
    "settings": {"number_of_replicas": 0},
    "mappings": {
        "dynamic": False,
        "properties": {
            "@timestamp": {"type": "date"},
            "message": {"type": "text"},
            "labels": {"type": "flattened"},
            "event": {"properties": {"action": _KEYWORD, "outcome": _KEYWORD, "ingested": {"type": "date"}}},
            "service": {"properties": {"name": _KEYWORD}},
            "user": {"properties": {"id": _KEYWORD, "name": _KEYWORD}},
        },
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event."""

    id: str
    arrived: str
    source: Mapping[str, Any]

    def text(self) -> str:
        """One line of JSON, always the same."""
        whole = {"_id": self.id, "_source": self.source}
        return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Elasticsearch, and who asks."""

    address: str
    username: str
    password: str
    authority: str | None
    """File of who signed its certificate."""

    stream: str

    def first(self) -> datetime | None:
        """When the oldest line arrived."""
        body = {"size": 1, "sort": [{_ARRIVED: "asc"}], "_source": [_ARRIVED]}
        hits = self.ask("POST", f"{self.stream}/_search?ignore_unavailable=true", body)["hits"]["hits"]
        return datetime.fromisoformat(hits[0]["_source"]["event"]["ingested"]) if hits else None

    def count(self, start: datetime, end: datetime) -> int:
        """How many lines arrived in that time."""
        return int(self.ask("POST", f"{self.stream}/_count", {"query": _between(start, end)})["count"])

    def lines(self, start: datetime, end: datetime) -> Iterator[Line]:
        """Those lines, as they are at one point in time."""
        pit = self.ask("POST", f"{self.stream}/_pit?keep_alive=5m")["id"]
        after: Sequence[object] | None = None
        try:
            while True:
                body: dict[str, Any] = {
                    "size": _PAGE,
                    "query": _between(start, end),
                    "pit": {"id": pit, "keep_alive": "5m"},
                    "sort": [{_ARRIVED: "asc"}, {"_shard_doc": "asc"}],
                    "track_total_hits": False,
                }
                answer = self.ask("POST", "_search", body if after is None else body | {"search_after": after})
                pit = answer.get("pit_id", pit)
                for hit in answer["hits"]["hits"]:
                    yield Line(id=hit["_id"], arrived=str(hit["sort"][0]), source=hit["_source"])
                if len(answer["hits"]["hits"]) < _PAGE:
                    return
                after = answer["hits"]["hits"][-1]["sort"]
        finally:
            self.ask("DELETE", "_pit", {"id": pit})

    def prepare(self, index: str) -> None:
        """Makes an index for lines that are restored, where it is not there yet."""
        try:
            self.ask("PUT", index, _RESTORED)
        except OSError as error:
            if _EXISTS not in str(error):
                raise

    def restore(self, index: str, lines: Sequence[Mapping[str, Any]]) -> None:
        """Writes lines into an index that is prepared, each once however often this is done."""
        for page in _pages(lines):
            actions = list[str]()
            for line in page:
                actions += [json.dumps({"create": {"_id": line["_id"]}}), json.dumps(line["_source"])]
            answer = self.ask("POST", f"{index}/_bulk", "\n".join(actions) + "\n")
            failed = [each["create"] for each in answer["items"] if each["create"]["status"] not in (201, 409)]
            if failed:
                raise OSError(f"{len(failed)} lines were refused, the first: {failed[0]}")

    def restored(self, index: str, ids: Sequence[str]) -> dict[str, Any]:
        """What the index has of these lines, by their ids."""
        found = dict[str, Any]()
        for page in _pages(ids):
            answer = self.ask("POST", f"{index}/_mget", {"ids": [*page]})
            found |= {each["_id"]: each["_source"] for each in answer["docs"] if each.get("found")}
        return found

    def remove(self, index: str) -> None:
        """Removes an index of what was restored, where it is there."""
        self.ask("DELETE", f"{index}?ignore_unavailable=true")

    def ask(self, method: str, path: str, body: Mapping[str, Any] | str | None = None) -> dict[str, Any]:
        """The answer. Raises OSError."""
        content = "application/json" if not isinstance(body, str) else "application/x-ndjson"
        text = body if isinstance(body, str) else json.dumps(body) if body is not None else None
        user = b64encode(f"{self.username}:{self.password}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 an address of ours
            f"{self.address}/{path}",
            data=text.encode() if text is not None else None,
            headers={"Content-Type": content, "Authorization": f"Basic {user}"},
            method=method,
        )
        context = ssl.create_default_context(cafile=self.authority) if self.address.startswith("https:") else None
        try:
            with urllib.request.urlopen(request, timeout=60, context=context) as answer:  # noqa: S310 an address of ours
                return cast("dict[str, Any]", json.loads(answer.read()))
        except urllib.error.HTTPError as refused:
            said = refused.read().decode(errors="replace")[:500]
            raise OSError(f"{method} {path}: Elasticsearch answered {refused.code}: {said}") from None


def _pages(whole: Sequence[_T]) -> Iterator[Sequence[_T]]:
    yield from (whole[at : at + _PAGE] for at in range(0, len(whole), _PAGE))


def _between(start: datetime, end: datetime) -> Mapping[str, Any]:
    return {
        "range": {_ARRIVED: {"gte": start.isoformat(), "lt": end.isoformat(), "format": "strict_date_optional_time"}}
    }
