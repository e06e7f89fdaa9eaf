"""What a plan leaves out of the SDK's work changes nothing of what is registered."""

import asyncio
import re
from collections import OrderedDict
from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc
from pulumi_kubernetes.core.v1 import ContainerArgs

from ops.plan.unhindered import plainly, serialize, unhindered

VALUES = (
    "text",
    "",
    7,
    0.5,
    True,
    None,
    [],
    {},
    [1, "a", None, {"b": [False]}],
    {"snake_case": {"camelCase": ["x", 1.5, None]}},
    (1, 2),
    OrderedDict(a=1),
    {"deep": [{"er": ContainerArgs(name="n", image_pull_policy="Always")}]},
    rpc.UNKNOWN,
)


def asked(by: Any, value: object, **how: Any) -> Any:
    return asyncio.run(by(value, [], "key", **how))


@pytest.mark.parametrize("how", [{}, {"typ": Any}, {"input_transformer": str.upper}], ids=str)
@pytest.mark.parametrize("value", VALUES, ids=lambda value: re.sub(" object at .*?>", ">", repr(value)))
def test_a_value_is_written_as_the_sdk_writes_it(value: object, how: dict[str, Any]) -> None:
    assert asked(plainly, value, **how) == asked(serialize, value, **how)


def test_what_is_typed_keeps_its_names() -> None:
    container = {"name": "n", "image_pull_policy": "Always"}
    written = {"name": "n", "imagePullPolicy": "Always"}
    assert asked(plainly, container, typ=ContainerArgs) == asked(serialize, container, typ=ContainerArgs) == written


@pytest.mark.parametrize("value", [object(), {"a": [object()]}, {1, 2}], ids=["itself", "within", "a set"])
def test_what_no_engine_can_take_is_refused_still(value: object) -> None:
    with pytest.raises(ValueError, match="unexpected input of type"):
        asked(plainly, value)


def test_afterwards_the_sdk_is_as_it_was() -> None:
    debug = pulumi.log.debug
    with unhindered():
        assert rpc.serialize_property is plainly
    assert (rpc.serialize_property, pulumi.log.debug) == (serialize, debug)
