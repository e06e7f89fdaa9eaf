import json
from dataclasses import replace
from typing import Any

import pytest

from catalogue.model.time import days
from components.render import thanos
from components.render.data_sources import data_sources
from components.settings.long_term import long_term
from tests.support import examples
from tests.support.engine import deploy, of_type, one


def container(kind: str, name: str) -> dict[str, Any]:
    (only,) = one(deploy(examples.long_term), kind, name)["spec"]["template"]["spec"]["containers"]
    return only


def test_the_compactor_keeps_each_resolution_as_long_as_was_said_and_is_alone() -> None:
    made = one(deploy(examples.long_term), "StatefulSet", "thanos-compactor")
    assert made["spec"]["replicas"] == 1
    kept = [each for each in container("StatefulSet", "thanos-compactor")["args"] if "retention" in each]
    assert kept == [
        "--retention.resolution-raw=90d",
        "--retention.resolution-5m=365d",
        "--retention.resolution-1h=1095d",
    ]
    two = replace(thanos.compactor(examples.LONG_TERM_SIZE, examples.BUCKET, thanos.BUCKET), replicas=2)
    with pytest.raises(ValueError, match="there is exactly one"):
        replace(examples.LONG_TERM, parts=[two])


def test_the_query_drops_the_replica_and_asks_sidecars_and_stores() -> None:
    arguments = container("Deployment", "thanos-query")["args"]
    assert "--query.replica-label=prometheus_replica" in arguments
    (asked,) = [each for each in arguments if each.startswith("--endpoint.sd-config=")]
    assert [each["address"] for each in json.loads(asked.partition("=")[2])["endpoints"]] == [
        "dns+thanos-sidecar.observability.svc:10901",
        "dns+thanos-store.observability.svc:10901",
    ]
    for name in ("thanos-sidecar", "thanos-store"):
        assert one(deploy(examples.long_term), "Service", name)["spec"]["clusterIP"] == "None"


def test_what_holds_data_can_write_there_and_nowhere_else() -> None:
    for name in ("thanos-store", "thanos-compactor"):
        made = container("StatefulSet", name)
        assert {each["name"]: each["mountPath"] for each in made["volumeMounts"]}["data"] == "/data"
        assert "--data-dir=/data" in made["args"]
        assert made["securityContext"]["readOnlyRootFilesystem"] is True
    assert len(of_type(deploy(examples.long_term), ":PodDisruptionBudget")) == 2


def test_the_keys_are_in_a_secret_alone() -> None:
    recording = deploy(examples.long_term)
    holders = {each.name for each in recording.resources.values() if "k3y" in json.dumps(each.inputs)}
    assert holders <= {"longterm-keys"}
    bucket = json.loads(one(recording, "ConfigMap", "metrics-bucket")["data"]["bucket.yaml"])
    assert bucket == {
        "type": "S3",
        "config": {"bucket": "samples", "endpoint": "s3.ca-central-1.amazonaws.com", "region": "ca-central-1"},
        "prefix": "test",
    }


def test_prometheus_has_a_sidecar_where_there_is_a_bucket() -> None:
    beside = thanos.sidecar("metrics-bucket", "metrics-bucket")
    spec = one(deploy(lambda: examples.metrics(sidecar=beside)), "Prometheus")["spec"]
    assert spec["thanos"]["objectStorageConfigFile"] == "/etc/thanos/bucket/bucket.yaml"
    assert spec["podMetadata"]["labels"] | thanos.ROLE == spec["podMetadata"]["labels"]
    assert "thanos" not in one(deploy(examples.metrics), "Prometheus")["spec"]


def test_grafana_asks_the_query_and_can_ask_prometheus_alone() -> None:
    sources = replace(examples.GRAFANA.sources, history="http://thanos-query:10902")
    made: Any = data_sources(sources)["datasources"]
    shown = {each["name"]: (each["url"], each.get("isDefault", False)) for each in made if each["type"] == "prometheus"}
    assert shown == {
        "Metrics of years": ("http://thanos-query:10902", True),
        "Prometheus alone": ("http://prometheus:9090", False),
    }


def test_a_prometheus_that_forgets_over_a_weekend_is_refused() -> None:
    (found,) = long_term({"metrics.longTerm": {"bucket": "samples"}, "metrics.retention": days(2)})
    assert found.where == "metrics.retention"
    assert found.remedy == "set it to 3d or more"
    assert not [*long_term({"metrics.retention": days(2)})]
