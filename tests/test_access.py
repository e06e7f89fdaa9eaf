"""What accounts of the stack may do: every right is listed here with its reason, and there is no other."""

from collections.abc import Iterator

import pytest

from ops.plan.run import stacks
from tests.support.planned import manifests, pods
from tests.support.rights import BORROWED, RIGHTS, STRANGERS, TOKENS, UNRESTRICTED

each = pytest.mark.parametrize("stack", stacks())


def rights(stack: str) -> Iterator[tuple[str, str, str]]:
    for role in manifests(stack):
        if role["kind"] not in {"Role", "ClusterRole"}:
            continue
        name = f"{role['kind']} {role['metadata']['name']}"
        for rule in role["rules"]:
            verbs = " ".join(sorted(rule["verbs"]))
            for group in rule.get("apiGroups", ()):
                yield from ((name, f"{group}/{each}".removeprefix("/"), verbs) for each in rule["resources"])
            yield from ((name, f"url {url}", verbs) for url in rule.get("nonResourceURLs", ()))


@each
def test_every_right_has_a_reason(stack: str) -> None:
    listed = {(role, what, verbs) for role, granted in RIGHTS.items() for what, (verbs, _) in granted.items()}
    assert {*rights(stack)} == listed


@each
def test_no_right_is_everything(stack: str) -> None:
    assert not [right for right in rights(stack) if "*" in "".join(right)]


@each
def test_every_role_is_bound_to_one_account_that_exists(stack: str) -> None:
    accounts = {
        (each["metadata"]["namespace"], each["metadata"]["name"])
        for each in manifests(stack)
        if each["kind"] == "ServiceAccount"
    }
    bindings = [each for each in manifests(stack) if each["kind"] in {"RoleBinding", "ClusterRoleBinding"}]
    roles = [f"{each['roleRef']['kind']} {each['roleRef']['name']}" for each in bindings]
    assert sorted(roles) == sorted({role for role, _, _ in rights(stack)} | BORROWED.keys())
    for binding in bindings:
        (subject,) = binding["subjects"]
        assert subject["kind"] == "ServiceAccount"
        assert (subject["namespace"], subject["name"]) in accounts | STRANGERS.keys()


@each
def test_no_account_hands_out_its_token_by_itself(stack: str) -> None:
    accounts = [each for each in manifests(stack) if each["kind"] == "ServiceAccount"]
    assert accounts
    assert not [each for each in accounts if each.get("automountServiceAccountToken") is not False]


@each
def test_only_pods_that_need_a_token_have_one(stack: str) -> None:
    made = {"Prometheus", "Alertmanager"}
    theirs = [(each["kind"].lower(), each["spec"]) for each in manifests(stack) if each["kind"] in made]
    ours = [found for each in manifests(stack) if each["kind"] not in made for found in pods(each)]
    with_one = {name for name, pod in (*theirs, *ours) if pod.get("automountServiceAccountToken") is not False}
    assert with_one == TOKENS.keys()


@each
def test_a_token_that_is_mounted_by_hand_is_seen_by_one_container(stack: str) -> None:
    seen = {
        (name, container["name"])
        for each in manifests(stack)
        for name, pod in pods(each)
        for volume in pod.get("volumes", ())
        if "serviceAccountToken" in str(volume)
        for container in pod["containers"]
        if volume["name"] in {mount["name"] for mount in container.get("volumeMounts", ())}
    }
    assert seen == {("filebeat", "filebeat"), ("grafana", "boards")}


@each
def test_every_namespace_is_restricted_but_that_of_the_agents(stack: str) -> None:
    modes = {f"pod-security.kubernetes.io/{mode}" for mode in ("enforce", "audit", "warn")}
    levels = {
        each["metadata"]["name"]: {each["metadata"]["labels"][mode] for mode in modes}
        for each in manifests(stack)
        if each["kind"] == "Namespace"
    }
    assert levels == {"observability": {"restricted"}, "observability-agents": {"privileged"}}


@each
def test_what_is_not_restricted_is_named(stack: str) -> None:
    kinds = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "Beat", "Elasticsearch", "Kibana"}
    found = {
        f"{each['kind']} {each['metadata']['name']}"
        for each in manifests(stack)
        if each["kind"] in kinds and each["metadata"]["namespace"] == "observability-agents"
    }
    assert found == UNRESTRICTED.keys()


@each
def test_no_password_is_written_down(stack: str) -> None:
    """What a document has of a password is where it is. What Secrets hold is made up, or comes from settings."""
    for made in manifests(stack):
        for name, value in environment(made):
            secret = any(word in name.upper() for word in ("PASS", "SECRET", "TOKEN", "_KEY"))
            assert not secret or value.startswith(("/", "$")), f"{made['metadata']['name']}: {name}={value}"


def environment(value: object) -> Iterator[tuple[str, str]]:
    """Names and plain values of every environment variable, at any depth."""
    if isinstance(value, dict):
        for each in value.get("env") or ():
            if isinstance(each, dict) and "value" in each:
                yield each["name"], each["value"]
        for inner in value.values():
            yield from environment(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from environment(inner)
