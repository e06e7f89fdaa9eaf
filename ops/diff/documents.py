"""The documents of one plan, as `ops plan` of any commit wrote them."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import PurePosixPath
from typing import Any, cast

import orjson
import yaml

from alerts.render.routes import Config
from alerts.routing import Router

Document = Mapping[str, Any]
_ELSEWHERE = re.compile(r"see ((?:kubernetes|grafana)/\S+)")


@dataclass(frozen=True)
class Documents:
    """Texts by their path within the stack's folder, and what is in them."""

    texts: Mapping[str, str]

    @cached_property
    def resources(self) -> list[Document]:
        """Everything that the program registers."""
        listed = cast("list[Document]", orjson.loads(self.texts.get("resources.json", "[]")))
        return [{**each, "inputs": self._with_digests(each["inputs"])} for each in listed]

    def _with_digests(self, value: Any) -> Any:
        """What is told to be in a document of its own is told by that document's digest."""
        match value:
            case dict():
                return {key: self._with_digests(inner) for key, inner in cast("dict[str, Any]", value).items()}
            case str() if found := _ELSEWHERE.fullmatch(value):
                return f"{found[1]} of digest {_digest(found[1], self.texts.get(found[1], ''))}"
            case _:
                return value

    def of_type(self, prefix: str) -> Iterator[Document]:
        """Inputs of the resources whose type starts so."""
        return (each["inputs"] for each in self.resources if str(each["type"]).startswith(prefix))

    def of_kind(self, *kinds: str) -> Iterator[Document]:
        """The Kubernetes objects of these kinds."""
        return (inputs for inputs in self.of_type("kubernetes:") if inputs.get("kind") in kinds)

    @cached_property
    def routes(self) -> Config | None:
        """Alertmanager's configuration."""
        text = self.texts.get("alertmanager/alertmanager.yml")
        return None if text is None else yaml.load(text, yaml.CSafeLoader)

    @cached_property
    def router(self) -> Router | None:
        """Its routes, to ask for many alerts."""
        return None if self.routes is None else Router.of(self.routes["route"])

    def below(self, folder: str) -> Iterator[tuple[str, Any]]:
        """What is in the documents of the folder, by their names without ending."""
        for path, text in sorted(self.texts.items()):
            if path.startswith(f"{folder}/"):
                yield PurePosixPath(path).stem, parsed(path, text)


def parsed(path: str, text: str) -> Any:
    """What the document says, whatever the order of its keys and however it is laid out."""
    match PurePosixPath(path).suffix:
        case ".json":
            return orjson.loads(text or "null")
        case ".yaml" | ".yml":
            # JSON is YAML, and is read a hundred times faster as what it is.
            return orjson.loads(text) if text.startswith("{") else yaml.load(text, yaml.CSafeLoader)
        case _:
            return text


@cache
def _digest(path: str, text: str) -> str:
    """The same for all that say the same. Most documents of two plans are the same, and many are long."""
    said = orjson.dumps(parsed(path, text), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()[:8]


def changed(old: Documents, new: Documents) -> tuple[str, ...]:
    """Paths of the documents that do not say the same."""
    paths = (path for path in old.texts.keys() | new.texts.keys() if old.texts.get(path) != new.texts.get(path))
    return tuple(sorted(path for path in paths if _says(old, path) != _says(new, path)))


def _says(documents: Documents, path: str) -> Any:
    return parsed(path, documents.texts[path]) if path in documents.texts else None
