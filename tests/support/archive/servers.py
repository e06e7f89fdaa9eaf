"""The two servers that the archive talks to, as a process of their own: `python -m tests.support.archive.servers`.

S3 is moto's server: a real S3 API over HTTP, with object lock and conditional writes. Elasticsearch is A STAND-IN: it
knows points in time, search_after, counting, bulk creation and reading back, and a line may become visible later than
it arrived.
Prints their addresses, and ends with its standard input.
"""

import json
import sys
import threading
from typing import Any

from moto.server import ThreadedMotoServer

from tests.support.loopback import Quiet, serving

STORE: list[dict[str, Any]] = []
"""Lines: id, arrived, source, and the index they are in."""

POINTS: dict[str, list[dict[str, Any]]] = {}
LOCK = threading.Lock()


class Elasticsearch(Quiet):
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        raw = self.body().decode()
        path = self.path.partition("?")[0].strip("/")
        with LOCK:
            answer = self._answer(path, raw)
        self.tell(answer)

    def _answer(self, path: str, raw: str) -> Any:
        index, _, verb = path.rpartition("/")
        match self.command, verb:
            case _, "_test":
                answer: Any = STORE.extend(json.loads(raw))
            case _, "_bulk":
                answer = {"items": list(self._created(index, raw))}
            case _, "_mget":
                answer = {"docs": list(self._read(index, json.loads(raw)["ids"]))}
            case "DELETE", "_pit":
                answer = {"succeeded": POINTS.pop(json.loads(raw)["id"], None) is not None}
            case _, "_pit":
                answer = {"id": f"point-{len(POINTS)}-{len(STORE)}"}
                POINTS[answer["id"]] = [each for each in STORE if each["index"] == index]
            case "PUT" | "DELETE" as method, _:
                STORE[:] = [each for each in STORE if method == "PUT" or each["index"] != path]
                answer = {"acknowledged": True}
            case _:
                answer = self._found(index, verb, json.loads(raw))
        return answer

    def _found(self, index: str, verb: str, body: Any) -> Any:
        lines = POINTS[body["pit"]["id"]] if "pit" in body else [each for each in STORE if each["index"] == index]
        span = body.get("query", {}).get("range", {}).get("event.ingested", {"gte": "", "lt": "~"})
        lines = [each for each in lines if span["gte"] <= each["arrived"] < span["lt"]]
        if verb == "_count":
            return {"count": len(lines)}
        ordered = sorted((((each["arrived"], at), each) for at, each in enumerate(lines)), key=lambda pair: pair[0])
        after = tuple(body["search_after"]) if "search_after" in body else None
        page = [(key, each) for key, each in ordered if after is None or key > after][: body["size"]]
        hits = [{"_id": each["id"], "_source": each["source"], "sort": [*key]} for key, each in page]
        return {"hits": {"hits": hits}, "pit_id": body.get("pit", {}).get("id")}

    def _read(self, index: str, ids: Any) -> Any:
        held = {each["id"]: each["source"] for each in STORE if each["index"] == index}
        yield from ({"_id": each, "found": each in held, "_source": held.get(each)} for each in ids)

    def _created(self, index: str, raw: str) -> Any:
        rows = [json.loads(row) for row in raw.splitlines()]
        for action, source in zip(rows[::2], rows[1::2], strict=True):
            identity = action["create"]["_id"]
            known = any(each["id"] == identity and each["index"] == index for each in STORE)
            if not known:
                STORE.append({"id": identity, "arrived": "", "source": source, "index": index})
            yield {"create": {"status": 409 if known else 201}}

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815 the protocol's names


def main() -> None:
    """Serves both."""
    s3 = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    s3.start()
    _, port = s3.get_host_and_port()
    with serving(Elasticsearch) as elasticsearch:
        print(json.dumps({"elasticsearch": elasticsearch, "s3": f"http://127.0.0.1:{port}"}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
