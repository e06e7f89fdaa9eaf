"""Which registries images come from, and by which content they are known.

Both are rewritten where each object is registered, so that no component has to know of mirrors. What a stack names and
no object uses is a mistake: an image would silently come from elsewhere, or not be the one that was verified.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from pulumi import Input, ResourceTransformationArgs, ResourceTransformationResult

from catalogue.model.problem import Problem, nearest

ARGUMENT = re.compile(r"(--[a-z-]+=)([a-z0-9.-]+\.[a-z]+(?::\d+)?/[a-z0-9._/-]+:[\w.-]+(?:@sha256:[0-9a-f]{64})?)")
"""How an operator is told of an image that it runs beside others: the flag, and the image."""

_DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """What is put in the place of which registry, and the digest of which image."""

    mirrors: Mapping[str, str]
    """Registry and path in whose place it stands, by the registry's name."""

    digests: Mapping[str, str]
    """Digest by the image's name with its tag, as its publisher names it."""

    _seen: set[str] = field(default_factory=set[str], init=False)

    def transform(self, args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
        """The resource with its images renamed; None where it has none."""
        if args.type_ == _DEFINITION:
            return None
        made = cast("Mapping[str, Input[object]]", self._renamed(args.props))
        return None if made is args.props else ResourceTransformationResult(props=made, opts=args.opts)

    def unused(self, path: str) -> Iterator[Problem]:
        """What the settings below `path` name and nothing uses, once every resource is registered."""
        registries = {image.partition("/")[0] for image in self._seen}
        for section, names, known in (("mirrors", self.mirrors, registries), ("digests", self.digests, self._seen)):
            for name in names:
                if name not in known:
                    yield Problem(f"{path}.{section}.{name}", "no image of this stack is that", nearest(name, known))

    def _renamed(self, value: object) -> object:
        if isinstance(value, Mapping):
            inner = cast("Mapping[str, object]", value)
            made = {
                key: self._image(each) if key == "image" and isinstance(each, str) else self._renamed(each)
                for key, each in inner.items()
            }
            return made if any(made[key] is not each for key, each in inner.items()) else inner
        if isinstance(value, list):
            listed = cast("list[object]", value)
            made = [self._renamed(each) for each in listed]
            return made if any(new is not old for new, old in zip(made, listed, strict=True)) else listed
        if isinstance(value, str) and (told := ARGUMENT.fullmatch(value)):
            return told[1] + self._image(told[2])
        return value

    def _image(self, image: str) -> str:
        self._seen.add(image)
        registry, _, rest = image.partition("/")
        digest = self.digests.get(image)
        return f"{self.mirrors.get(registry, registry)}/{rest}" + (f"@{digest}" if digest else "")
