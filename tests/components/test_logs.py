import json
from typing import Any

import pytest

from catalogue import CATALOGUE
from components.render.elastic.logstash import SERVICE
from components.render.logs.names import pattern
from components.render.logs.roles import USERS, roles
from ops.plan.recorder import Recording
from ops.plan.wire import MASK
from tests.support import examples
from tests.support.engine import deploy, objects, of_type, one


def cluster(recording: Recording) -> Any:
    return one(recording, "Elasticsearch")["spec"]


def sets(recording: Recording) -> dict[str, Any]:
    return {each["name"]: each for each in cluster(recording)["nodeSets"]}


def test_volumes_outlive_the_object_and_it_is_protected() -> None:
    recording = deploy(examples.logs)
    assert cluster(recording)["volumeClaimDeletePolicy"] == "DeleteOnScaledownOnly"
    assert of_type(recording, ":Elasticsearch")[0].protect
    assert not of_type(deploy(lambda: examples.logs(protect=False)), ":Elasticsearch")[0].protect


def test_nodes_of_each_kind_are_spread_over_zones_and_hot_ones_hold_content() -> None:
    nodes = sets(deploy(examples.logs))
    assert list(nodes) == ["master", "hot", "warm", "cold"]
    assert all(each["zoneAwareness"] == {} for each in nodes.values())
    assert "data_content" in nodes["hot"]["config"]["node.roles"]
    assert nodes["master"]["config"]["node.roles"] == ["master"]


def test_pods_keep_to_the_restricted_profile() -> None:
    recording = deploy(examples.logs)
    pods = [each["podTemplate"]["spec"] for each in sets(recording).values()]
    pods += [one(recording, kind)["spec"]["podTemplate"]["spec"] for kind in ("Kibana", "Logstash")]
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in (*pod["containers"], *pod.get("initContainers", [])):
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        for container in pod["containers"]:
            assert list(container["resources"]["limits"]) == ["memory"]


def test_every_machine_has_a_user_with_a_password_that_nobody_sees() -> None:
    recording = deploy(examples.logs)
    named = {each["secretName"] for each in cluster(recording)["auth"]["fileRealm"]}
    assert named == {f"logs-user-{user}" for user in USERS}
    secrets = {each.name: each.plain["stringData"] for each in of_type(recording, ":Secret")}
    for user, granted in USERS.items():
        secret = one(recording, "Secret", f"logs-user-{user}")
        assert secret["type"] == "kubernetes.io/basic-auth"
        assert secret["stringData"]["password"] == MASK
        assert secrets[f"logs-user-{user}"]["roles"] == ",".join(granted)


def test_logstash_may_only_append() -> None:
    recording = deploy(examples.logs)
    env = {
        each["name"]: each for each in one(recording, "Logstash")["spec"]["podTemplate"]["spec"]["containers"][0]["env"]
    }
    assert env["ELASTICSEARCH_USERNAME"]["valueFrom"]["secretKeyRef"]["name"] == "logs-user-logstash"
    # Elastic's operator would give it a user who may delete what it wrote.
    assert "elasticsearchRefs" not in one(recording, "Logstash")["spec"]


def test_queues_fit_their_volume() -> None:
    spec = one(deploy(examples.logs), "Logstash")["spec"]
    volume = next(each for each in spec["volumeClaimTemplates"] if each["metadata"]["name"] == "pq")
    size = int(volume["spec"]["resources"]["requests"]["storage"].removesuffix("Gi"))
    queues = sum(int(each.get("queue.max_bytes", "0gb").removesuffix("gb")) for each in spec["pipelines"])
    assert 0 < queues < size
    assert spec["config"]["queue.type"] == "persisted"
    assert spec["config"]["dead_letter_queue.enable"] is True


def test_what_logstash_runs_is_mounted_and_a_change_rolls_it() -> None:
    recording = deploy(examples.logs)
    spec = one(recording, "Logstash")["spec"]
    held = one(recording, "ConfigMap", "logstash-pipelines")["data"]
    assert {each["path.config"].rpartition("/")[2] for each in spec["pipelines"]} <= held.keys()
    before = spec["podTemplate"]["metadata"]["annotations"]
    fewer = deploy(lambda: examples.logs(classes=[each for each in examples.LOGS.classes if each.name != "security"]))
    assert one(fewer, "Logstash")["spec"]["podTemplate"]["metadata"]["annotations"] != before


def test_the_server_s_certificate_names_the_service_and_both_ends_trust_one_authority() -> None:
    recording = deploy(examples.logs)
    requests = {each.name: each.inputs for each in of_type(recording, ":CertRequest")}
    assert requests["logs-beats-request"]["dnsNames"] == [f"{SERVICE}.observability.svc"]
    uses = {each.name: each.inputs["allowedUses"] for each in of_type(recording, ":LocallySignedCert")}
    assert "server_auth" in uses["logs-beats-certificate"]
    assert "client_auth" in uses["logs-shipper-certificate"]
    assert "client_auth" not in uses["logs-beats-certificate"]
    assert one(recording, "Secret", "logs-beats-tls")["stringData"]["tls.key"] == MASK


def test_snapshots_keys_are_in_the_keystore_alone() -> None:
    recording = deploy(examples.logs)
    assert cluster(recording)["secureSettings"] == [{"secretName": "logs-object-store"}]
    assert set(one(recording, "Secret", "logs-object-store")["stringData"].values()) == {MASK}
    assert "k3y" not in json.dumps([each.inputs for each in objects(recording)])
    without = deploy(lambda: examples.logs(store=None, store_keys={}))
    assert "secureSettings" not in cluster(without)


@pytest.mark.parametrize("name", ["logstash", "kibana"])
def test_two_have_a_budget_and_one_has_none_that_would_block_a_drain(name: str) -> None:
    from dataclasses import replace

    alone = replace(examples.LOGS.size, **{f"{name}_replicas": 1})
    left = of_type(deploy(lambda: examples.logs(size=alone)), ":PodDisruptionBudget")
    assert name not in {each.inputs["metadata"]["name"] for each in left}
    assert one(deploy(examples.logs), "PodDisruptionBudget", name)["spec"]["maxUnavailable"] == 1


def kibana(**changes: Any) -> dict[str, Any]:
    return one(deploy(lambda: examples.logs(**changes)), "Kibana")["spec"]


def test_who_comes_in_by_the_door_is_a_user_that_may_look_and_no_more() -> None:
    config = kibana()["config"]
    anonymous = "xpack.security.authc.providers.anonymous.people"
    assert config[f"{anonymous}.credentials.username"] == "openpolicy-people"
    (container,) = kibana()["podTemplate"]["spec"]["containers"]
    (shown,) = container["env"]
    assert config[f"{anonymous}.credentials.password"] == f"${{{shown['name']}}}"
    assert shown["valueFrom"] == {"secretKeyRef": {"name": "logs-user-people", "key": "password"}}
    # By name, for who is to see more.
    assert config[f"{anonymous}.order"] < config["xpack.security.authc.providers.basic.named.order"]
    granted = [roles(CATALOGUE.log_classes)[name] for name in USERS["people"]]
    assert not [role for role in granted if role["cluster"]]
    assert {right for role in granted for each in role["indices"] for right in each["privileges"]} == {
        "read",
        "view_index_metadata",
    }
    assert {right for role in granted for each in role.get("applications", []) for right in each["privileges"]} == {
        "read"
    }
    evidence = {pattern(each.name) for each in CATALOGUE.log_classes if each.evidence}
    assert evidence
    assert not evidence & {name for role in granted for each in role["indices"] for name in each["names"]}


def test_without_a_door_nobody_comes_in_without_a_name() -> None:
    assert not [each for each in kibana(visited=False)["config"] if "security" in each]
    assert "env" not in kibana(visited=False)["podTemplate"]["spec"]["containers"][0]
    made = {
        each.inputs["metadata"]["name"] for each in of_type(deploy(lambda: examples.logs(visited=False)), ":Secret")
    }
    assert "logs-user-people" not in made


def test_filebeat_sees_the_application_s_pods_alone() -> None:
    recording = deploy(examples.shipping)
    role = one(recording, "Role")
    assert role["metadata"]["namespace"] == "openpolicy"
    assert {verb for rule in role["rules"] for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert {each for rule in role["rules"] for each in rule["resources"]} == {"pods", "replicasets"}
    assert not of_type(recording, ":ClusterRole")


def test_filebeat_drops_what_could_be_taken_for_metadata_before_it_adds_any() -> None:
    config = one(deploy(examples.shipping), "Beat")["spec"]["config"]
    (source,) = config["filebeat.inputs"]
    assert source["file_identity.fingerprint"] == {}
    # Longer than what a runtime writes before a line, and shorter than any line that says something.
    assert 40 < source["prospector.scanner"]["fingerprint"]["length"] <= 64
    assert source["paths"] == ["/var/log/containers/*_openpolicy_*.log"]
    first, second = source["processors"]
    assert {"kubernetes", "data_stream"} <= set(first["drop_fields"]["fields"])
    assert "add_kubernetes_metadata" in second
    # What a line says of itself is read in Logstash.
    assert not [parser for parser in source["parsers"] if "ndjson" in parser]
    assert config["output.logstash"]["ssl.certificate"]
    assert config["output.logstash"]["hosts"] == [f"{SERVICE}.observability.svc:5044"]


def test_only_the_kernel_s_setting_is_privileged() -> None:
    recording = deploy(examples.shipping)
    pod = one(recording, "DaemonSet")["spec"]["template"]["spec"]
    assert [each["name"] for each in pod["initContainers"] if each["securityContext"].get("privileged")] == ["sysctl"]
    filebeat = one(recording, "Beat")["spec"]["daemonSet"]["podTemplate"]["spec"]["containers"][0]
    assert filebeat["securityContext"]["readOnlyRootFilesystem"] is True
    assert filebeat["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["DAC_READ_SEARCH"]}
    assert all(each["readOnly"] for each in filebeat["volumeMounts"])
