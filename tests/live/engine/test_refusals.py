"""What the engine refuses of a program, and what a renamed resource needs."""

import json
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from tests.live.engine.stack import Stack


def test_two_resources_of_one_name_are_refused(dev: Stack) -> None:
    dev.edit("components/alerting.py", 'f"{name}-config"', 'f"{name}-keys"')
    ran = dev.run("preview")
    assert ran.status != 0
    assert "Duplicate resource URN" in ran.text
    assert "::alerting-keys" in ran.text


def test_a_resource_without_a_provider_is_refused(dev: Stack) -> None:
    dev.edit(
        "__main__.py",
        "core.metrics(stack, cluster, after, alerting, sidecar), here)",
        "core.metrics(stack, cluster, after, alerting, sidecar))",
    )
    ran = dev.run("preview")
    assert ran.status != 0
    assert "Default provider for 'kubernetes' disabled" in ran.text


def test_what_depends_on_what_has_no_cycle_and_one_is_refused(dev: Stack, tmp_path: Path) -> None:
    dev.ok("up")
    exported = json.loads(dev.ok("stack", "export").text)
    resources: list[dict[str, Any]] = exported["deployment"]["resources"]
    order = _order(resources)
    namespace = next(each for each in resources if each["urn"].endswith("::cluster-namespace"))
    assert order.index(namespace["urn"]) < order.index(_urn(resources, "metrics-prometheus"))

    namespace["dependencies"] = [_urn(resources, "metrics-prometheus")]
    with pytest.raises(CycleError):
        _order(resources)
    file = tmp_path / "state.json"
    file.write_text(json.dumps(exported), encoding="utf-8")
    refused = dev.run("stack", "import", "--file", str(file))
    assert refused.status != 0
    assert "metrics-prometheus comes after it" in refused.text


def test_a_renamed_resource_stays_with_an_alias_and_is_made_anew_without(dev: Stack) -> None:
    dev.ok("up")
    file = "components/cluster.py"
    dev.edit(file, 'f"{name}-priority"', 'f"{name}-rank"')
    without = dev.ok("preview")
    assert without.did("create") == ["cluster-rank"]
    assert without.did("delete") == ["cluster-priority"]
    dev.edit(file, "from pulumi import ", "from pulumi import Alias, ")
    dev.edit(
        file,
        'description="Monitoring outlives what it monitors.",\n            opts=child,',
        'description="Monitoring outlives what it monitors.",\n'
        '            opts=ResourceOptions.merge(child, ResourceOptions(aliases=[Alias(name=f"{name}-priority")])),',
    )
    assert dev.ok("up").steps == []
    assert "cluster-rank" in dev.resources()


def test_a_renamed_component_takes_its_children_along(dev: Stack) -> None:
    dev.ok("up")
    dev.edit("__main__.py", '"metrics", core', '"prometheus", core')
    formerly = 'pulumi.ResourceOptions(aliases=[pulumi.Alias(name="metrics")])'
    dev.edit("__main__.py", "sidecar), here)", f"sidecar), pulumi.ResourceOptions.merge(here, {formerly}))")
    assert dev.ok("up").steps == []
    names = dev.resources()
    assert "prometheus-service" in names
    assert "metrics-service" not in names


def _order(resources: list[dict[str, Any]]) -> list[str]:
    """URNs, each after what it depends on. Raises CycleError."""
    graph = {
        each["urn"]: {
            *each.get("dependencies", []),
            *(urn for urns in each.get("propertyDependencies", {}).values() for urn in urns or []),
            *([each["parent"]] if "parent" in each else []),
        }
        for each in resources
    }
    return [*TopologicalSorter(graph).static_order()]


def _urn(resources: list[dict[str, Any]], name: str) -> str:
    return next(each["urn"] for each in resources if each["urn"].endswith(f"::{name}"))
