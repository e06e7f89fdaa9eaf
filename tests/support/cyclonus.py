"""Cyclonus, by which Kubernetes' network plugins are tested, as a second judge of policies."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ops.plan.reach import Endpoint, Manifest
from tests.support.recalled import contents, recalled
from tests.support.tools import run

Connection = tuple[Endpoint, Endpoint, int, str]


def judged(
    policies: Sequence[Manifest],
    connections: Sequence[Connection],
    namespace_labels: Mapping[str, Mapping[str, str]],
    folder: Path,
) -> list[bool]:
    """Whether it lets each connection through. Its blocks of addresses mean pods too."""
    (folder / "policies").mkdir()
    for number, each in enumerate(policies):
        # JSON is YAML.
        (folder / "policies" / f"{number}.yaml").write_text(json.dumps(each), encoding="utf-8")
    traffic = [
        {
            "Source": _peer(source, namespace_labels),
            "Destination": _peer(target, namespace_labels),
            "ResolvedPort": port,
            "ResolvedPortName": {number: name for name, number in target.ports.items()}.get(port, ""),
            "Protocol": protocol,
        }
        for source, target, port, protocol in connections
    ]
    (folder / "traffic.json").write_text(json.dumps(traffic), encoding="utf-8")
    told = recalled("cyclonus", {folder: contents(folder)}, lambda _: {folder: _analysed(folder)})[folder]
    said = [each == "TRUE" for each in re.findall(r"IS ALLOWED\?\s*\|\s*(TRUE|FALSE)", told)]
    assert len(said) == len(connections)
    return said


def _analysed(folder: Path) -> str:
    verdict = run(
        "cyclonus", "analyze", "--mode", "query-traffic",
        "--policy-path", folder / "policies", "--traffic-path", folder / "traffic.json",
    )  # fmt: skip
    assert verdict.returncode == 0, verdict.stderr
    return verdict.stdout


def _peer(endpoint: Endpoint, namespace_labels: Mapping[str, Mapping[str, str]]) -> Mapping[str, Any]:
    if endpoint.namespace is None:
        return {"IP": endpoint.address}
    labels = {"kubernetes.io/metadata.name": endpoint.namespace, **namespace_labels.get(endpoint.namespace, {})}
    inner = {"PodLabels": endpoint.labels, "NamespaceLabels": labels, "Namespace": endpoint.namespace}
    return {"Internal": inner, "IP": endpoint.address}
