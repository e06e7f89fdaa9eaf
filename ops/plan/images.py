"""Which images a stack runs, and what runs each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from components.parts.images import ARGUMENT
from ops.plan.documents import is_manifest
from ops.plan.recorder import Recording


def images(recording: Recording) -> Mapping[str, Sequence[str]]:
    """Names of the objects that run each image, by the image's."""
    found = dict[str, set[str]]()
    for resource in recording.resources.values():
        if is_manifest(resource) and resource.inputs["kind"] != "CustomResourceDefinition":
            name = f"{resource.inputs['kind']} {resource.inputs['metadata']['name']}"
            for image in _named(resource.inputs):
                found.setdefault(image, set()).add(name)
    return {image: sorted(found[image]) for image in sorted(found)}


def _named(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, object]", value).items():
            if key == "image" and isinstance(inner, str):
                yield inner
            else:
                yield from _named(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _named(inner)
    elif isinstance(value, str) and (told := ARGUMENT.fullmatch(value)):
        yield told[2]
