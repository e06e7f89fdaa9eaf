from typing import Any

import pytest

from catalogue import CATALOGUE
from catalogue.model.time import days
from tests.support import examples
from tests.support.engine import deploy, objects, of_type, one


def spec(kind: str, name: str | None = None) -> dict[str, Any]:
    return one(deploy(examples.metrics), kind, name)["spec"]


def test_prometheus_has_the_values_that_were_decided() -> None:
    made = spec("Prometheus")
    expected = {
        "replicas": 2,
        "retention": "45d",
        "retentionSize": "110GB",
        "scrapeInterval": "15s",
        "evaluationInterval": "15s",
        "externalLabels": {"cluster": "test", "environment": "test"},
        "serviceDiscoveryRole": "EndpointSlice",
        "enforcedSampleLimit": 50_000,
        "enforcedLabelLimit": 64,
        "enforcedLabelValueLengthLimit": 1024,
        "enforcedBodySizeLimit": "50MB",
        "enforcedKeepDroppedTargets": 100,
        "enableFeatures": ["exemplar-storage"],
        "exemplars": {"maxSize": 100_000},
        "walCompression": True,
        "enableAdminAPI": False,
        "reloadStrategy": "HTTP",
        "maximumStartupDurationSeconds": 900,
        "query": {"timeout": "60s", "maxConcurrency": 20, "maxSamples": 50_000_000},
        "priorityClassName": "critical",
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
    }
    assert {key: made.get(key) for key in expected} == expected
    assert made["resources"] == {"requests": {"cpu": "2", "memory": "6Gi"}, "limits": {"memory": "6Gi"}}
    assert made["storage"]["volumeClaimTemplate"]["spec"]["resources"]["requests"]["storage"] == "140Gi"


def test_only_what_is_marked_as_ours_is_read() -> None:
    made = spec("Prometheus")
    ours = {"matchLabels": {"openpolicy.ca/monitored": "true"}}
    selectors = ("serviceMonitor", "podMonitor", "probe", "scrapeConfig", "rule")
    assert all(made[f"{selector}Selector"] == ours for selector in selectors)
    assert not [key for key in made if key.endswith("NamespaceSelector")]


def test_two_replicas_are_kept_apart_and_one_always_stays() -> None:
    recording = deploy(examples.metrics)
    terms = one(recording, "Prometheus")["spec"]["affinity"]["podAntiAffinity"]
    assert terms["requiredDuringSchedulingIgnoredDuringExecution"][0]["topologyKey"] == "kubernetes.io/hostname"
    assert one(recording, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1


def test_a_single_replica_has_no_budget_that_would_block_a_drain() -> None:
    from dataclasses import replace

    recording = deploy(lambda: examples.metrics(size=replace(examples.METRICS.size, replicas=1, retention=days(15))))
    assert not of_type(recording, ":PodDisruptionBudget")
    assert "affinity" not in one(recording, "Prometheus")["spec"]


def test_each_job_has_one_monitor_that_carries_its_name() -> None:
    recording = deploy(examples.metrics)
    kinds = ("ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig")
    monitors = [each.inputs for each in objects(recording) if each.inputs["kind"] in kinds]
    assert sorted(each["metadata"]["name"] for each in monitors) == sorted(each.job for each in CATALOGUE.exporters)
    for each in monitors:
        named = each["spec"].get("jobName") or each["spec"].get("jobLabel")
        assert named in (each["metadata"]["name"], "app.kubernetes.io/name", "app.kubernetes.io/part-of")


def test_the_application_s_endpoint_label_survives() -> None:
    endpoint = spec("PodMonitor")["podMetricsEndpoints"][0]
    assert {"action": "labeldrop", "regex": "endpoint"} in endpoint["relabelings"]
    assert spec("PodMonitor")["namespaceSelector"] == {"matchNames": ["openpolicy"]}
    assert spec("PodMonitor")["sampleLimit"] == 15_000


def test_the_token_goes_to_the_cluster_s_own_parts_only() -> None:
    recording = deploy(examples.metrics)
    with_token = {
        each.inputs["metadata"]["name"]
        for each in objects(recording)
        if each.inputs["kind"] == "ScrapeConfig" and "scrapeClass" in each.inputs["spec"]
    }
    control_plane = {"kube-scheduler", "kube-controller-manager"}
    assert with_token == {"kubernetes-apiservers", "kubernetes-nodes", "kubernetes-cadvisor"} | control_plane
    kept = spec("ScrapeConfig", "kubernetes-apiservers")["relabelings"][0]
    assert (kept["action"], kept["regex"]) == ("keep", "default;kubernetes;https")
    assert spec("Prometheus")["arbitraryFSAccessThroughSMs"] == {"deny": True}


@pytest.mark.parametrize("job", ["kubernetes-nodes", "kubernetes-cadvisor"])
def test_kubelets_are_scraped_over_https_with_few_labels(job: str) -> None:
    made = spec("ScrapeConfig", job)
    assert made["scheme"] == "HTTPS"
    assert made["kubernetesSDConfigs"] == [{"role": "Node"}]
    assert [step for step in made["relabelings"] if step.get("action") == "labelmap"] == []


def test_annotated_pods_are_scraped_once_and_the_application_not_again() -> None:
    steps = spec("ScrapeConfig", "kubernetes-pods")["relabelings"]
    assert [step["action"] for step in steps if "action" in step] == ["keep", "drop", "drop", "KeepEqual"]


def test_state_metrics_keep_the_labels_of_what_they_are_about() -> None:
    assert spec("ServiceMonitor", "kube-state-metrics")["endpoints"][0]["honorLabels"] is True
    assert spec("ServiceMonitor", "redis-exporter")["endpoints"][0]["honorLabels"] is False


def test_node_metrics_are_named_after_nodes() -> None:
    steps = spec("ServiceMonitor", "node-exporter")["endpoints"][0]["relabelings"]
    assert [step["sourceLabels"] for step in steps if step["targetLabel"] == "instance"] == [
        ["__meta_kubernetes_pod_node_name"]
    ]


def test_it_may_only_look() -> None:
    rules = one(deploy(examples.metrics), "ClusterRole")["rules"]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert not {"secrets", "configmaps", "nodes/proxy"} & {each for rule in rules for each in rule.get("resources", [])}
