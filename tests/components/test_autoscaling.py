from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.render.text import to_yaml
from components.wiring.edges import whole_load
from tests.support import examples
from tests.support.engine import deploy, objects, one
from tests.support.schemas import problems
from tests.support.sdk import problems as sdk_problems
from tests.support.tools import run


def spec(kind: str, **changes: Any) -> Mapping[str, Any]:
    return one(deploy(lambda: examples.autoscaling(**changes)), kind)["spec"]


def without_load() -> dict[str, Any]:
    return {"targets": replace(examples.TARGETS, load=None)}


def test_the_autoscaler_is_the_one_that_was_asked_for() -> None:
    scaler = one(deploy(examples.autoscaling), "HorizontalPodAutoscaler")
    assert scaler["apiVersion"] == "autoscaling/v2"
    assert (scaler["metadata"]["name"], scaler["metadata"]["namespace"]) == ("openpolicy-api", "openpolicy")
    asked = """
      scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api-gateway}
      minReplicas: 3
      maxReplicas: 50
      metrics:
        - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
        - {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}}
        - type: Pods
          pods: {metric: {name: http_requests_per_second}, target: {type: AverageValue, averageValue: 1k}}
    """
    assert {key: value for key, value in scaler["spec"].items() if key != "behavior"} == yaml.safe_load(asked)


def test_it_grows_at_once_and_shrinks_slowly() -> None:
    behavior = spec("HorizontalPodAutoscaler")["behavior"]
    assert behavior["scaleUp"]["stabilizationWindowSeconds"] == 0
    assert behavior["scaleUp"]["selectPolicy"] == "Max"
    assert behavior["scaleDown"]["stabilizationWindowSeconds"] == 300
    assert behavior["scaleDown"]["selectPolicy"] == "Min"


def test_the_sdk_would_have_made_the_same_autoscaler() -> None:
    from pulumi_kubernetes.autoscaling.v2 import HorizontalPodAutoscalerSpecArgs

    made = spec("HorizontalPodAutoscaler")
    assert list(sdk_problems(HorizontalPodAutoscalerSpecArgs, made)) == []
    wrong = {**made, "behavior": {"scaleUp": {"policies": [{"type": "Pods", "periodSecond": 5}]}}}
    assert "behavior.scaleUp.policies[0].periodSecond: is unknown" in list(
        sdk_problems(HorizontalPodAutoscalerSpecArgs, wrong)
    )


def test_keda_wants_the_same() -> None:
    hpa, keda = spec("HorizontalPodAutoscaler"), spec("ScaledObject", engine="keda")
    config = keda["advanced"]["horizontalPodAutoscalerConfig"]
    assert config == {"name": "openpolicy-api", "behavior": hpa["behavior"]}
    assert (keda["minReplicaCount"], keda["maxReplicaCount"]) == (3, 50)
    assert keda["scaleTargetRef"] == hpa["scaleTargetRef"]
    triggers = {each["type"]: (each["metricType"], each["metadata"]) for each in keda["triggers"]}
    assert triggers["cpu"] == ("Utilization", {"value": "70"})
    assert triggers["memory"] == ("Utilization", {"value": "80"})
    kind, about = triggers["prometheus"]
    assert (kind, about["threshold"]) == ("AverageValue", "1000")
    assert about["serverAddress"] == "http://prometheus.observability.svc:9090"
    assert keda["fallback"] == {"failureThreshold": 3, "replicas": 6, "behavior": "currentReplicasIfHigher"}


@pytest.mark.parametrize("engine", ["hpa", "keda"])
@pytest.mark.parametrize("load", [None, 1000])
def test_there_is_one_autoscaler_and_an_adapter_only_where_it_is_needed(engine: str, load: int | None) -> None:
    targets = replace(examples.TARGETS, load=load)
    made = objects(deploy(lambda: examples.autoscaling(engine=engine, targets=targets)))
    scalers = [each for each in made if each.inputs["kind"] in ("HorizontalPodAutoscaler", "ScaledObject")]
    assert len(scalers) == 1
    assert (len(made) > 1) == (engine == "hpa" and load is not None)


@pytest.mark.parametrize("engine", ["hpa", "keda"])
@pytest.mark.parametrize("load", [None, 1000])
def test_every_object_fits_the_schema_of_its_kind(engine: str, load: int | None) -> None:
    targets = replace(examples.TARGETS, load=load)
    recording = deploy(lambda: examples.autoscaling(engine=engine, targets=targets))
    assert [problem for each in objects(recording) for problem in problems(each.inputs)] == []


def test_a_misspelt_trigger_is_found() -> None:
    scaler = dict(one(deploy(lambda: examples.autoscaling(engine="keda")), "ScaledObject"))
    scaler["spec"] = {**scaler["spec"], "maxReplicas": 5}
    assert any("'maxReplicas' was unexpected" in problem for problem in problems(scaler))


def test_without_requests_neither_engine_asks_for_them() -> None:
    assert [each["type"] for each in spec("HorizontalPodAutoscaler", **without_load())["metrics"]] == ["Resource"] * 2
    keda = spec("ScaledObject", engine="keda", **without_load())
    assert [each["type"] for each in keda["triggers"]] == ["cpu", "memory"]
    # KEDA refuses a fallback where it reads no metric by itself.
    assert "fallback" not in keda


def rules() -> list[dict[str, Any]]:
    config = one(deploy(examples.autoscaling), "ConfigMap")["data"]["config.yaml"]
    return yaml.safe_load(config)["rules"]


def test_the_adapter_serves_what_the_autoscalers_read_and_nothing_else() -> None:
    read = {
        each["pods"]["metric"]["name"] for each in spec("HorizontalPodAutoscaler")["metrics"] if each["type"] == "Pods"
    }
    assert {each["name"]["as"] for each in rules()} == read
    assert one(deploy(examples.autoscaling), "ConfigMap")["data"].keys() == {"config.yaml"}
    roles = {each.inputs["metadata"]["name"]: each.inputs for each in objects(deploy(examples.autoscaling))}
    asked = roles["prometheus-adapter-reader"]["roleRef"]
    assert asked["name"] == "prometheus-adapter-reader"


def test_rights_are_the_least() -> None:
    made = [each.inputs for each in objects(deploy(examples.autoscaling)) if each.inputs["kind"] == "Role"]
    assert {each["metadata"]["namespace"] for each in made} == {"openpolicy"}
    assert sorted((rule["apiGroups"], rule["resources"], rule["verbs"]) for each in made for rule in each["rules"]) == [
        ([""], ["pods"], ["list"]),
        (["custom.metrics.k8s.io"], ["pods/http_requests_per_second"], ["get"]),
    ]
    assert not [each for each in objects(deploy(examples.autoscaling)) if each.inputs["kind"] == "ClusterRole"]


def test_the_api_is_served_over_tls_that_the_api_server_can_trust() -> None:
    recording = deploy(examples.autoscaling)
    api = one(recording, "APIService")
    assert api["metadata"]["name"] == "v1beta1.custom.metrics.k8s.io"
    assert "insecureSkipTLSVerify" not in api["spec"]
    assert api["metadata"]["annotations"] == {"cert-manager.io/inject-ca-from": "observability/prometheus-adapter"}
    certificate = one(recording, "Certificate")
    assert certificate["metadata"]["name"] == "prometheus-adapter"
    assert certificate["spec"]["dnsNames"] == ["prometheus-adapter.observability.svc"]
    volumes = {each["name"]: each for each in pod(recording)["volumes"]}
    assert volumes["certificate"]["secret"]["secretName"] == certificate["spec"]["secretName"]


def pod(recording: Any) -> Mapping[str, Any]:
    return one(recording, "Deployment")["spec"]["template"]["spec"]


def test_the_adapter_is_restricted_and_redundant() -> None:
    recording = deploy(examples.autoscaling)
    (container,) = pod(recording)["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod(recording)["securityContext"]["runAsNonRoot"] is True
    assert container["image"].endswith(":v0.12.0")
    assert one(recording, "Deployment")["spec"]["replicas"] == 2
    assert one(recording, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1


def test_a_changed_rule_restarts_the_adapter() -> None:
    def annotations(job: str) -> Mapping[str, str]:
        deployment = one(deploy(lambda: examples.autoscaling(job=job)), "Deployment")
        return deployment["spec"]["template"]["metadata"]["annotations"]

    assert annotations("openpolicy") == annotations("openpolicy")
    assert annotations("openpolicy") != annotations("another")


def test_both_engines_count_the_same_requests(tmp_path: Path) -> None:
    (rule,) = rules()
    matchers = 'namespace="openpolicy",pod=~"a|b"'
    by_pod = (
        rule["metricsQuery"]
        .replace("<<.Series>>", "http_requests_total")
        .replace("<<.LabelMatchers>>", matchers)
        .replace("<<.GroupBy>>", "pod")
    )
    labels = 'namespace="openpolicy",service="api-gateway",job="openpolicy"'
    series = [
        {"series": f'http_requests_total{{{labels},pod="a",endpoint="/api/v1/bills"}}', "values": "0+150x40"},
        {"series": f'http_requests_total{{{labels},pod="b",endpoint="/api/v1/bills"}}', "values": "0+300x40"},
        # Neither a probe nor another job counts.
        {"series": f'http_requests_total{{{labels},pod="b",endpoint="/healthz"}}', "values": "0+900x40"},
        {
            "series": 'http_requests_total{namespace="openpolicy",job="kubernetes-pods",pod="a",endpoint="/x"}',
            "values": "0+600x40",
        },
    ]
    expected = [
        {"expr": f"round({by_pod})", "eval_time": "10m", "exp_samples": [
            {"labels": '{pod="a"}', "value": 10}, {"labels": '{pod="b"}', "value": 20}]},
        {"expr": f"round({whole_load(examples.AUTOSCALING.autoscalers[0])})", "eval_time": "10m", "exp_samples": [
            {"labels": "{}", "value": 30}]},
    ]  # fmt: skip
    document = {"tests": [{"interval": "15s", "input_series": series, "promql_expr_test": expected}]}
    (tmp_path / "test.yaml").write_text(to_yaml(document), encoding="utf-8")
    verdict = run("promtool", "test", "rules", tmp_path / "test.yaml")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_a_load_that_nobody_can_ask_for_is_refused() -> None:
    with pytest.raises(ValueError, match="queries: no load of openpolicy-api"):
        replace(examples.AUTOSCALING, queries={})
