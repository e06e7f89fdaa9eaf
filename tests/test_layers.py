"""Who may import whom: the plan of the house, held against the code."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("catalogue", "alerts", "dashboards", "components", "telemetry", "ops")
PULUMI = (
    "pulumi",
    "pulumi_kubernetes",
    "pulumi_pagerduty",
    "pulumi_datadog",
    "pulumiverse_grafana",
    "pulumi_elasticstack",
)

# How alerts are said, and what is made of them. All facts come as arguments.
WORDS = tuple(
    f"alerts.{word}" for word in ("expression", "promql", "condition", "texts", "scenario", "model", "burnrate")
)
MACHINERY = (*WORDS, *(f"alerts.{machine}" for machine in ("windows", "tuning", "routing", "render", "review")))

# What a module may import of ours, by the longest prefix of its name; and which libraries beyond the standard one.
RULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "catalogue.model": (("catalogue.model",), ()),
    "catalogue": (("catalogue",), ()),
    **dict.fromkeys(MACHINERY, (("catalogue.model", *MACHINERY), ("yaml",))),
    # The subjects: facts, and the words to say them in.
    "alerts": (("catalogue", "alerts.recordings", *WORDS), ()),
    "alerts.library": (("catalogue", "alerts"), ()),
    "components.render": (("catalogue.model", "components.render"), ()),
    "components.objects": ((), PULUMI),
    "components.rotas": (("catalogue.model",), PULUMI),
    "components.settings": (
        ("catalogue.model", "alerts.model", "alerts.tuning", "components.render", "components.settings"),
        ("pulumi", "pydantic", "pydantic_core"),
    ),
    "components.wiring": (("catalogue", "alerts", "components"), ("pulumi",)),
    # A component can be read alone: all that it needs is in its arguments.
    "components": (
        (
            "catalogue.model",
            "alerts.model",
            "alerts.render",
            "components.render",
            "components.objects",
            "components.rotas",
        ),
        PULUMI,
    ),
    "ops.plan": ((*OURS,), (*PULUMI, "google", "yaml", "rich")),
    "ops": ((*OURS,), ("rich",)),
    "__main__": ((*OURS,), ("pulumi",)),
}


def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    found = {"__main__": ROOT / "__main__.py"}
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(name: str) -> Iterator[str]:
    """What the module imports, as far as that is a module: `from a import b` is `a.b` where that is one."""
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import hides where it leads"
            assert node.module is not None
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def is_within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def rule(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return RULES[max((prefix for prefix in RULES if is_within(name, prefix)), key=len)]


def offences(name: str) -> list[str]:
    ours, libraries = rule(name)
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    found: list[str] = []
    for target in imports(name):
        top = target.partition(".")[0]
        if top in OURS:
            sibling = is_within(target, package) and package.count(".") > 0
            if not sibling and not any(is_within(target, allowed) for allowed in ours):
                found.append(f"{name} imports {target}")
        elif top not in sys.stdlib_module_names and top not in libraries:
            found.append(f"{name} imports {target}")
    return found


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_imports_only_what_its_room_may(name: str) -> None:
    assert offences(name) == []


def test_facts_hold_no_logic() -> None:
    forbidden = (ast.If, ast.IfExp, ast.For, ast.While, ast.FunctionDef, ast.JoinedStr, ast.ListComp, ast.DictComp)
    for name, path in MODULES.items():
        if is_within(name, "catalogue") and not is_within(name, "catalogue.model"):
            logic = [
                type(node).__name__ for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, forbidden)
            ]
            assert logic == [], f"{path.name} is a page of facts"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: {target for target in imports(name) if target in MODULES} for name in MODULES}
    while free := [name for name, targets in graph.items() if not targets]:
        graph = {name: targets - set(free) for name, targets in graph.items() if name not in free}
    assert graph == {}


def test_nothing_imports_the_program() -> None:
    assert [name for name in MODULES if "__main__" in imports(name)] == []


def test_files_are_small() -> None:
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert lines["__main__"] <= 60
    components = {name: count for name, count in lines.items() if name.startswith("components.")}
    assert {name: count for name, count in components.items() if count > 150 and "settings" not in name} == {}
    assert {name: count for name, count in lines.items() if count > 220} == {}
