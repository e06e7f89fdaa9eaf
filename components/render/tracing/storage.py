"""Where Jaeger keeps traces: in memory, or in Elasticsearch, whose indices roll over and go by age.

Whoever writes prepares Elasticsearch first: a span that comes before the aliases are there would make an index of an
alias's name, which nothing rolls over or deletes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration
from components.render.containers import AUTHORITY
from components.render.kubernetes import Document
from components.render.tracing.collector import FILES, LOGIN, Login, Step

VERSION = "2.20.0"

_PREFIX = "openpolicy"
_POLICY = f"{_PREFIX}-jaeger"
_POLICY_FILE = "lifecycle.json"
_MOST_TRACES_IN_MEMORY = 20_000
# An index is deleted whole, so it holds a small part of the time that all of them cover.
INDICES = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """In the process, and gone with it: collector and query are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elasticsearch:
    """In a cluster of its own names."""

    url: str
    login: Login
    """Of who writes."""

    reader: Login
    """Of who only answers."""

    retention: Duration
    copies: int
    """Of each shard beside the first: none where there is one node."""


Storage = Memory | Elasticsearch


def backend(storage: Storage) -> Document:
    """Jaeger's `backends` entry."""
    match storage:
        case Memory():
            return {"memory": {"max_traces": _MOST_TRACES_IN_MEMORY}}
        case Elasticsearch():
            rolling: Document = {
                # The default of five, for each kind of index and day, would fill the cluster's limit of shards.
                "shards": 1,
                "replicas": storage.copies,
                "rotation": {"auto_rollover": {"policy_name": _POLICY}},
            }
            return {
                "elasticsearch": {
                    "server_urls": [storage.url],
                    "auth": {
                        "basic": {
                            "username": "${env:ES_USERNAME}",
                            "password_file": f"{LOGIN}/password",
                            "reload_interval": "60s",
                        }
                    },
                    "tls": {"ca_file": f"{AUTHORITY}/ca.crt"},
                    "create_mappings": False,
                    "max_span_age": f"{storage.retention.seconds // 3600}h",
                    "bulk_processing": {"max_bytes": 5_000_000, "flush_interval": "200ms", "workers": 4},
                    "indices": {
                        "index_prefix": _PREFIX,
                        **dict.fromkeys(("spans", "services", "dependencies"), rolling),
                    },
                }
            }


def lifecycle(storage: Elasticsearch) -> Document:
    """The policy of the indices: no span is kept for longer than the retention."""
    part = Duration(storage.retention.seconds // INDICES)
    rest = Duration(storage.retention.seconds - part.seconds)
    return {
        "policy": {
            "phases": {
                "hot": {
                    "min_age": "0ms",
                    "actions": {
                        "rollover": {"max_age": str(part), "max_primary_shard_size": "50gb"},
                        "set_priority": {"priority": 100},
                    },
                },
                "warm": {
                    "min_age": str(part),
                    "actions": {
                        "readonly": {},
                        "forcemerge": {"max_num_segments": 1},
                        "set_priority": {"priority": 50},
                    },
                },
                "delete": {"min_age": str(rest), "actions": {"delete": {}}},
            }
        }
    }


def preparation(storage: Storage) -> tuple[Sequence[Step], dict[str, str]]:
    """What whoever writes does first, and the files that this needs."""
    if isinstance(storage, Memory):
        return (), {}
    files = {_POLICY_FILE: json.dumps(lifecycle(storage), indent=2) + "\n"}
    return (_put_policy(storage), _make_indices(storage)), files


def _put_policy(storage: Elasticsearch) -> Step:
    return Step(
        name="lifecycle",
        image="docker.io/curlimages/curl:8.16.0",
        args=[
            "--silent",
            "--show-error",
            "--fail-with-body",
            "--retry-all-errors",
            *("--retry", "5"),
            *("--cacert", f"{AUTHORITY}/ca.crt"),
            # Read by curl itself: an argument is seen by whoever lists processes.
            *("--variable", "%ES_USERNAME"),
            *("--variable", "%ES_PASSWORD"),
            *("--expand-user", "{{ES_USERNAME}}:{{ES_PASSWORD}}"),
            *("--request", "PUT"),
            *("--header", "Content-Type: application/json"),
            *("--data", f"@{FILES}/{_POLICY_FILE}"),
            f"{storage.url}/_ilm/policy/{_POLICY}",
        ],
    )


def _make_indices(storage: Elasticsearch) -> Step:
    # It reads ES_USERNAME and ES_PASSWORD from its environment. What exists stays as it is.
    return Step(
        name="indices",
        image=f"cr.jaegertracing.io/jaegertracing/jaeger-es-rollover:{VERSION}",
        args=[
            "init",
            storage.url,
            f"--index-prefix={_PREFIX}",
            "--es.use-ilm=true",
            f"--es.ilm-policy-name={_POLICY}",
            "--es.tls.enabled=true",
            f"--es.tls.ca={AUTHORITY}/ca.crt",
            "--shards=1",
            f"--replicas={storage.copies}",
        ],
    )


def memory(storage: Storage) -> Bytes:
    """Of the process that writes."""
    return Bytes.parse("1Gi") if isinstance(storage, Elasticsearch) else Bytes.parse("2Gi")
