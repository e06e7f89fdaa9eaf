"""The `Elasticsearch` object: nodes of each kind, spread over zones, whose volumes outlive it."""

from collections.abc import Mapping, Sequence

from components.render.elastic.size import HOST, POD_SECURITY, VERSION, LogsSize, Nodes, ObjectStore, image
from components.render.kubernetes import UNPRIVILEGED, Document, claim, memory_bound

# Without a node for content, system indices have no place and the cluster is red.
_ROLES: Mapping[str, list[str]] = {
    "master": ["master"],
    "hot": ["data_hot", "data_content", "ingest", "transform"],
    "warm": ["data_warm"],
    "cold": ["data_cold"],
    "frozen": ["data_frozen"],
}
_CPU: Mapping[str, str] = {"master": "500m", "hot": "2", "warm": "1", "cold": "500m", "frozen": "500m"}
_SMALL_CPU = "250m"


def elasticsearch_spec(
    *,
    size: LogsSize,
    namespace: str,
    labels: Mapping[str, str],
    priority: object,
    roles: object,
    users: Sequence[object],
    keystore: object,
    store: ObjectStore | None,
) -> Document:
    """The specification. `priority` names a priority class; `roles`, `users` and `keystore` Secrets."""
    alone = size.hot.count == 1
    return {
        "version": VERSION,
        "image": image("elasticsearch"),
        # The default deletes the volumes with the object, and a replacement would erase every log.
        "volumeClaimDeletePolicy": "DeleteOnScaledownOnly",
        "updateStrategy": {"changeBudget": {"maxUnavailable": 1, "maxSurge": 0}},
        "http": {
            "tls": {"selfSignedCertificate": {"subjectAltNames": [{"dns": f"{HOST}.{namespace}.svc"}]}},
        },
        "auth": {
            "roles": [{"secretName": roles}],
            "fileRealm": [{"secretName": each} for each in users],
        },
        **({"secureSettings": [{"secretName": keystore}]} if keystore else {}),
        "nodeSets": [
            _node_set(name, nodes, size, labels, priority, store, alone=alone, only=len(size.tiers()) == 1)
            for name, nodes in size.tiers().items()
        ],
    }


def _node_set(
    name: str,
    nodes: Nodes,
    size: LogsSize,
    labels: Mapping[str, str],
    priority: object,
    store: ObjectStore | None,
    *,
    alone: bool,
    only: bool,
) -> Document:
    cpu = _SMALL_CPU if alone else _CPU[name]
    return {
        "name": name,
        "count": nodes.count,
        # Copies of a shard never lie in one zone.
        **({} if only or alone else {"zoneAwareness": {}}),
        "config": {
            "node.roles": _ROLES[name],
            # A mistyped name would otherwise make an index, without a policy and so for ever. Jaeger's are made
            # before it starts: a span that finds none is refused, and makes no index of an alias's name.
            "action.auto_create_index": "logs-*,.*,-*",
            **_client(store),
        },
        "podTemplate": {
            "metadata": {"labels": dict(labels)},
            "spec": {
                "priorityClassName": priority,
                "securityContext": POD_SECURITY,
                "automountServiceAccountToken": False,
                # Heap is left to Elasticsearch, which knows what each role needs of the memory.
                "containers": [
                    {
                        "name": "elasticsearch",
                        "resources": memory_bound(cpu, str(nodes.memory)),
                        "securityContext": UNPRIVILEGED,
                    }
                ],
            },
        },
        "volumeClaimTemplates": [
            {"metadata": {"name": "elasticsearch-data"}, **claim(str(nodes.volume), size.storage_class)}
        ],
    }


def _client(store: ObjectStore | None) -> Document:
    if store is None:
        return {}
    endpoint: Document = {"s3.client.default.endpoint": store.endpoint} if store.endpoint else {}
    return {"s3.client.default.region": store.region, **endpoint}
