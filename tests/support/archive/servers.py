"""The two servers that the archive talks to, as a process of their own: `python -m tests.support.archive.servers`.

S3 is moto's server: a real S3 API over HTTP, with object lock and conditional writes. Elasticsearch is A STAND-IN: it
knows points in time, search_after, counting, bulk creation and reading back, and a line may become visible later than
it arrived.
Prints their addresses, and ends with its standard input.
"""

import itertools
import json
import logging
import sys
import threading
from collections import defaultdict
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from tests.support.loopback import Quiet, serving

STORE = defaultdict[str, list[dict[str, Any]]](list)
"""Lines of each index: id, arrived, and source."""

NUMBERS = itertools.count()
POINTS: dict[str, list[dict[str, Any]]] = {}
LOCK = threading.Lock()


class S3(MotoRequestHandler):
    """Keeps a connection for the next request."""

    protocol_version = "HTTP/1.1"


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
                answer: Any = STORE[index].extend(json.loads(raw))
            case _, "_bulk":
                answer = {"items": list(self._created(index, raw))}
            case _, "_mget":
                answer = {"docs": list(self._read(index, json.loads(raw)["ids"]))}
            case "DELETE", "_pit":
                answer = {"succeeded": POINTS.pop(json.loads(raw)["id"], None) is not None}
            case _, "_pit":
                answer = {"id": f"point-{next(NUMBERS)}"}
                POINTS[answer["id"]] = [*STORE[index]]
            case "PUT" | "DELETE" as method, _:
                if method == "DELETE":
                    STORE.pop(path, None)
                answer = {"acknowledged": True}
            case _:
                answer = self._found(index, verb, json.loads(raw))
        return answer

    def _found(self, index: str, verb: str, body: Any) -> Any:
        lines = POINTS[body["pit"]["id"]] if "pit" in body else STORE[index]
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
        held = {each["id"]: each["source"] for each in STORE[index]}
        yield from ({"_id": each, "found": each in held, "_source": held.get(each)} for each in ids)

    def _created(self, index: str, raw: str) -> Any:
        known, rows = {each["id"] for each in STORE[index]}, [json.loads(row) for row in raw.splitlines()]
        for action, source in zip(rows[::2], rows[1::2], strict=True):
            identity = action["create"]["_id"]
            if identity not in known:
                STORE[index].append({"id": identity, "arrived": "", "source": source})
            yield {"create": {"status": 409 if identity in known else 201}}
            known.add(identity)

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815 the protocol's names


def main() -> None:
    """Serves both."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # Moto's own server, of all services, would look through 200 of them with each request.
    s3 = make_server("127.0.0.1", 0, create_backend_app("s3"), threaded=True, request_handler=S3)
    threading.Thread(target=s3.serve_forever, daemon=True).start()
    with serving(Elasticsearch) as elasticsearch:
        print(json.dumps({"elasticsearch": elasticsearch, "s3": f"http://127.0.0.1:{s3.server_port}"}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
