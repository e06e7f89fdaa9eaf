"""Relabelling steps: how a target's labels are made from what discovery knows of it."""

from catalogue.model.exporter import Exporter
from components.render.kubernetes import Document

META = "__meta_kubernetes_"
"""Prefix of what Kubernetes discovery knows of a target."""


def relabel(target: str, *sources: str, regex: str = "(.+)", replacement: str = "$1") -> Document:
    """Sets `target` from the sources, joined by `;`, where they match."""
    return {
        "sourceLabels": [*sources],
        "targetLabel": target,
        "regex": regex,
        "replacement": replacement,
    }


def select(regex: str, *sources: str, action: str = "keep") -> Document:
    """Keeps, or drops, what matches."""
    return {"sourceLabels": [*sources], "regex": regex, "action": action}


def about(exporter: Exporter) -> list[Document]:
    """Sets `service` where the whole job is about one."""
    return [{"targetLabel": "service", "replacement": exporter.service.name}] if exporter.service else []


def kept(exporter: Exporter) -> list[Document]:
    """Drops what the catalogue does not name, of a job that shows much more and of which it names anything."""
    if not (exporter.drops_the_rest and exporter.metrics):
        return []
    names = "|".join(sorted(metric.name for metric in exporter.metrics))
    return [select(f"({names})(_bucket|_count|_sum)?", "__name__")]
