from tests.support import examples
from tests.support.engine import deploy, objects, of_type, one


def test_kinds_outlive_the_program() -> None:
    kinds = of_type(deploy(examples.operators), ":CustomResourceDefinition")
    assert len(kinds) == 10
    assert all(kind.protect and kind.retain_on_delete for kind in kinds)


def test_the_operator_itself_does_not() -> None:
    recording = deploy(examples.operators)
    others = [each for each in objects(recording) if each.inputs["kind"] != "CustomResourceDefinition"]
    assert others
    assert not any(each.protect or each.retain_on_delete for each in others)


def test_the_operator_waits_for_its_kinds_and_rights() -> None:
    waits = of_type(deploy(examples.operators), ":Deployment")[0].dependencies
    assert sum("CustomResourceDefinition::" in urn for urn in waits) == 10
    assert any("RoleBinding::" in urn for urn in waits)


def test_it_acts_in_one_namespace_only() -> None:
    recording = deploy(examples.operators)
    args = one(recording, "Deployment")["spec"]["template"]["spec"]["containers"][0]["args"]
    assert "--namespaces=observability" in args
    everywhere = {
        resource: set(rule["verbs"])
        for rule in one(recording, "ClusterRole")["rules"]
        for resource in rule["resources"]
    }
    assert everywhere == {
        "events": {"create", "patch"},
        "namespaces": {"get", "list", "watch"},
        "storageclasses": {"get"},
    }


def test_no_right_is_a_wildcard() -> None:
    recording = deploy(examples.operators)
    for kind in ("Role", "ClusterRole"):
        for rule in one(recording, kind)["rules"]:
            assert "*" not in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]]


def test_its_pod_is_restricted() -> None:
    pod = one(deploy(examples.operators), "Deployment")["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    security = pod["containers"][0]["securityContext"]
    assert security["readOnlyRootFilesystem"] is True
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert pod["containers"][0]["resources"]["limits"] == {"memory": "256Mi"}
