"""The cluster itself: what it has, what it refuses, and that nothing of it stays behind."""

from pathlib import Path
from typing import Any

import pytest

from tests.live.api import RefusedError
from tests.live.cluster import ZONES, Cluster, condition
from tests.live.listing import alive


def test_it_has_ready_nodes_in_three_zones(cluster: Cluster) -> None:
    nodes = cluster.api.all("v1", "Node")
    assert [condition(node, "Ready") for node in nodes] == ["True"] * 3
    assert sorted(node["metadata"]["labels"]["topology.kubernetes.io/zone"] for node in nodes) == sorted(ZONES)


def test_it_has_one_default_storage_class(cluster: Cluster) -> None:
    mark = "storageclass.kubernetes.io/is-default-class"
    classes = cluster.api.all("storage.k8s.io/v1", "StorageClass")
    assert [each["metadata"]["name"] for each in classes if each["metadata"]["annotations"].get(mark)] == ["standard"]


def test_its_api_server_knows_its_version(cluster: Cluster) -> None:
    assert cluster.api.version().startswith("v1.37.")


def test_a_replica_gets_a_node_and_a_volume(cluster: Cluster) -> None:
    cluster.apply(stateful_set("stateful"))

    cluster.wait_for(lambda: is_ready(cluster, "stateful"), "three ready replicas")
    claims = cluster.api.all("v1", "PersistentVolumeClaim", "default")
    assert [each["status"]["phase"] for each in claims] == ["Bound"] * 3
    pods = cluster.api.all("v1", "Pod", "default")
    assert len({pod["spec"]["nodeName"] for pod in pods}) == 3


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"replicaz": 2}, r"^StatefulSet default/misspelt: .*\.spec\.replicaz: field not declared in schema"),
        ({"replicas": "two"}, r"^StatefulSet default/misspelt: .*\.spec\.replicas"),
    ],
)
def test_a_fault_is_refused_with_its_path(cluster: Cluster, change: dict[str, Any], complaint: str) -> None:
    manifest = stateful_set("misspelt")
    with pytest.raises(RefusedError, match=complaint):
        cluster.apply(manifest | {"spec": manifest["spec"] | change})


def test_what_the_server_warns_of_is_told(cluster: Cluster) -> None:
    labels = {"pod-security.kubernetes.io/warn": "restricted"}
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "strict", "labels": labels}})
    manifest = stateful_set("loose")
    manifest["metadata"]["namespace"] = "strict"
    (warning,) = cluster.apply(manifest).warnings
    assert warning.startswith('would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false')


def test_an_object_without_a_namespace_is_refused(cluster: Cluster) -> None:
    manifest = stateful_set("nowhere")
    del manifest["metadata"]["namespace"]
    with pytest.raises(RefusedError, match=r"^StatefulSet nowhere: names no namespace$"):
        cluster.apply(manifest)


def test_two_clusters_know_nothing_of_each_other(cluster: Cluster) -> None:
    with Cluster(storage_classes=("other",)) as other:
        assert other.kubeconfig != cluster.kubeconfig
        other.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "elsewhere"}})
        assert cluster.get("v1", "Namespace", "elsewhere") is None
        assert [each["metadata"]["name"] for each in other.api.all("storage.k8s.io/v1", "StorageClass")] == ["other"]
    assert cluster.api.healthy()


def test_after_an_error_only_logs_are_left(tmp_path: Path) -> None:
    numbers = list[int]()

    def fail() -> None:
        with Cluster(tmp_path / "cluster") as cluster:
            numbers.extend(process.popen.pid for process in cluster.processes.running)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert len(numbers) == 5
    assert alive(numbers) == []
    logs = sorted(path.name for path in (tmp_path / "cluster").rglob("*.log"))
    assert logs == ["etcd.log", "kube-apiserver.log", "kube-controller-manager.log", "kube-scheduler.log", "kwok.log"]
    assert not (tmp_path / "cluster" / "etcd").exists()


def is_ready(cluster: Cluster, name: str) -> bool | None:
    found = cluster.get("apps/v1", "StatefulSet", name, "default") or {}
    return found.get("status", {}).get("readyReplicas") == 3 or None


def stateful_set(name: str) -> dict[str, Any]:
    """Three replicas on three nodes, each with a volume of the default class."""
    labels = {"app": name}
    claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    apart = {"labelSelector": {"matchLabels": labels}, "topologyKey": "kubernetes.io/hostname"}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "replicas": 3,
            "serviceName": name,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {
                    "containers": [{"name": "main", "image": "example.org/main:1"}],
                    "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [apart]}},
                },
            },
            "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": claim}],
        },
    }
