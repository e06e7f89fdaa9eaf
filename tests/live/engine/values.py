"""Properties of resources: as the protocol carries them, as JSON knows them, and where two of them differ."""

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf import struct_pb2
from google.protobuf.json_format import ParseDict

Values = dict[str, Any]

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"


def plain(message: struct_pb2.Struct) -> Values:
    """Properties as JSON knows them, whole numbers as such."""
    return {key: _plain(value) for key, value in message.fields.items()}


def _plain(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "struct_value":
            return plain(value.struct_value)
        case "list_value":
            return [_plain(each) for each in value.list_value.values]
        case "number_value":
            return int(value.number_value) if value.number_value.is_integer() else value.number_value
        case "null_value" | None:
            return None
        case kind:
            return getattr(value, kind)


def wire(values: Values) -> struct_pb2.Struct:
    """The opposite of `plain`."""
    return ParseDict(values, struct_pb2.Struct())


def secret(value: Any) -> Values:
    """The value, marked so that the engine encrypts it."""
    return {_SIGNATURE: _SECRET, "value": value}


def differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Where the two differ, and whether by ADD, DELETE or UPDATE. Paths are Pulumi's."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            inner = f'{path}["{key}"]' if "." in key else f"{path}.{key}".removeprefix(".")
            if key in old and key in new:
                yield from differences(old[key], new[key], inner)
            else:
                yield inner, "DELETE" if key in old else "ADD"
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, pair in enumerate(zip(old, new, strict=True)):
            yield from differences(*pair, f"{path}[{index}]")
    elif old != new:
        yield path, "UPDATE"
