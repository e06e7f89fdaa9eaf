"""What planned pods ask for, and the volumes that they claim, also of those that operators make."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalogue.model.quantity import quantity

Manifest = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Pods of one kind, and what each of them takes."""

    name: str
    kind: str
    pods: int
    cores: Decimal
    memory: int
    """Bytes."""

    volumes: Mapping[str, int]
    """Bytes of each claim, by its name."""

    passing: bool = False
    """Whether its pods run for minutes and are gone."""


def workloads(manifests: Sequence[Manifest], nodes: int) -> list[Workload]:
    """All of them, by kind and name. Agents run on each of the nodes."""
    found = [each for manifest in manifests for each in _read(manifest, nodes)]
    return sorted(found, key=lambda each: (each.name, each.kind))


def _read(manifest: Manifest, nodes: int) -> Iterator[Workload]:
    kind: str = manifest["kind"]
    spec: Manifest = manifest.get("spec") or {}
    name: str = manifest["metadata"]["name"]
    if "k8s.elastic.co/" in manifest["apiVersion"]:
        yield from _elastic(kind, spec, nodes)
        return
    match kind:
        case "Deployment" | "StatefulSet":
            yield _templated(name, kind, spec.get("replicas", 1), spec["template"], spec)
        case "DaemonSet":
            yield _templated(name, kind, nodes, spec["template"], spec)
        case "Job":
            yield _templated(re.sub("-[0-9a-f]{10}$", "", name), kind, 1, spec["template"], spec, passing=True)
        case "CronJob":
            job = spec["jobTemplate"]["spec"]
            yield _templated(name, kind, 1, job["template"], job, passing=True)
        case "Prometheus" | "Alertmanager":
            claims = {kind.lower(): spec["storage"]["volumeClaimTemplate"]} if "storage" in spec else {}
            yield _workload(kind.lower(), kind, spec["replicas"], [spec], [], claims)
        case "PersistentVolumeClaim":
            yield _workload(name, kind, 1, [], [], {name: manifest})
        case _:
            return


def _elastic(kind: str, spec: Manifest, nodes: int) -> Iterator[Workload]:
    match kind:
        case "Elasticsearch":
            for each in spec["nodeSets"]:
                yield _templated(f"elasticsearch {each['name']}", kind, each["count"], each["podTemplate"], each)
        case "Kibana" | "Logstash":
            yield _templated(kind.lower(), kind, spec["count"], spec["podTemplate"], spec)
        case "Beat":
            yield _templated(spec["type"], kind, nodes, spec["daemonSet"]["podTemplate"], spec)
        case _:
            return


def _templated(
    name: str, kind: str, pods: int, template: Manifest, spec: Manifest, *, passing: bool = False
) -> Workload:
    claims = {each["metadata"]["name"]: each for each in spec.get("volumeClaimTemplates") or ()}
    pod = template["spec"]
    return _workload(name, kind, pods, pod["containers"], pod.get("initContainers") or [], claims, passing=passing)


def _workload(
    name: str,
    kind: str,
    pods: int,
    containers: Sequence[Manifest],
    before: Sequence[Manifest],
    claims: Mapping[str, Manifest],
    *,
    passing: bool = False,
) -> Workload:
    return Workload(
        name=name,
        kind=kind,
        pods=pods,
        cores=_asked("cpu", containers, before),
        memory=int(_asked("memory", containers, before)),
        volumes={
            claim: int(quantity(each["spec"]["resources"]["requests"]["storage"])) for claim, each in claims.items()
        },
        passing=passing,
    )


def _asked(resource: str, containers: Sequence[Manifest], before: Sequence[Manifest]) -> Decimal:
    """What the scheduler sets aside: all containers together, or the largest that runs before them."""

    def of(container: Manifest) -> Decimal:
        resources: Manifest = container.get("resources") or {}
        # Where only a limit is given, it is what is asked for.
        requests: Manifest = {**(resources.get("limits") or {}), **(resources.get("requests") or {})}
        return quantity(requests.get(resource, "0"))

    # One that is always restarted stays beside the others.
    staying = [*containers, *(each for each in before if each.get("restartPolicy") == "Always")]
    return max([sum((of(each) for each in staying), Decimal(0)), *(of(each) for each in before)])
