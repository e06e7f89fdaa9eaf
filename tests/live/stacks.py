"""A planned stack in a cluster of its own, with the operators that it brings."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import yaml

from ops.plan.documents import Files
from ops.plan.run import plan
from tests.live.api import Document, RefusedError, named
from tests.live.cluster import Cluster
from tests.live.operators import bring_platform, start_eck, start_prometheus_operator, wait_until_established
from tests.live.processes import Process

_OPERATOR, _ELASTIC = "prometheus-operator", "elastic-operator"
_DEFINITION = "CustomResourceDefinition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A stack, what the API server said about its documents, and the processes that act on them."""

    name: str
    cluster: Cluster
    namespace: str
    files: Files
    """Of its plan."""

    documents: Sequence[Document]
    """Those of them that are Kubernetes objects."""

    refused: Sequence[str]
    warnings: Sequence[str]
    operator: Process
    elastic: Process


@contextmanager
def deployed(stack: str) -> Iterator[Deployed]:
    """Brings the stack into a new cluster, whose storage classes are those that the stack names.

    The operators run with the arguments and the rights that the stack gives them. Raises FailedError.
    """
    files = plan(stack).files
    documents = [yaml.load(text, yaml.CSafeLoader) for path, text in files.items() if path.startswith("kubernetes/")]
    kinds = [each for each in documents if each["kind"] == _DEFINITION]
    namespaces = [each for each in documents if each["kind"] == "Namespace"]
    rest = [each for each in documents if each not in kinds and each not in namespaces]
    with Cluster(storage_classes=["standard", *sorted({*_storage_classes(rest)})]) as cluster:
        bring_platform(cluster)
        refused, warnings = list[str](), list[str]()
        _apply(cluster, kinds, refused, warnings)
        for kind in kinds:
            wait_until_established(cluster, kind["metadata"]["name"])
        _apply(cluster, [*namespaces, *rest], refused, warnings)
        where = next(each["metadata"]["namespace"] for each in rest if each["kind"] == "Prometheus")
        arguments = {
            name: next(_arguments(each) for each in rest if named(each) == f"Deployment {where}/{name}")
            for name in (_OPERATOR, _ELASTIC)
        }
        yield Deployed(
            name=stack,
            cluster=cluster,
            namespace=where,
            files=files,
            documents=documents,
            refused=refused,
            warnings=warnings,
            operator=start_prometheus_operator(cluster, arguments[_OPERATOR], account=f"{where}:{_OPERATOR}"),
            elastic=start_eck(cluster, arguments[_ELASTIC], account=f"{where}:{_ELASTIC}"),
        )


def _storage_classes(value: Any) -> Iterator[str]:
    """Every value of a key `storageClassName`, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "storageClassName":
                yield inner
            else:
                yield from _storage_classes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _storage_classes(inner)


def _apply(cluster: Cluster, documents: Sequence[Document], refused: list[str], warnings: list[str]) -> None:
    for document in documents:
        try:
            warnings += [f"{named(document)}: {said}" for said in cluster.apply(document).warnings]
        except RefusedError as error:
            refused.append(str(error))


def _arguments(deployment: Document) -> list[str]:
    """Of its only container."""
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    return container["args"]
