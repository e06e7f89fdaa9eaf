"""The recorder checks what the engine would, and keeps runs apart."""

import asyncio
import json
import time
from collections.abc import Callable

import pulumi
import pulumi_kubernetes as kubernetes
import pytest
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import ConfigMap, Secret

from ops.plan.wire import MASK, UNKNOWN
from tests.support.engine import deploy, of_type


class Nest(pulumi.ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("test:test:Nest", name)
        provider = kubernetes.Provider("p", context="c", opts=pulumi.ResourceOptions(parent=self))
        child = pulumi.ResourceOptions(parent=self, provider=provider)
        first = ConfigMap("first", metadata={"name": "first"}, data={"a": "b"}, opts=child)
        Secret(
            "second",
            metadata={"name": first.metadata.name},
            string_data={"k": pulumi.Output.secret("s3cret")},
            opts=child,
        )
        self.register_outputs({})


def nest() -> None:
    Nest("nest")


def test_urns_are_the_engine_s() -> None:
    assert sorted(deploy(nest).resources) == [
        "urn:pulumi:test::openpolicy::pulumi:pulumi:Stack::openpolicy-test",
        "urn:pulumi:test::openpolicy::test:test:Nest$kubernetes:core/v1:ConfigMap::first",
        "urn:pulumi:test::openpolicy::test:test:Nest$kubernetes:core/v1:Secret::second",
        "urn:pulumi:test::openpolicy::test:test:Nest$pulumi:providers:kubernetes::p",
        "urn:pulumi:test::openpolicy::test:test:Nest::nest",
    ]


def test_secrets_are_masked_at_their_paths_and_dependencies_are_kept() -> None:
    secret = of_type(deploy(nest), ":Secret")[0]
    assert secret.inputs["stringData"] == {"k": MASK}
    assert secret.secrets == ("stringData",)
    assert secret.plain["stringData"] == {"k": "s3cret"}
    assert [urn.rpartition("::")[2] for urn in secret.dependencies] == ["first"]
    assert "s3cret" not in repr(secret)


def test_a_urn_twice_is_refused() -> None:
    def program() -> None:
        nest()
        nest()

    with pytest.raises(Exception, match="two resources have the same URN"):
        deploy(program)


def test_a_resource_without_a_provider_is_refused() -> None:
    with pytest.raises(Exception, match="names no provider"):
        deploy(lambda: ConfigMap("a", metadata={"name": "a"}))


def test_what_is_unknown_at_first_preview_is_unknown() -> None:
    def program() -> None:
        provider = kubernetes.Provider("p", context="c")
        opts = pulumi.ResourceOptions(provider=provider)
        made = ConfigMap("a", metadata={"name": "a"}, opts=opts)
        ConfigMap("b", metadata={"name": "b"}, data={"id": made.id}, opts=opts)

    assert of_type(deploy(program, preview=True), ":ConfigMap")[1].inputs["data"] == {"id": UNKNOWN}
    assert of_type(deploy(program), ":ConfigMap")[1].inputs["data"] == {"id": "id-of-a"}


def test_an_output_in_an_f_string_is_refused() -> None:
    def program() -> None:
        provider = kubernetes.Provider("p", context="c")
        made = ConfigMap("a", metadata={"name": "a"}, opts=pulumi.ResourceOptions(provider=provider))
        json.dumps(f"the id is {made.id}")

    with pytest.raises(Exception, match="__str__"):
        deploy(program)


def test_a_failed_run_leaves_nothing_for_the_next() -> None:
    def program() -> None:
        nest()
        raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        deploy(program)
    assert len(deploy(nest).resources) == 5


def test_warnings_are_kept() -> None:
    assert deploy(lambda: pulumi.log.warn("mind the gap")).warnings == ["mind the gap"]


def test_outputs_that_wait_for_each_other_are_told() -> None:
    def program() -> None:
        provider = kubernetes.Provider("p", context="c")
        opts = pulumi.ResourceOptions(provider=provider)
        later: asyncio.Future[str] = asyncio.get_event_loop().create_future()
        first = ConfigMap("a", metadata={"name": "a"}, data={"b": later}, opts=opts)
        second = ConfigMap("b", metadata={"name": "b"}, data={"a": first.id}, opts=opts)
        second.id.apply(later.set_result)

    with pytest.raises(ValueError, match="Outputs depend on each other in a circle"):
        deploy(program)


def test_a_program_that_takes_its_time_is_not_taken_for_one_that_waits_for_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ops.plan.unhindered._GLANCE_SECONDS", 0.01)

    async def slowly() -> str:
        for _ in range(20):
            await asyncio.sleep(0.005)
            time.sleep(0.02)  # noqa: ASYNC251 a machine that is busy with something else
        return "b"

    def program() -> None:
        provider = kubernetes.Provider("p", context="c")
        opts = pulumi.ResourceOptions(provider=provider)
        ConfigMap("a", metadata={"name": "a"}, data={"b": slowly()}, opts=opts)

    (made,) = of_type(deploy(program), ":ConfigMap")
    assert made.inputs["data"] == {"b": "b"}


@pytest.mark.parametrize("form", [str, pulumi.Output.from_input], ids=["plain", "with an Output"])
def test_definitions_keep_their_specs(form: Callable[[str], object]) -> None:
    def program() -> None:
        group = form("a.example")
        opts = pulumi.ResourceOptions(provider=kubernetes.Provider("p", context="c"))
        for name in ("a", "b"):
            spec = {"group": group, "versions": [{"name": name, "served": True, "schema": {"maximum": 7}}]}
            CustomResource(name, "apiextensions.k8s.io/v1", "CustomResourceDefinition", spec=spec, opts=opts)

    made = of_type(deploy(program), ":CustomResourceDefinition")
    assert {each.name: each.inputs["spec"] for each in made} == {
        name: {"group": "a.example", "versions": [{"name": name, "served": True, "schema": {"maximum": 7}}]}
        for name in ("a", "b")
    }
