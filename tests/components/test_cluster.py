from collections.abc import Mapping
from typing import Any

from tests.support import examples
from tests.support.engine import deploy, of_type, one


def test_the_namespace_is_restricted_and_protected() -> None:
    recording = deploy(examples.cluster)
    assert levels(one(recording, "Namespace", "observability")) == {"restricted"}
    assert of_type(recording, ":Namespace")[0].protect


def levels(namespace: Mapping[str, Any]) -> set[str]:
    modes = ("enforce", "audit", "warn")
    return {namespace["metadata"]["labels"][f"pod-security.kubernetes.io/{mode}"] for mode in modes}


def test_what_sees_its_node_is_in_a_namespace_apart() -> None:
    assert levels(one(deploy(examples.cluster), "Namespace", "observability-agents")) == {"privileged"}


def test_development_can_be_destroyed() -> None:
    assert not of_type(deploy(lambda: examples.cluster(protect=False)), ":Namespace")[0].protect


def test_the_provider_keeps_its_cluster_when_the_address_changes() -> None:
    provider = of_type(deploy(examples.cluster), "providers:kubernetes")[0].inputs
    assert provider["clusterIdentifier"] == "test"
    assert provider["context"] == "test"
    assert provider["enableConfigMapMutable"] == "true"
    assert provider["enableSecretMutable"] == "true"


def test_the_quota_leaves_no_way_out_of_the_cluster() -> None:
    hard = one(deploy(examples.cluster), "ResourceQuota")["spec"]["hard"]
    assert hard == {"pods": "10", "services.nodeports": "0", "services.loadbalancers": "0"}


def test_pods_that_ask_for_nothing_get_something() -> None:
    limits = one(deploy(examples.cluster), "LimitRange")["spec"]["limits"][0]
    assert limits["defaultRequest"] == {"cpu": "10m", "memory": "64Mi", "ephemeral-storage": "64Mi"}
    assert limits["default"] == {"memory": "128Mi", "ephemeral-storage": "4Gi"}
