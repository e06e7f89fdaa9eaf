"""Two real Prometheuses and the real Thanos around them, with the arguments that production is planned with.

The bucket is moto's S3: a real S3 API over HTTP, on this machine. Only addresses and folders differ from the plan.
"""

import json
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import yaml

from alerts.render.text import to_yaml
from components.render.thanos import KEYS, REPLICA
from tests.live import prometheus
from tests.live.parts import THANOS
from tests.live.ports import Ports
from tests.live.processes import Process, Processes
from tests.support.loopback import ready
from tests.support.planned import production
from tests.support.tools import built

BUCKET = "openpolicy-metrics"
METRIC = "bills_in_committee"
_ENVIRONMENT = dict.fromkeys(KEYS, "testing")
_STEP = 60
_DAY = 86_400
# The largest block but one that the compactor makes lies between two multiples of this.
_TWO_DAYS = 2 * _DAY


@dataclass(slots=True, kw_only=True)
class LongTerm:
    """Everything, and how to ask it."""

    folder: Path
    ports: Ports
    processes: Processes
    store: str
    """Address of the bucket's server."""

    began: int
    """When the old samples begin, in seconds."""

    replicas: list[Process] = field(default_factory=list[Process])
    """Prometheuses and their sidecars."""

    endpoints: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Who answers queries, by the name of the Service."""

    address: str = ""
    """Of the query."""

    def blocks(self) -> list[dict[str, Any]]:
        """What each block in the bucket says of itself, with its `id`, and whether it is marked to be deleted."""
        client = self._client()
        found = dict[str, dict[str, Any]]()
        marked = set[str]()
        for each in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
            for item in each.get("Contents", ()):
                _, block, *rest = item["Key"].split("/")
                if rest == ["meta.json"]:
                    body = client.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read()
                    found[block] = json.loads(body) | {"id": block}
                elif rest == ["deletion-mark.json"]:
                    marked.add(block)
        return [each | {"marked": name in marked} for name, each in found.items()]

    def ask(self, query: str, at: float, **how: str) -> list[dict[str, Any]]:
        """What the query answers for one moment."""
        text = urllib.parse.urlencode({"query": query, "time": str(at), **how})
        with urllib.request.urlopen(f"{self.address}/api/v1/query?{text}", timeout=30) as answer:  # noqa: S310 our own
            return json.load(answer)["data"]["result"]

    def start(self, name: str) -> None:
        """Starts a part of the plan and waits until it is ready."""
        http, grpc = self.ports.take(), self.ports.take()
        self.processes.start(name, built(THANOS), *self.arguments(name, http, grpc), environment=_ENVIRONMENT)
        self.endpoints[name] = [f"127.0.0.1:{grpc}"]
        self.address = f"http://127.0.0.1:{http}"
        self.processes.wait(partial(ready, f"{self.address}/-/ready"), name)

    def compact(self) -> None:
        """Has the compactor go through the bucket once."""
        # The plan's goes round for ever, and leaves new blocks alone for half an hour.
        planned = [each for each in self.arguments("thanos-compactor", self.ports.take(), 0) if each != "--wait"]
        command = [built(THANOS), *planned, "--consistency-delay=0s"]
        done = subprocess.run(command, env=_ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr[-3000:]

    def arguments(self, name: str, http: int, grpc: int) -> list[str]:
        """The part's arguments as planned, with the addresses and folders of this machine."""
        data = self.folder / name
        data.mkdir(exist_ok=True)
        here = {
            "/etc/exporter/bucket.yaml": str(self.bucket_file()),
            "=/data": f"={data}",
            "0.0.0.0:10902": f"127.0.0.1:{http}",
            "0.0.0.0:10901": f"127.0.0.1:{grpc}",
        }
        found = list[str]()
        for planned in container(name)["args"]:
            argument = planned
            for old, new in here.items():
                argument = argument.replace(old, new)
            if argument.startswith("--endpoint.sd-config="):
                argument = self._endpoints(argument)
            found.append(argument)
        return found

    def bucket_file(self) -> Path:
        """What the plan says of the bucket, with this one's address."""
        said = json.loads(document("ConfigMap", "metrics-bucket")["data"]["bucket.yaml"])
        said["config"] |= {"endpoint": self.store.removeprefix("http://"), "insecure": True}
        path = self.folder / "bucket.yaml"
        path.write_text(json.dumps(said), encoding="utf-8")
        return path

    def _endpoints(self, argument: str) -> str:
        key, _, text = argument.partition("=")
        names = [each["address"].removeprefix("dns+").partition(".")[0] for each in json.loads(text)["endpoints"]]
        found = [{"address": address} for name in names for address in self.endpoints[name]]
        return f"{key}={json.dumps({'endpoints': found})}"

    def _client(self) -> Any:
        # boto3 has no types of its own.
        make: Any = boto3.client  # pyright: ignore[reportUnknownMemberType]
        keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        return make("s3", endpoint_url=self.store, region_name="ca-central-1", **keys)

    def make_bucket(self) -> None:
        """Makes it, empty."""
        place = {"LocationConstraint": "ca-central-1"}
        self._client().create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)


def document(kind: str, name: str) -> dict[str, Any]:
    """An object of production's plan."""
    return yaml.safe_load(production().files[f"kubernetes/{kind.lower()}-{name}.yaml"])


def container(name: str) -> dict[str, Any]:
    """The only container of a planned part of Thanos."""
    kind = "Deployment" if name == "thanos-query" else "StatefulSet"
    (only,) = document(kind, name)["spec"]["template"]["spec"]["containers"]
    return only


@contextmanager
def long_term(folder: Path) -> Iterator[LongTerm]:
    """Two Prometheuses with the same old samples, their sidecars, and an empty bucket."""
    ports, processes = Ports(), Processes(folder / "logs")
    store = ports.take()
    # A multiple, or they would be compacted to two blocks: each too short to be made coarser.
    began = (int(time.time()) - 6 * _DAY) // _TWO_DAYS * _TWO_DAYS
    made = LongTerm(folder=folder, ports=ports, processes=processes, store=f"http://127.0.0.1:{store}", began=began)
    try:
        processes.start("moto", sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(store))
        processes.wait(partial(ready, f"{made.store}/moto-api/"), "the bucket's server")
        made.make_bucket()
        for number in range(2):
            _start_replica(made, number)
        yield made
    finally:
        processes.stop()
        ports.release()


def _start_replica(made: LongTerm, number: int) -> None:
    home = made.folder / f"replica-{number}"
    home.mkdir()
    # Two days and what the next block needs, and a block from long before. The second replica scrapes a little later.
    spans = [(made.began, _TWO_DAYS + 4 * 3_600), (made.began - 100 * _DAY, 3_600)]
    prometheus.backfill(home, _history(spans, late=7 * number))
    labels = document("Prometheus", "openpolicy")["spec"]["externalLabels"]
    # As Prometheus Operator has them; tests/live/test_stacks.py looks.
    own = labels | {"prometheus": "observability/openpolicy", REPLICA: f"prometheus-openpolicy-{number}"}
    web, http, grpc = (made.ports.take() for _ in range(3))
    config = {
        "global": {"scrape_interval": "1s", "external_labels": own},
        "scrape_configs": [{"job_name": "prometheus", "static_configs": [{"targets": [f"127.0.0.1:{web}"]}]}],
    }
    (home / "prometheus.yml").write_text(to_yaml(config), encoding="utf-8")
    server = prometheus.start(
        made.processes,
        home,
        web,
        # Longer than the plan's, or it would delete the oldest block before it is in the bucket.
        "--storage.tsdb.retention.time=200d",
        "--storage.tsdb.min-block-duration=2h",
        "--storage.tsdb.max-block-duration=2h",
        name=f"prometheus-{number}",
    )
    sidecar = made.processes.start(
        f"sidecar-{number}",
        built(THANOS),
        "sidecar",
        f"--prometheus.url=http://127.0.0.1:{web}",
        f"--grpc-address=127.0.0.1:{grpc}",
        f"--http-address=127.0.0.1:{http}",
        f"--objstore.config-file={made.bucket_file()}",
        f"--tsdb.path={home / 'tsdb'}",
        environment=_ENVIRONMENT,
    )
    made.processes.wait(partial(ready, f"http://127.0.0.1:{http}/-/ready"), "the sidecar")
    made.replicas += [sidecar, server]
    made.endpoints.setdefault("thanos-sidecar", []).append(f"127.0.0.1:{grpc}")


def _history(spans: Sequence[tuple[int, int]], *, late: int) -> Iterator[str]:
    yield f"# TYPE {METRIC} gauge\n"
    for began, length in sorted(spans):
        for at in range(began, began + length, _STEP):
            yield f'{METRIC}{{job="openpolicy"}} {value(at)} {at + late}\n'
    yield "# EOF\n"


def value(at: int) -> int:
    """What was measured then."""
    return at // _STEP % 1_000


def labels_of(result: Mapping[str, Any]) -> dict[str, str]:
    """Of one series of an answer."""
    return result["metric"]
