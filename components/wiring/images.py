"""Where a stack's images come from."""

import pulumi

from components.parts.images import Images
from components.settings import Stack, refuse

_PATH = "openpolicy:images"


def named(stack: Stack) -> Images:
    """Renames the images of every resource from here on, where the stack says anything of them."""
    section = stack.settings.images
    images = Images(mirrors=section.mirrors, digests=section.digests)
    if section.mirrors or section.digests:
        pulumi.runtime.register_stack_transformation(images.transform)
    return images


def check(images: Images) -> None:
    """Refuses what the settings name and nothing uses. Once everything is registered."""
    refuse(images.unused(_PATH))
