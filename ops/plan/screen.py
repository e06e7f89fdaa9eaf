"""The plan on a terminal: a tree by component, warnings, and one last line."""

from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from ops.plan.recorder import Recording, Resource
from ops.plan.run import Plan


def show(plan: Plan, folder: str, seconds: float, console: Console) -> None:
    """Prints the plan."""
    resources = plan.recording.resources
    console.print(_tree(plan.stack, resources))
    console.print(_documents(plan, folder))
    for warning in plan.recording.warnings:
        console.print(Text("! ", style="bold yellow") + Text(warning, style="yellow"))
    console.print(Text(_totals(plan, folder, seconds), style="bold green"))


def _components(resources: Mapping[str, Resource]) -> list[Resource]:
    return [resource for resource in resources.values() if not resource.custom and resource.parent]


def _tree(stack: str, resources: Mapping[str, Resource]) -> Tree:
    tree = Tree(Text(f"openpolicy {stack}", style="bold"), guide_style="dim")
    components = _components(resources)
    width = max(len(component.name) for component in components)
    for component in components:
        kinds = Counter(_kind(each) for each in resources.values() if each.parent == component.urn)
        line = Text(component.name.ljust(width), style="cyan") + Text(f" {kinds.total():>4}  ", style="bold")
        tree.add(line + Text(", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))))
    return tree


def _kind(resource: Resource) -> str:
    return str(resource.inputs.get("kind") or resource.type.rpartition(":")[2])


def _documents(plan: Plan, folder: str) -> Tree:
    tree = Tree(Text(folder, style="bold"), guide_style="dim")
    counts = Counter(path.rpartition("/")[0] for path in plan.files)
    width = max(len(name) for name in counts) + 1
    for name, count in sorted(counts.items()):
        label = f"{name}/" if name else "resources.json"
        tree.add(Text(label.ljust(width), style="cyan") + (Text(f" {count:>4}", style="bold") if name else Text()))
    return tree


def _rules(recording: Recording) -> Counter[str]:
    return Counter(
        "alerts" if "alert" in rule else "recording rules"
        for resource in recording.resources.values()
        if resource.inputs.get("kind") == "PrometheusRule"
        for group in resource.inputs["spec"]["groups"]
        for rule in group["rules"]
    )


def _totals(plan: Plan, folder: str, seconds: float) -> str:
    resources = sum(1 for resource in plan.recording.resources.values() if resource.parent)
    parts = [f"{resources} resources", *(f"{count} {what}" for what, count in sorted(_rules(plan.recording).items()))]
    warnings = len(plan.recording.warnings)
    parts += [f"{warnings} warning{'' if warnings == 1 else 's'}"]
    return f"planned {plan.stack}: {', '.join(parts)} → {folder} in {seconds:.1f} s"
