"""A real API server's Pod Security admits every pod of both stacks to its namespace, and refuses worse ones."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from ops.plan.documents import is_manifest
from ops.plan.run import plan, settings_of, stacks
from tests.live.api import Document, RefusedError
from tests.live.cluster import Cluster

_TEMPLATED = ("Deployment", "StatefulSet", "DaemonSet", "Job")
_FURNITURE = ("Namespace", "PriorityClass", "ServiceAccount")


@pytest.fixture(scope="module", params=stacks())
def stack(request: pytest.FixtureRequest) -> Iterator[tuple[str, Cluster]]:
    """A cluster that has the stack's namespaces, and what its pods name there."""
    home = settings_of(request.param).settings.cluster.namespace
    with Cluster() as made:
        made.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "openpolicy"}})
        for kind in _FURNITURE:
            for manifest in manifests(request.param):
                if manifest["kind"] == kind:
                    made.apply(manifest)
        # Until the controllers have made it, pods that name no account are refused.
        for namespace in (home, f"{home}-agents"):
            made.wait_for(lambda name=namespace: made.get("v1", "ServiceAccount", "default", name), "an account")
        yield home, made
        made.keep_logs = request.session.testsfailed > 0


@cache
def manifests(stack: str) -> list[Document]:
    return [dict(each.inputs) for each in plan(stack).recording.resources.values() if is_manifest(each)]


def pods(stack: str) -> Iterator[Document]:
    """A pod of each workload that is ours. Those that operators make are in tests/live/test_stacks.py."""
    for manifest in manifests(stack):
        spec: Mapping[str, Any] = manifest.get("spec", {})
        if manifest["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        elif manifest["kind"] not in _TEMPLATED:
            continue
        made = pod(manifest["metadata"]["name"], manifest["metadata"]["namespace"], spec["template"])
        for claim in spec.get("volumeClaimTemplates", ()):
            name = claim["metadata"]["name"]
            made["spec"].setdefault("volumes", []).append({"name": name, "persistentVolumeClaim": {"claimName": name}})
        yield made


def pod(name: str, namespace: str, template: Mapping[str, Any]) -> Document:
    where = {"name": name, "namespace": namespace, "labels": template["metadata"]["labels"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": where, "spec": deepcopy(template["spec"])}


def of(request: pytest.FixtureRequest) -> str:
    return request.node.callspec.params["stack"]


def test_it_admits_every_pod_of_ours(stack: tuple[str, Cluster], request: pytest.FixtureRequest) -> None:
    home, cluster = stack
    planned = [*pods(of(request))]
    assert len([each for each in planned if each["metadata"]["namespace"] == home]) > 10
    for each in planned:
        cluster.api.create(each)


def test_its_own_namespace_would_refuse_what_has_to_see_its_node(
    stack: tuple[str, Cluster], request: pytest.FixtureRequest
) -> None:
    home, cluster = stack
    agents = [each for each in pods(of(request)) if each["metadata"]["namespace"] != home]
    assert {each["metadata"]["name"] for each in agents} == {"node-exporter", "node-tuning"}
    for each in agents:
        each["metadata"]["namespace"] = home
        # Accounts are of one namespace.
        each["spec"].pop("serviceAccountName", None)
        with pytest.raises(RefusedError, match='violates PodSecurity "restricted:latest"'):
            cluster.api.create(each)


def _container(spec: Document) -> Document:
    return spec["containers"][0]["securityContext"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda spec: spec.update(hostNetwork=True), "host namespaces"),
        (lambda spec: spec.update(hostPID=True), "hostPID=true"),
        (lambda spec: spec["securityContext"].pop("runAsNonRoot"), "runAsNonRoot != true"),
        (lambda spec: spec["securityContext"].update(runAsUser=0), "runAsUser=0"),
        (lambda spec: spec["securityContext"].pop("seccompProfile"), "seccompProfile"),
        (lambda spec: _container(spec).update(privileged=True, allowPrivilegeEscalation=True), "privileged"),
        (lambda spec: _container(spec).pop("allowPrivilegeEscalation"), "allowPrivilegeEscalation != false"),
        (lambda spec: _container(spec).pop("capabilities"), "capabilities.drop"),
        (
            lambda spec: _container(spec)["capabilities"].update(add=["NET_RAW"]),
            "unrestricted capabilities",
        ),
        (lambda spec: spec.update(volumes=[{"name": "root", "hostPath": {"path": "/"}}]), "hostPath"),
        (lambda spec: spec["containers"].append({"name": "more", "image": "example.org/more:1"}), '"more"'),
        (lambda spec: spec.update(initContainers=[{"name": "first", "image": "example.org/a:1"}]), '"first"'),
    ],
)
def test_it_refuses_a_pod_with_one_fault(
    stack: tuple[str, Cluster], request: pytest.FixtureRequest, fault: Callable[[Document], object], said: str
) -> None:
    _, cluster = stack
    (exporter,) = [each for each in pods(of(request)) if each["metadata"]["name"] == "kube-state-metrics"]
    exporter["metadata"]["name"] = "planted"
    fault(exporter["spec"])
    with pytest.raises(RefusedError, match=f'violates PodSecurity "restricted:latest": .*{said}'):
        cluster.api.create(exporter)
    assert cluster.get("v1", "Pod", "planted", exporter["metadata"]["namespace"]) is None
