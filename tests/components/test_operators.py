import pytest

from tests.support import examples
from tests.support.engine import deploy, objects, of_type, one


def test_kinds_outlive_the_program() -> None:
    kinds = of_type(deploy(examples.operators), ":CustomResourceDefinition")
    assert len(kinds) == 22
    assert all(kind.protect and kind.retain_on_delete for kind in kinds)


def test_the_operator_itself_does_not() -> None:
    recording = deploy(examples.operators)
    others = [each for each in objects(recording) if each.inputs["kind"] != "CustomResourceDefinition"]
    assert others
    assert not any(each.protect or each.retain_on_delete for each in others)


def test_the_operator_waits_for_its_kinds_and_rights() -> None:
    counts = list[int]()
    for operator in of_type(deploy(examples.operators), ":Deployment"):
        counts.append(sum("CustomResourceDefinition::" in urn for urn in operator.dependencies))
        assert any("RoleBinding::" in urn for urn in operator.dependencies)
    assert sorted(counts) == [10, 12]


def test_it_acts_in_one_namespace_only() -> None:
    recording = deploy(examples.operators)
    args = one(recording, "Deployment", "prometheus-operator")["spec"]["template"]["spec"]["containers"][0]["args"]
    assert "--namespaces=observability" in args
    everywhere = {
        resource: set(rule["verbs"])
        for rule in one(recording, "ClusterRole", "openpolicy-prometheus-operator")["rules"]
        for resource in rule["resources"]
    }
    assert everywhere == {
        "events": {"create", "patch"},
        "namespaces": {"get", "list", "watch"},
        "storageclasses": {"get"},
    }


def test_elastic_s_operator_changes_nothing_outside_its_two_namespaces() -> None:
    recording = deploy(examples.operators)
    args = one(recording, "Deployment", "elastic-operator")["spec"]["template"]["spec"]["containers"][0]["args"]
    assert "--namespaces=observability,agents" in args
    everywhere = one(recording, "ClusterRole", "openpolicy-elastic-operator")["rules"]
    assert {verb for rule in everywhere for verb in rule["verbs"]} == {"get", "list", "watch"}
    assert not {"secrets", "pods"} & {resource for rule in everywhere for resource in rule["resources"]}


def test_no_right_is_a_wildcard() -> None:
    roles = [each.inputs for each in objects(deploy(examples.operators)) if each.inputs["kind"].endswith("Role")]
    assert len(roles) == 5
    for rule in (rule for role in roles for rule in role["rules"]):
        assert "*" not in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]]


@pytest.mark.parametrize(("name", "memory"), [("prometheus-operator", "256Mi"), ("elastic-operator", "512Mi")])
def test_its_pod_is_restricted(name: str, memory: str) -> None:
    pod = one(deploy(examples.operators), "Deployment", name)["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    security = pod["containers"][0]["securityContext"]
    assert security["readOnlyRootFilesystem"] is True
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert pod["containers"][0]["resources"]["limits"] == {"memory": memory, "ephemeral-storage": "512Mi"}
