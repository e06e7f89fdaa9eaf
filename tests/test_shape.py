"""What every component obeys."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, get_args, get_origin

import pulumi
import pytest

from components.access import Access
from components.alerting import Alerting
from components.archive import Archive
from components.autoscaling import Autoscaling
from components.boards import Boards
from components.cluster import Cluster
from components.exporters import Exporters
from components.grafana import Grafana
from components.logs import Logs
from components.long_term import LongTerm
from components.metrics import Metrics
from components.network import Network
from components.oncall import OnCall
from components.operators import Operators
from components.retention import Retention
from components.shipping import Shipping
from components.synthetics import Synthetics
from components.tracing import Tracing
from ops.plan.recorder import Recording
from tests.support import examples
from tests.support.engine import deploy

COMPONENTS: dict[type[pulumi.ComponentResource], Callable[[], pulumi.ComponentResource]] = {
    Cluster: examples.cluster,
    Operators: examples.operators,
    Metrics: examples.metrics,
    LongTerm: examples.long_term,
    Exporters: examples.exporters,
    Network: examples.network,
    Access: examples.access,
    Alerting: examples.alerting,
    OnCall: examples.on_call,
    Grafana: examples.grafana,
    Boards: examples.boards,
    Synthetics: examples.synthetics,
    Autoscaling: examples.autoscaling,
    Logs: examples.logs,
    Shipping: examples.shipping,
    Retention: examples.retention,
    Archive: examples.archive,
    Tracing: examples.tracing,
}
each = pytest.mark.parametrize("kind", COMPONENTS, ids=lambda kind: kind.__name__)


@cache
def deployed(kind: type[pulumi.ComponentResource]) -> tuple[Recording, str]:
    recording = deploy(COMPONENTS[kind])
    urn = next(urn for urn in recording.resources if f"openpolicy:monitoring:{kind.__name__}::" in urn)
    return recording, urn


def declared_outputs(kind: type[Any]) -> set[str]:
    """Names of the attributes that are Outputs, or mappings of them."""
    found = set[str]()
    for name, annotation in inspect.get_annotations(kind).items():
        held = get_args(annotation)[-1] if get_origin(annotation) is Mapping else annotation
        if get_origin(held) is pulumi.Output:
            found.add(name)
    return found


@each
def test_it_registers_the_outputs_that_it_declares(kind: type[pulumi.ComponentResource]) -> None:
    recording, urn = deployed(kind)
    assert set(recording.outputs[urn]) == declared_outputs(kind)


@each
def test_every_child_sits_inside_it(kind: type[pulumi.ComponentResource]) -> None:
    recording, urn = deployed(kind)
    children = [resource for resource in recording.resources.values() if resource.parent == urn]
    assert children
    assert all(child.name.startswith(f"{kind.__name__.lower()}-") for child in children)


@each
def test_every_child_names_its_provider(kind: type[pulumi.ComponentResource]) -> None:
    recording, _ = deployed(kind)
    bare = [each.urn for each in recording.resources.values() if each.custom and not each.provider]
    assert [urn for urn in bare if "pulumi:providers:" not in urn] == []


@each
def test_it_survives_a_first_preview(kind: type[pulumi.ComponentResource]) -> None:
    made, _ = deployed(kind)
    assert deploy(COMPONENTS[kind], preview=True).resources.keys() == made.resources.keys()


@each
def test_it_says_why_it_is_there(kind: type[pulumi.ComponentResource]) -> None:
    assert kind.__doc__
    assert (inspect.getmodule(kind).__doc__ or "").count(".") >= 2, "the module says why, in more than a sentence"


@each
def test_its_arguments_are_frozen_and_described(kind: type[pulumi.ComponentResource]) -> None:
    parameters = inspect.signature(kind.__init__).parameters
    assert list(parameters) == ["self", "name", "args", "opts"]
    args = parameters["args"].annotation
    assert args.__name__ == f"{kind.__name__}Args"
    assert args.__dataclass_params__.frozen
    assert all(field.kw_only for field in fields(args))
    assert args.__doc__


def test_every_component_is_held_here() -> None:
    from tests.test_layers import MODULES

    named = {name for name, path in MODULES.items() if "ComponentResource)" in path.read_text(encoding="utf-8")}
    assert named == {kind.__module__ for kind in COMPONENTS}
