"""Both operators in one cluster: their kinds are strict, and their objects become StatefulSets that become ready."""

from typing import Any

import pytest

from components.operators import ELASTIC_VERSION, VERSION
from tests.live.api import Document, RefusedError
from tests.live.cluster import Cluster
from tests.live.operators import Operators
from tests.live.parts import ECK, PARTS, PROMETHEUS_OPERATOR


def test_the_operator_is_the_one_that_the_program_deploys() -> None:
    assert PROMETHEUS_OPERATOR.version == VERSION
    assert ECK.version == f"v{ELASTIC_VERSION}"


def test_programs_of_one_module_are_of_one_version() -> None:
    versions = {(part.module, part.version) for part in PARTS}
    assert len(versions) == len({part.module for part in PARTS})


@pytest.mark.parametrize(
    ("kind", "spec", "path"),
    [
        ("ServiceMonitor", {"selector": {}, "endpoints": [{"intervall": "15s"}]}, r"\.spec\.endpoints\[0\]\.intervall"),
        ("PrometheusRule", {"groups": [{"name": "a", "rules": [{"expr": "1", "fore": "5m"}]}]}, r"\.rules\[0\]\.fore"),
        ("Elasticsearch", {"version": "9.1.0", "nodeSetz": []}, r"\.spec\.nodeSetz"),
    ],
)
def test_a_misspelt_field_is_refused_with_its_path(
    cluster: Cluster, operators: Operators, kind: str, spec: dict[str, Any], path: str
) -> None:
    assert operators.ended() == []
    group = "elasticsearch.k8s.elastic.co" if kind == "Elasticsearch" else "monitoring.coreos.com"
    with pytest.raises(RefusedError, match=rf"^{kind} default/misspelt: .*{path}: field not declared in schema"):
        cluster.apply(_object(f"{group}/v1", kind, "misspelt", spec))


def test_prometheus_becomes_ready(cluster: Cluster, operators: Operators) -> None:
    cluster.apply(_object("monitoring.coreos.com/v1", "Prometheus", "plain", {"replicas": 2}))
    cluster.wait_for(lambda: _ready(cluster, "prometheus-plain", 2), "two replicas of Prometheus")
    assert operators.ended() == []


def test_elasticsearch_becomes_ready_with_its_volumes(cluster: Cluster, operators: Operators) -> None:
    sets = [{"name": "all", "count": 2}]
    spec = {"version": "9.1.0", "nodeSets": sets}
    cluster.apply(_object("elasticsearch.k8s.elastic.co/v1", "Elasticsearch", "plain", spec))
    cluster.wait_for(lambda: _ready(cluster, "plain-es-all", 2), "two nodes of Elasticsearch")
    claims = [
        each["status"]["phase"]
        for each in cluster.api.all("v1", "PersistentVolumeClaim", "default")
        if each["metadata"]["name"].startswith("elasticsearch-data-plain-es-all-")
    ]
    assert claims == ["Bound", "Bound"]
    assert operators.ended() == []


def _object(api_version: str, kind: str, name: str, spec: dict[str, Any]) -> Document:
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec}


def _ready(cluster: Cluster, name: str, replicas: int) -> bool | None:
    found = cluster.get("apps/v1", "StatefulSet", name, "default") or {}
    return found.get("status", {}).get("readyReplicas") == replicas or None
