"""Exporters that each ask one system: which program, for which metrics, with whose credentials.

An exporter collects what rules and dashboards read: `flags` are those without which it would not. What it shows beyond
that is dropped by the monitor of its job. Credentials are keys of Secrets that exist already, and in no document.
"""

from collections.abc import Sequence

from catalogue.model.quantity import Bytes
from components.render.containers import AUTHORITY, Container, Watched


def postgres(server: Watched, flags: Sequence[str]) -> Container:
    """PostgreSQL's statistics: slow statements, tables read without an index, indexes that nobody reads."""
    way = f"sslmode=verify-full&sslrootcert={AUTHORITY}/ca.crt" if server.authority else "sslmode=disable"
    return Container(
        name="postgres-exporter",
        image="quay.io/prometheuscommunity/postgres-exporter:v0.20.1",
        port=9187,
        memory=Bytes.parse("128Mi"),
        # Statements by their number alone: a text would be a label without bound, and may hold personal data.
        args=[*flags],
        environment={"DATA_SOURCE_URI": f"{server.address}/{server.database}?{way}"},
        credentials=server.credentials,
        credential_keys={"DATA_SOURCE_USER": "username", "DATA_SOURCE_PASS": "password"},
        authority=server.authority,
    )


def redis(server: Watched) -> Container:
    """Redis' own counters. Keys are never listed: that would stop a server that has millions."""
    scheme = "rediss" if server.authority else "redis"
    return Container(
        name="redis-exporter",
        image="quay.io/oliver006/redis_exporter:v1.89.0",
        port=9121,
        memory=Bytes.parse("64Mi"),
        environment={
            "REDIS_ADDR": f"{scheme}://{server.address}",
            **({"REDIS_EXPORTER_TLS_CA_CERT_FILE": f"{AUTHORITY}/ca.crt"} if server.authority else {}),
        },
        credentials=server.credentials,
        credential_keys={"REDIS_USER": "username", "REDIS_PASSWORD": "password"},
        authority=server.authority,
        health="/health",
    )


def elasticsearch(server: Watched, flags: Sequence[str]) -> Container:
    """Elasticsearch's nodes, and by its flags indices, lifecycle policies and snapshots."""
    return Container(
        name="elasticsearch-exporter",
        image="quay.io/prometheuscommunity/elasticsearch-exporter:v1.11.0",
        port=9114,
        memory=Bytes.parse("128Mi"),
        args=[
            f"--es.uri={'https' if server.authority else 'http'}://{server.address}",
            "--es.timeout=30s",
            "--es.all",
            *flags,
            *([f"--es.ca={AUTHORITY}/ca.crt"] if server.authority else []),
        ],
        credentials=server.credentials,
        credential_keys={"ES_USERNAME": "username", "ES_PASSWORD": "password"},
        authority=server.authority,
        health="/healthz",
    )


def logstash(server: Watched) -> Container:
    """Logstash's pipelines and queues."""
    scheme = "https" if server.authority else "http"
    return Container(
        name="logstash-exporter",
        image="ghcr.io/kuskoman/logstash-exporter:v1.9.1",
        port=9198,
        memory=Bytes.parse("64Mi"),
        environment={
            "LOGSTASH_URL": f"{scheme}://{server.address}",
            **({"SSL_CERT_FILE": f"{AUTHORITY}/ca.crt"} if server.authority else {}),
        },
        authority=server.authority,
        health="/health",
    )
