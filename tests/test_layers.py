"""Who may import whom: the plan of the house, held against the code."""

import ast
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = ("catalogue", "alerts", "dashboards", "components", "telemetry", "ops")
PULUMI = (
    "pulumi",
    "pulumi_kubernetes",
    "pulumi_pagerduty",
    "pulumi_random",
    "pulumi_datadog",
    "pulumiverse_grafana",
    "pulumi_elasticstack",
    "pulumi_random",
    "pulumi_tls",
)

# How alerts are said, and what is made of them. All facts come as arguments.
WORDS = tuple(
    f"alerts.{word}"
    for word in ("expression", "selector", "promql", "condition", "symptom", "texts", "scenario", "model", "burnrate")
)
MACHINERY = (*(f"alerts.{page.stem}" for page in (ROOT / "alerts").glob("[a-z]*.py")), "alerts.render")

# How a page is said, and what is made of it. All facts come as arguments.
FRAMES = (*(f"dashboards.{page.stem}" for page in (ROOT / "dashboards").glob("[a-z]*.py")), "dashboards.render")

# What a module may import of ours, by the longest prefix of its name; and which libraries beyond the standard one.
RULES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "catalogue.model": (("catalogue.model",), ()),
    "catalogue": (("catalogue",), ()),
    "alerts": (("catalogue.model", *MACHINERY), ("yaml",)),
    # The subjects: facts, and the words to say them in.
    "alerts.library": (("catalogue", "alerts.library", *WORDS), ()),
    "dashboards": (("catalogue.model", *FRAMES, *MACHINERY), ()),
    "dashboards.render": (("catalogue.model", *FRAMES, *MACHINERY), ("grafana_foundation_sdk", "orjson")),
    # The pages: facts, and what they have in common.
    "dashboards.library": (("catalogue", "alerts", "dashboards"), ()),
    # A component can be read alone: all that it needs is in its arguments.
    "components": (
        ("catalogue.model", "alerts.model", "alerts.render", "components.render", "components.parts"),
        PULUMI,
    ),
    "components.render": (("catalogue.model", "components.render"), ()),
    "components.parts": (("catalogue.model", "components.render", "components.parts"), PULUMI),
    "components.settings": (
        ("catalogue.model", "alerts.model", "alerts.tuning", "components.render", "components.settings"),
        ("pulumi", "pydantic", "pydantic_core"),
    ),
    "components.wiring": (("catalogue", "alerts", "dashboards", "components"), ("pulumi",)),
    # What services install: the facts, and the three libraries that emit. A framework is imported where it is served.
    "telemetry": (
        ("catalogue", "telemetry"),
        ("prometheus_client", "structlog", "opentelemetry", "flask", "sqlalchemy"),
    ),
    "telemetry.demo": (("catalogue", "telemetry"), ("fastapi", "sqlalchemy", "httpx", "uvicorn", "opentelemetry")),
    # It runs in a pod, where nothing else of ours is.
    "ops.archive": (("ops.archive",), ("boto3",)),
    "ops.plan": ((*OURS,), (*PULUMI, "google", "yaml", "rich")),
    "ops.sbom": (("ops.plan", "ops.sbom"), ()),
    "ops.diff": ((*OURS,), ("orjson", "rich", "yaml", "promql_parser")),
    "ops.sources": (("catalogue.model", "components.render.logs.names", "ops.traces.model"), ("httpx", "pydantic")),
    "ops.shown": (("ops.shown",), ("orjson", "rich")),
    "ops.report": ((*OURS,), ("markdown_it", "matplotlib", "rich")),
    "ops": ((*OURS,), ("pydantic", "rich", "numpy")),
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


@cache
def imports(name: str) -> frozenset[str]:
    """What the module imports, as far as that is a module: `from a import b` is `a.b` where that is one."""
    found = set[str]()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import hides where it leads"
            assert node.module is not None
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {each if each in MODULES else node.module for each in inner}
    return frozenset(found)


def is_within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def rule(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return RULES[max((prefix for prefix in RULES if is_within(name, prefix)), key=len)]


def offences(name: str) -> list[str]:
    ours, libraries = rule(name)
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    found: list[str] = []
    for target in sorted(imports(name)):
        top = target.partition(".")[0]
        if top in OURS:
            sibling = is_within(target, package) and package.count(".") > 0
            if not sibling and not any(is_within(target, allowed) for allowed in ours):
                found.append(f"{name} imports {target}")
        elif top not in sys.stdlib_module_names and top not in libraries:
            found.append(f"{name} imports {target}")
    return found


def test_a_module_imports_only_what_its_room_may() -> None:
    assert {name: found for name in sorted(MODULES) if (found := offences(name))} == {}


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
    pages = {name for name, path in MODULES.items() if "ComponentResource)" in path.read_text(encoding="utf-8")}
    assert {name: lines[name] for name in pages if lines[name] > 150} == {}
    assert {name: count for name, count in lines.items() if count > 220} == {}
