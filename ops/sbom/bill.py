"""The images that a stack runs and the packages that deploy it, as CycloneDX 1.6.

Two bills of the same stack are the same to the byte: nothing in one says when or by which run it was made. The tests
hold it against the schema, by CycloneDX's own library.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

Document = dict[str, object]

_WHOLE = "stack"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(\[[\w,-]+\])?==([^\s;#]+)", re.MULTILINE)
_IMAGE = re.compile(r"(?P<registry>[^/]+)/(?P<path>.+?):(?P<tag>[\w.-]+)(@sha256:(?P<digest>[0-9a-f]{64}))?")


def bill(stack: str, images: Mapping[str, Sequence[str]], requirements: str) -> str:
    """The bill as JSON. `images` have what runs them; `requirements` is the text of pinned packages.

    Raises ValueError for an image that is named in no way that says what it is.
    """
    parts = [*(_image(image, users) for image, users in images.items()), *_packages(requirements)]
    references = sorted(str(each["bom-ref"]) for each in parts)
    made: Document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": "openpolicy-observability",
                "bom-ref": _WHOLE,
                "properties": [{"name": "openpolicy:stack", "value": stack}],
            }
        },
        "components": parts,
        "dependencies": [{"ref": _WHOLE, "dependsOn": references}, *({"ref": each} for each in references)],
    }
    serial = uuid5(NAMESPACE_URL, json.dumps(made, sort_keys=True))
    return json.dumps(made | {"serialNumber": f"urn:uuid:{serial}"}, indent=2, sort_keys=True) + "\n"


def _image(image: str, users: Sequence[str]) -> Document:
    named = _IMAGE.fullmatch(image)
    if named is None:
        raise ValueError(f"image {image}: it is not named with its registry and its version")
    hashes = {"hashes": [{"alg": "SHA-256", "content": named["digest"]}]} if named["digest"] else {}
    return {
        "type": "container",
        "name": f"{named['registry']}/{named['path']}",
        "version": named["tag"],
        "bom-ref": image,
        "purl": f"pkg:docker/{named['path']}@{named['tag']}?repository_url={quote(named['registry'])}",
        "properties": [{"name": "openpolicy:runs-in", "value": user} for user in users],
        **hashes,
    }


def _packages(requirements: str) -> Iterator[Document]:
    for name, _, version in _PINNED.findall(requirements):
        url = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
        yield {"type": "library", "name": name, "version": version, "bom-ref": url, "purl": url}
