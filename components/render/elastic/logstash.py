"""The `Logstash` object: queues on disk, and its pipelines as files."""

import hashlib
import json
from collections.abc import Mapping

from components.render.elastic.size import CERTIFICATES, HOST, POD_SECURITY, VERSION, LogsSize, image
from components.render.kubernetes import UNPRIVILEGED, Document, claim, memory_bound, spread

NAME = "openpolicy"
PORT = 5044
FILES = "logstash-pipelines"
SERVICE = f"{NAME}-ls-beats"
"""Service that Filebeat sends to. ECK makes it of the object's `services`."""

FOLDER = "/usr/share/logstash/openpolicy"
"""Where the pipelines' files are."""

TLS = "/usr/share/logstash/beats-tls"
AUTHORITY = "/usr/share/logstash/elasticsearch-tls/ca.crt"
QUEUE, DEAD = "/usr/share/logstash/pq", "/usr/share/logstash/dlq"


def logstash_spec(  # noqa: PLR0913 each is another thing that it needs
    *,
    size: LogsSize,
    environment: str,
    labels: Mapping[str, str],
    pods: Mapping[str, str],
    priority: object,
    pipelines: list[Document],
    files: Mapping[str, str],
    tls: object,
    user: object,
) -> Document:
    """The specification. `files` are in the ConfigMap FILES; `tls` and `user` name Secrets."""
    checksum = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
    mounts = {
        "pipelines": (FOLDER, {"configMap": {"name": FILES}}),
        "beats-tls": (TLS, {"secret": {"secretName": tls}}),
        "elasticsearch-tls": (AUTHORITY.rpartition("/")[0], {"secret": {"secretName": CERTIFICATES}}),
    }
    return {
        "version": VERSION,
        "image": image("logstash"),
        "count": size.logstash_replicas,
        "config": _settings(),
        "pipelines": pipelines,
        "services": [
            {
                "name": "beats",
                "service": {
                    "spec": {"type": "ClusterIP", "ports": [{"name": "beats", "port": PORT, "protocol": "TCP"}]}
                },
            }
        ],
        "podTemplate": {
            "metadata": {"labels": dict(labels), "annotations": {"openpolicy.ca/checksum": checksum}},
            "spec": {
                "priorityClassName": priority,
                "securityContext": POD_SECURITY,
                "automountServiceAccountToken": False,
                # What is on its way is written before it stops.
                "terminationGracePeriodSeconds": 300,
                **(spread(pods) if size.logstash_replicas > 1 else {}),
                # The operator's own, which would not be let in as it is.
                "initContainers": [{"name": "logstash-internal-init-config", "securityContext": UNPRIVILEGED}],
                "containers": [
                    {
                        "name": "logstash",
                        "env": _environment(environment, user),
                        "resources": memory_bound("500m", "3Gi"),
                        "securityContext": UNPRIVILEGED,
                        "volumeMounts": [
                            {"name": "pq", "mountPath": QUEUE},
                            {"name": "dlq", "mountPath": DEAD},
                            *(
                                {"name": name, "mountPath": path, "readOnly": True}
                                for name, (path, _) in mounts.items()
                            ),
                        ],
                    }
                ],
                "volumes": [{"name": name, **source} for name, (_, source) in mounts.items()],
            },
        },
        "volumeClaimTemplates": [
            {"metadata": {"name": name}, **claim(volume, size.storage_class)}
            for name, volume in (("logstash-data", "2Gi"), ("pq", "40Gi"), ("dlq", "5Gi"))
        ],
    }


def _settings() -> Document:
    return {
        "log.level": "info",
        "log.format": "json",
        "pipeline.ecs_compatibility": "v8",
        # A line that waits is on disk, and is sent again when Elasticsearch is back.
        "queue.type": "persisted",
        "path.queue": QUEUE,
        "queue.max_bytes": "4gb",
        "queue.checkpoint.writes": 1024,
        "dead_letter_queue.enable": True,
        "path.dead_letter_queue": DEAD,
        "dead_letter_queue.max_bytes": "1gb",
        "dead_letter_queue.storage_policy": "drop_older",
        "dead_letter_queue.retain.age": "7d",
    }


def _environment(environment: str, user: object) -> list[Document]:
    return [
        # Network buffers are outside the heap and take as much again unless told otherwise.
        {"name": "LS_JAVA_OPTS", "value": "-Xms1536m -Xmx1536m -XX:MaxDirectMemorySize=768m"},
        {"name": "OPENPOLICY_ENVIRONMENT", "value": environment},
        {"name": "ELASTICSEARCH", "value": f"https://{HOST}:9200"},
        {"name": "ELASTICSEARCH_CA", "value": AUTHORITY},
        *(
            {"name": f"ELASTICSEARCH_{key.upper()}", "valueFrom": {"secretKeyRef": {"name": user, "key": key}}}
            for key in ("username", "password")
        ),
    ]
