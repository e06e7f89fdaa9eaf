"""Deploys components without an engine, by the recorder that plans are made with."""

from collections.abc import Callable, Mapping
from typing import Any

from ops.plan.recorder import Program, Recording, Resource, record


def deploy(make: Callable[[], object], *, preview: bool = False, secrets: Mapping[str, str] | None = None) -> Recording:
    """Runs `make` and returns what it registered."""
    config = dict(secrets or {})
    program = Program(
        run=make,
        project="openpolicy",
        stack="test",
        config=config,
        secret_keys=frozenset(config),
        preview=preview,
    )
    return record(program)


def one(recording: Recording, kind: str, name: str | None = None) -> Mapping[str, Any]:
    """Inputs of the one Kubernetes object of that kind, and of that name where several are."""
    found = [each.inputs for each in objects(recording) if each.inputs["kind"] == kind]
    if name is not None:
        found = [inputs for inputs in found if inputs["metadata"]["name"] == name]
    assert len(found) == 1, f"{len(found)} objects of kind {kind} {name or ''}"
    return found[0]


def objects(recording: Recording) -> list[Resource]:
    """Every Kubernetes object."""
    return [each for each in recording.resources.values() if each.custom and "kind" in each.inputs]


def of_type(recording: Recording, ending: str) -> list[Resource]:
    """Every resource whose type ends so, as in `:Service`."""
    return [each for each in recording.resources.values() if each.type.endswith(ending)]
