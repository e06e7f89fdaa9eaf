import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from catalogue import flows
from catalogue.exporters import EXPORTERS
from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration, days, hours
from components.render.tracing import gateway
from components.render.tracing.jaeger import jaeger
from components.render.tracing.storage import Elasticsearch, Memory, lifecycle
from ops.plan.recorder import Recording
from tests.support import examples
from tests.support.engine import deploy, of_type, one

WORKLOADS = {"otel-agent": "DaemonSet", "otel-gateway": "StatefulSet", "jaeger-collector": "Deployment",
             "jaeger-query": "Deployment"}  # fmt: skip


@cache
def traced() -> Recording:
    return deploy(examples.tracing)


def workload(name: str) -> Mapping[str, Any]:
    return one(traced(), WORKLOADS[name], name)["spec"]


def pod(name: str) -> Mapping[str, Any]:
    return workload(name)["template"]["spec"]


def config(name: str) -> Mapping[str, Any]:
    return json.loads(one(traced(), "ConfigMap", name)["data"]["config.yaml"])


def service(name: str) -> Mapping[str, Any]:
    return one(traced(), "Service", name)["spec"]


def store(**changes: Any) -> Elasticsearch:
    assert isinstance(examples.JAEGER.storage, Elasticsearch)
    return replace(examples.JAEGER.storage, **changes)


@pytest.mark.parametrize("name", WORKLOADS)
def test_each_pod_is_restricted(name: str) -> None:
    spec = pod(name)
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["priorityClassName"] == "critical"
    assert spec["serviceAccountName"] == name
    for inner in (*spec["containers"], *spec.get("initContainers", ())):
        assert inner["securityContext"]["readOnlyRootFilesystem"] is True
        assert inner["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert inner["resources"]["limits"].keys() == {"memory", "ephemeral-storage"}
        assert ":latest" not in inner["image"]
        writable = [mount["name"] for mount in inner["volumeMounts"] if not mount.get("readOnly")]
        assert writable == (["queue"] if name == "otel-gateway" else [])


@pytest.mark.parametrize("name", WORKLOADS)
def test_each_pod_is_started_anew_when_its_configuration_changes(name: str) -> None:
    def noted(made: Any) -> str:
        found = one(made, WORKLOADS[name], name)["spec"]["template"]["metadata"]["annotations"]
        return found["openpolicy.ca/files"]

    others = [replace(each, config=dict(each.config) | {"other": {}}) for each in examples.TRACING.collectors]
    assert noted(traced()) != noted(deploy(lambda: examples.tracing(collectors=others)))


def test_only_agents_read_pods_and_nothing_else() -> None:
    assert [name for name in WORKLOADS if pod(name)["automountServiceAccountToken"]] == ["otel-agent"]
    (role,) = of_type(traced(), ":ClusterRole")
    assert role.inputs["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]
    asked = config("otel-agent")["processors"]["k8s_attributes"]
    assert asked["filter"] == {"node_from_env_var": "NODE_NAME", "namespace": "openpolicy"}
    (named,) = [each for each in pod("otel-agent")["containers"][0]["env"] if each["name"] == "NODE_NAME"]
    assert named["valueFrom"]["fieldRef"]["fieldPath"] == "spec.nodeName"


def test_an_application_meets_the_agent_of_its_own_node_which_sees_nothing_of_the_node() -> None:
    made = service("otel-agent")
    assert made["internalTrafficPolicy"] == "Local"
    assert {port["port"] for port in made["ports"]} == {4317, 4318}
    assert "hostNetwork" not in pod("otel-agent")
    assert not [volume for volume in pod("otel-agent")["volumes"] if "hostPath" in volume]


def test_gateways_are_found_one_by_one_and_fixed_in_number() -> None:
    assert service("otel-gateway")["clusterIP"] == "None"
    balanced = config("otel-agent")["exporters"]["load_balancing"]
    assert balanced["routing_key"] == "traceID"
    assert balanced["resolver"]["dns"]["hostname"] == "otel-gateway"
    assert workload("otel-gateway")["replicas"] == 3
    assert not of_type(traced(), ":HorizontalPodAutoscaler")


def test_what_waits_for_jaeger_is_on_a_volume_and_fits_it() -> None:
    (claim,) = workload("otel-gateway")["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"] == {"storage": "10Gi"}
    assert claim["spec"]["storageClassName"] == "ssd"
    made = config("otel-gateway")
    queue = made["exporters"]["otlp_grpc/jaeger"]["sending_queue"]
    assert queue["sizer"] == "bytes"
    assert queue["queue_size"] <= Bytes.parse("10Gi").count * 0.8
    (mount,) = [each for each in pod("otel-gateway")["containers"][0]["volumeMounts"] if each["name"] == "queue"]
    assert made["extensions"][queue["storage"]]["directory"] == mount["mountPath"]


def test_a_claim_names_no_class_where_the_stack_names_none() -> None:
    made = one(deploy(lambda: examples.tracing(storage_class=None)), "StatefulSet")
    assert "storageClassName" not in made["spec"]["volumeClaimTemplates"][0]["spec"]


def test_a_stack_says_which_traces_are_kept() -> None:
    sampling = gateway.Sampling(slower_than=Duration.parse("2s"), share=Decimal("0.25"))
    made = gateway.gateway(
        name="g", job="j", jaeger="collector", sampling=sampling, replicas=1, queue=Bytes.parse("1Gi")
    )
    processors: Any = made.config["processors"]
    policies = {each["name"]: each for each in processors["tail_sampling"]["policies"]}
    assert policies["errors"]["status_code"] == {"status_codes": ["ERROR"]}
    assert policies["slow"]["latency"] == {"threshold_ms": 2000}
    assert policies["share-of-the-rest"]["probabilistic"] == {"sampling_percentage": 25.0}


@pytest.mark.parametrize("retention", [hours(24), days(2), days(14), days(400)])
def test_no_span_is_kept_for_longer_than_the_retention(retention: Duration) -> None:
    phases: Any = lifecycle(store(retention=retention))["policy"]
    rolled, deleted = phases["phases"]["hot"]["actions"]["rollover"]["max_age"], phases["phases"]["delete"]["min_age"]
    longest = Duration.parse(rolled).seconds + Duration.parse(deleted).seconds
    assert longest == retention.seconds
    # An index that is deleted whole takes little with it that is younger.
    assert Duration.parse(rolled).seconds <= retention.seconds / 10


def test_jaeger_looks_back_as_far_as_traces_are_kept() -> None:
    for name in ("jaeger-collector", "jaeger-query"):
        kept = config(name)["extensions"]["jaeger_storage"]["backends"]["traces"]["elasticsearch"]
        assert kept["max_span_age"] == "336h"


def test_whoever_writes_prepares_the_indices_first() -> None:
    steps = pod("jaeger-collector")["initContainers"]
    assert [step["name"] for step in steps] == ["lifecycle", "indices"]
    files = one(traced(), "ConfigMap", "jaeger-collector")["data"]
    policy = config("jaeger-collector")["extensions"]["jaeger_storage"]["backends"]["traces"]["elasticsearch"]
    named = policy["indices"]["spans"]["rotation"]["auto_rollover"]["policy_name"]
    assert steps[0]["args"][-1] == f"https://logs:9200/_ilm/policy/{named}"
    (data,) = [each for each in steps[0]["args"] if each.startswith("@")]
    assert data.rpartition("/")[2] in files
    assert f"--es.ilm-policy-name={named}" in steps[1]["args"]
    assert f"--index-prefix={policy['indices']['index_prefix']}" in steps[1]["args"]
    assert pod("jaeger-query").get("initContainers", []) == []


def test_a_single_node_has_no_copies() -> None:
    (collector, _) = jaeger(replace(examples.JAEGER, storage=store(copies=0)), job="jaeger")
    assert "--replicas=0" in collector.first[1].args


def test_no_document_holds_the_login() -> None:
    made = pod("jaeger-collector")
    for inner in (*made.get("initContainers", ()), *made["containers"]):
        named = {each["name"]: each["valueFrom"] for each in inner["env"] if "valueFrom" in each}
        for name, key in (("ES_USERNAME", "username"), ("ES_PASSWORD", "password")):
            assert named[name] == {"secretKeyRef": {"name": "jaeger-login", "key": key}}
        assert "$(ES_PASSWORD)" not in " ".join(inner["args"])
    kept = config("jaeger-collector")["extensions"]["jaeger_storage"]["backends"]["traces"]["elasticsearch"]
    assert kept["auth"]["basic"]["username"] == "${env:ES_USERNAME}"
    assert "password" not in kept["auth"]["basic"]
    (mount,) = [each for each in made["containers"][0]["volumeMounts"] if each["name"] == "login"]
    assert kept["auth"]["basic"]["password_file"] == f"{mount['mountPath']}/password"


def test_traces_in_memory_are_of_one_process_that_is_both() -> None:
    alone = replace(examples.JAEGER, storage=Memory(), collectors=1, queries=1)
    (both,) = jaeger(alone, job="jaeger")
    assert both.roles == flows.JAEGER_COLLECTOR.pod_labels | flows.JAEGER_QUERY.pod_labels
    assert both.ports == {"otlp": 4317, "web": 16686}
    with pytest.raises(ValueError, match="one collector and one query"):
        replace(alone, queries=2)


def test_every_name_leads_to_pods_and_to_a_port_that_they_have() -> None:
    planned = [
        (each.inputs["spec"]["template"]["metadata"]["labels"], each.inputs["spec"]["template"]["spec"]["containers"])
        for kind in (":DaemonSet", ":StatefulSet", ":Deployment")
        for each in of_type(traced(), kind)
    ]
    services = of_type(traced(), ":Service")
    assert len(services) == 7
    for each in services:
        spec = each.inputs["spec"]
        meant = [inner for labels, inner in planned if spec["selector"].items() <= labels.items()]
        assert meant, each.name
        for (inner,) in meant:
            names = {port["name"] for port in inner["ports"]}
            assert {port["targetPort"] for port in spec["ports"]} <= names, each.name


@pytest.mark.parametrize("job", ["otel-collector", "jaeger", "span-metrics"])
def test_each_job_finds_every_pod_of_its_own(job: str) -> None:
    (exporter,) = [each for each in EXPORTERS if each.job == job]
    made = one(traced(), "Service", job)
    assert made["metadata"]["labels"]["app.kubernetes.io/name"] == job
    assert [port["name"] for port in made["spec"]["ports"]] == [exporter.port]
    # Each pod is a target, and not one of them at a time.
    assert made["spec"]["clusterIP"] == "None"


def test_a_name_without_a_port_behind_it_is_refused() -> None:
    entry = replace(examples.TRACING.entries[0], ports={"otlp": (4317, "oltp")})
    with pytest.raises(ValueError, match="otel-agent: no collector has a port oltp"):
        replace(examples.TRACING, entries=[entry])


def test_a_trace_leads_to_its_lines() -> None:
    ui = json.loads(one(traced(), "ConfigMap", "jaeger-query")["data"]["ui.json"])
    (link,) = ui["linkPatterns"]
    assert link["url"].startswith("https://grafana.example.org/explore?")
    assert "#{traceID}" in link["url"]
