"""Values as they go over the wire between a program and the engine, in plain Python and back."""

from collections.abc import Iterator
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

MASK = "[secret]"
UNKNOWN = "[unknown until it exists]"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 the protocol's mark of a secret, none itself


def decode(value: struct_pb2.Value, *, mask: bool = True, secret: bool = False) -> Any:
    """A protobuf value in plain Python. Every value within a secret is masked, and the keys above it stay."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if _is_secret(value):
            return decode(fields["value"], mask=mask, secret=mask)
        return {key: decode(fields[key], mask=mask, secret=secret) for key in sorted(fields)}
    if kind == "list_value":
        return [decode(item, mask=mask, secret=secret) for item in value.list_value.values]
    if kind == "string_value" and value.string_value == rpc.UNKNOWN:
        return UNKNOWN
    if secret:
        return MASK
    return _scalar(value, kind)


def _scalar(value: struct_pb2.Value, kind: str | None) -> Any:
    match kind:
        case "number_value":
            return int(value.number_value) if value.number_value.is_integer() else value.number_value
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _is_secret(value: struct_pb2.Value) -> bool:
    fields = value.struct_value.fields
    return _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET


def secrets(inputs: struct_pb2.Value) -> tuple[str, ...]:
    """Where the secrets are, outermost first."""
    # Most resources have none, and their bytes tell so at once.
    return tuple(secret_paths(inputs, "")) if _SECRET.encode() in inputs.SerializeToString() else ()


def secret_paths(value: struct_pb2.Value, path: str) -> Iterator[str]:
    """Where the secrets are, outermost first."""
    if value.HasField("list_value"):
        for index, item in enumerate(value.list_value.values):
            yield from secret_paths(item, f"{path}[{index}]")
    elif value.HasField("struct_value"):
        if _is_secret(value):
            yield path
        else:
            for key in sorted(value.struct_value.fields):
                yield from secret_paths(value.struct_value.fields[key], f"{path}.{key}".removeprefix("."))


def encode(text: str, *, secret: bool) -> struct_pb2.Value:
    """A text as a provider would return it."""
    value = struct_pb2.Value(string_value=text)
    if not secret:
        return value
    wrapped = struct_pb2.Value()
    wrapped.struct_value.fields[_SIGNATURE].string_value = _SECRET
    wrapped.struct_value.fields["value"].CopyFrom(value)
    return wrapped
