"""Around Prometheus: scrape targets, who reaches whom, synthetic tests, autoscalers, and the bill."""

import json
from collections.abc import Sequence
from decimal import Decimal

from ops.diff.documents import Document, Documents
from ops.diff.facts import flatten, some
from ops.diff.model import Facts, Item

_MONITORS = ("ServiceMonitor", "PodMonitor", "Probe", "ScrapeConfig")
_COSTS = "cost/month.json"
_MONTHLY = "a month"
_REACH = "network/reach.md"


def targets(documents: Documents) -> Sequence[Item]:
    """What Prometheus scrapes, and how."""
    return [
        Item(name=inputs["metadata"]["name"], also=inputs["kind"], facts=flatten(inputs["spec"]))
        for inputs in documents.of_kind(*_MONITORS)
    ]


def reach(documents: Documents) -> Sequence[Item]:
    """Who gets through to whom, of the table that the plan makes of the network policies."""
    rows = [line.strip("| ").split(" | ") for line in documents.texts.get(_REACH, "").splitlines() if "|" in line]
    return [Item(name=f"{source} → {target}", facts={"ports": ports}) for source, target, ports in rows[2:]]


def autoscalers(documents: Documents) -> Sequence[Item]:
    """HorizontalPodAutoscalers, and the ScaledObjects from which KEDA makes them."""
    return [
        Item(name=f"{inputs['kind']} {inputs['metadata']['name']}", facts=_scaling(inputs["spec"]))
        for inputs in documents.of_kind("HorizontalPodAutoscaler", "ScaledObject")
    ]


def _scaling(spec: Document) -> Facts:
    least, most = (spec.get(f"{end}Replicas", spec.get(f"{end}ReplicaCount")) for end in ("min", "max"))
    metrics = {name: value for each in spec.get("metrics", []) for name, value in _metric(each).items()}
    told = ("metrics", "minReplicas", "maxReplicas", "minReplicaCount", "maxReplicaCount")
    return {
        **some(replicas=f"{least} to {most}"),
        **metrics,
        **flatten({key: value for key, value in spec.items() if key not in told}),
    }


def _metric(metric: Document) -> Facts:
    kind = str(metric["type"])
    source = metric[kind[0].lower() + kind[1:]]
    name = source.get("name") or source.get("metric", {}).get("name", kind)
    aim = {key: value for key, value in source["target"].items() if key != "type"}
    return {f"target of {name}": ", ".join(f"{value} {key}" for key, value in aim.items())}


def synthetics(documents: Documents) -> Sequence[Item]:
    """Datadog's tests."""
    return [
        Item(
            name=inputs["name"],
            facts={
                **some(every=_seconds(inputs.get("optionsList", {}).get("tickEvery"))),
                **flatten({key: value for key, value in inputs.items() if key != "name"}),
            },
        )
        for inputs in documents.of_type("datadog:index/syntheticsTest:")
    ]


def _seconds(count: int | None) -> str | None:
    return None if count is None else f"{count} s"


def costs(documents: Documents) -> Sequence[Item]:
    """What each part costs in a month, where the plan says so. Older plans say it of a part in one number."""
    parts: dict[str, str | dict[str, str]] = json.loads(documents.texts.get(_COSTS, "{}"))
    lines = {part: told if isinstance(told, dict) else {_MONTHLY: told} for part, told in parts.items()}
    items = [
        Item(name=part, facts={what: f"${Decimal(price):,.2f}" for what, price in told.items()})
        for part, told in lines.items()
    ]
    whole = sum((Decimal(told[_MONTHLY]) for told in lines.values()), Decimal(0))
    return [Item(name="all together", facts={_MONTHLY: f"${whole:,.2f}"}), *items] if lines else []
