"""What an update replaces and deletes, and where that puts data at stake."""

from collections.abc import Callable
from typing import Any

import pytest

from ops.diff.model import Kind
from tests.support.planned import changes, found, planted

Resources = list[dict[str, Any]]


def without(kind: str, name: str = "") -> Callable[[Resources], None]:
    def edit(resources: Resources) -> None:
        gone = found(resources, kind, name)
        resources[:] = [each for each in resources if each["inputs"] is not gone]

    return edit


def renamed(kind: str) -> Callable[[Resources], None]:
    return lambda resources: found(resources, kind)["metadata"].__setitem__("name", "other")


@pytest.mark.parametrize(
    ("edit", "kind", "told"),
    [
        (
            without("Prometheus"),
            Kind.REMOVED,
            "Prometheus openpolicy is deleted: its metrics; its volumes are retained",
        ),
        (
            renamed("Prometheus"),
            Kind.REPLACED,
            "Prometheus openpolicy is replaced, for metadata.name changes: its metrics; its volumes are retained",
        ),
        (
            without("Namespace", "observability"),
            Kind.REMOVED,
            "it is protected, so the update is refused until somebody unprotects it",
        ),
        (without("CustomResourceDefinition"), Kind.REMOVED, "it stays in the cluster, and nobody manages it"),
    ],
)
def test_what_holds_data_is_warned_of(edit: Callable[[Resources], None], kind: Kind, told: str) -> None:
    made = planted(edit)
    assert any(told in warning for warning in made.warnings), made.warnings
    assert kind in {change.kind for change in changes(made, "Resources").values()}


def test_what_holds_none_is_not() -> None:
    made = planted(without("PodDisruptionBudget"))
    assert made.differs
    assert made.warnings == ()


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("Deployment", "selector", {"matchLabels": {"other": "label"}}),
        ("Deployment", "template", {"spec": {}}),
    ],
)
def test_only_what_cannot_change_in_place_is_replaced(kind: str, field: str, value: object) -> None:
    made = planted(lambda resources: found(resources, kind)["spec"].__setitem__(field, value))
    (change,) = changes(made, "Resources").values()
    assert change.kind is (Kind.REPLACED if field == "selector" else Kind.CHANGED)


def test_another_cluster_replaces_everything() -> None:
    def edit(resources: Resources) -> None:
        provider = next(each for each in resources if each["type"] == "pulumi:providers:kubernetes")
        provider["inputs"]["clusterIdentifier"] = "other"

    assert any("every object in the cluster goes with it" in warning for warning in planted(edit).warnings)


def test_a_password_made_anew_is_warned_of() -> None:
    made = planted(lambda resources: found(resources, "RandomPassword").__setitem__("length", 64))
    assert any("is locked out until told the new one" in warning for warning in made.warnings)


def test_protection_taken_away_is_warned_of() -> None:
    def edit(resources: Resources) -> None:
        namespace = next(
            each for each in resources if each["inputs"].get("kind") == "Namespace" and each.get("protect")
        )
        del namespace["protect"]

    assert planted(edit).warnings == ("Namespace observability is no longer protected from deletion",)


def test_a_volume_does_not_shrink() -> None:
    def edit(resources: Resources) -> None:
        claim = found(resources, "Prometheus")["spec"]["storage"]["volumeClaimTemplate"]
        claim["spec"]["resources"]["requests"]["storage"] = "100Gi"

    (warning,) = planted(edit).warnings
    assert warning.startswith("Prometheus openpolicy: spec.storage.")
    assert "shrinks, and a volume cannot" in warning


def test_a_resource_that_names_its_former_name_is_still_itself() -> None:
    def edit(resources: Resources) -> None:
        moved = next(each for each in resources if each["inputs"].get("kind") == "Prometheus")
        start, _, name = moved["urn"].rpartition("::")
        moved |= {"urn": f"{start}::{name}-again", "aliases": [name]}

    made = planted(edit)
    assert made.warnings == ()
    (change,) = changes(made, "Resources").values()
    assert change.kind is Kind.CHANGED
    assert [each.label for each in change.differences] == ["(known as)"]


def test_children_of_a_component_that_names_its_former_name_are_still_themselves() -> None:
    def edit(resources: Resources) -> None:
        parent = next(each for each in resources if each["type"] == "openpolicy:monitoring:Metrics")
        before = parent["urn"]
        start, _, name = before.rpartition("::")
        for each in resources:
            if each["parent"] == before:
                each["urn"] = each["urn"].replace(f"::{name}-", "::renamed-")
                each["parent"] = f"{start}::renamed"
        parent |= {"urn": f"{start}::renamed", "aliases": [name]}

    made = planted(edit)
    assert made.warnings == ()
    assert {change.kind for change in changes(made, "Resources").values()} == {Kind.CHANGED}
