"""A real node of Elasticsearch, made from the jars that it publishes: see test_node.py for what is missing in it."""

import json
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tests.live.ports import Ports
from tests.live.processes import Processes
from tests.support.maven import jars, java

_SOURCES = Path(__file__).parent / "node"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where it answers."""

    address: str
    repository: Path
    """Folder in which repositories of snapshots may be. A STAND-IN for a bucket, which outlives the cluster."""

    def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """What it answers, a refusal too: `error` and `status`. A sequence is sent line by line."""
        text = _lines(body) if isinstance(body, Sequence) else json.dumps(body) if body else ""
        kind = "application/x-ndjson" if isinstance(body, Sequence) else "application/json"
        request = urllib.request.Request(  # noqa: S310 an address of ours
            f"{self.address}/{path}", data=text.encode() or None, headers={"Content-Type": kind}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 an address of ours
                return cast("dict[str, Any]", json.loads(answer.read()))
        except urllib.error.HTTPError as refused:
            return cast("dict[str, Any]", json.loads(refused.read()))

    def create(self, events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Puts each event into the stream that its own fields name, as Logstash does, and says what became of each."""
        rows = list[Any]()
        for event in events:
            rows += [{"create": {"_index": "-".join(event["data_stream"][k] for k in _STREAM)}}, event]
        answer = self.ask("POST", "_bulk?refresh=true", rows)
        return [each["create"] for each in answer["items"]]

    def found(self, target: str, query: Mapping[str, Any], **more: Any) -> list[dict[str, Any]]:
        """Hits of a search."""
        answer = self.ask("POST", f"{target}/_search", {"size": 1000, "query": query, **more})
        assert "error" not in answer, answer
        return answer["hits"]["hits"]


_STREAM = ("type", "dataset", "namespace")


def _lines(rows: Sequence[Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@contextmanager
def server() -> Iterator[Server]:
    """It runs, empty, until the block ends."""
    home = Path(tempfile.mkdtemp(prefix="elasticsearch-"))
    (home / "config").mkdir()
    ports, processes = Ports(), Processes(home / "logs")
    http, transport = ports.take(), ports.take()
    program = java(21)
    classes, path = home / "classes", f"{jars('elasticsearch')}/*"
    compiler = str(Path(program).resolve().with_name("javac"))
    subprocess.run([compiler, "-nowarn", "-d", classes, "-cp", path, *sorted(_SOURCES.glob("*.java"))], check=True)
    options = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp", f"{classes}:{path}")
    made = Server(address=f"http://127.0.0.1:{http}", repository=home / "snapshots")
    try:
        processes.start(
            "elasticsearch", program, *options, "org.elasticsearch.node.Server", home, str(http), str(transport)
        )
        processes.wait(lambda: made.ask("GET", "_cluster/health?timeout=1s").get("status"), "Elasticsearch")
        yield made
    finally:
        processes.stop()
        ports.release()
        shutil.rmtree(home)
