"""Pages that can go stale do not: each is held against the facts."""

import re
from pathlib import Path

import pytest

from alerts.library import LIBRARY, RUNBOOKS
from alerts.model import alerts_of
from catalogue import CATALOGUE
from components.settings.secrets import SECRETS
from tests.docs.documents import diagram, pages

ROOT = Path(__file__).parent.parent
RUNBOOK_PAGES = ROOT / "alerts" / "runbooks"
HEADINGS = ["What it means", "Confirm", "Likely causes", "Remedies", "Escalate", "Comes with"]
PRODUCTS = {"PagerDuty", "PostgreSQL"}
NAMES = {alert.name for alert in alerts_of(LIBRARY)}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_runbook_has_everything_that_is_looked_for_at_night(name: str) -> None:
    text = (RUNBOOK_PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {name}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    for section in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]:
        assert len(section.split()) >= 8, f"{name}: a section says next to nothing"
    assert "```promql" in text or "```sh" in text, "something to paste"


@pytest.mark.parametrize("name", sorted(RUNBOOKS))
def test_a_runbook_s_queries_can_be_pasted(name: str) -> None:
    import promql_parser

    text = (RUNBOOK_PAGES / f"{name}.md").read_text(encoding="utf-8")
    for block in re.findall(r"```promql\n(.*?)```", text, re.DOTALL):
        for query in re.split(r"\n\s*\n|(?<=\n)#[^\n]*\n", block):
            lines = [line for line in query.splitlines() if line.strip() and not line.lstrip().startswith("#")]
            if lines:
                promql_parser.parse("\n".join(lines))


@pytest.mark.parametrize("name", sorted(RUNBOOKS))
def test_a_runbook_names_only_alerts_and_metrics_that_exist(name: str) -> None:
    text = (RUNBOOK_PAGES / f"{name}.md").read_text(encoding="utf-8")
    section = text.partition("## Comes with")[2]
    named = set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z]+[a-z]*)+\b", section)) - PRODUCTS
    assert named <= NAMES, f"{name}: {sorted(named - NAMES)}"
    ours = {metric.name for metric in CATALOGUE.metrics}
    for metric in set(re.findall(r"\b((?:http|db|scraper|search|bill|bills|user|cache|records)_[a-z_]+)\{", text)):
        assert re.sub("_(bucket|count|sum)$", "", metric) in ours, f"{name}: {metric}"


def test_generated_pages_are_current() -> None:
    made = dict(pages())
    stale = [str(path.relative_to(ROOT)) for path, text in made.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "make docs"
    assert diagram() in (ROOT / "README.md").read_text(encoding="utf-8")
    assert {f"{name}.md" for name in NAMES} <= {path.name for path in made}


def test_every_secret_has_its_renewal_and_what_is_restarted_exists() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [each.key for each in SECRETS if f"| `openpolicy:{each.key}` |" not in page] == []
    planned = {path.stem for path in (ROOT / "tests" / "golden" / "prod" / "kubernetes").iterdir()}
    # That one is made by Prometheus Operator.
    known = planned | {"statefulset-prometheus-openpolicy"}
    for kind, name in re.findall(r"\b(deployment|statefulset)/([\w-]+)", page):
        assert f"{kind}-{name}" in known


def test_every_make_target_is_explained() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony is not None
    explained = re.findall(r"^([a-z-]+):.*## .+$", text, re.MULTILINE)
    assert sorted(phony[1].split()) == sorted(explained)


def test_files_that_pages_name_exist() -> None:
    for page in (
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "components" / "crds" / "README.md",
        ROOT / "telemetry" / "README.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "tests").rglob("README.md"),
    ):
        text = page.read_text(encoding="utf-8")
        for path in re.findall(r"`((?:catalogue|alerts|components|ops|tests|docs)/[\w./-]+?)`", text):
            assert (ROOT / path).exists(), f"{page.name} names {path}"
        for path in re.findall(r"\]\(((?!https?:)[\w./-]+)\)", text):
            assert (page.parent / path).exists(), f"{page.name} links to {path}"


def test_every_room_is_on_the_map_of_the_house() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n| Room |")[2].partition("\n\n")[0]
    rooms = re.findall(r"^\| \[(\w+)\]", text, re.MULTILINE)
    there = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert {*rooms} == there | {"docs", "tests"}


@pytest.mark.parametrize("folder", ["tests", "tests/live"])
def test_the_map_of_the_tests_has_each_folder_and_file(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8").partition("| Folder or file |")[2]
    first = [row.split("|")[1] for row in text.partition("\n\n")[0].splitlines()[1:]]
    there = {
        path.name
        for path in (ROOT / folder).iterdir()
        if (path.is_dir() and any(path.rglob("*.*"))) or path.name.startswith("test_")
    } - {"__pycache__"}
    assert sorted(name for names in first for name in re.findall(r"`([\w.]+)`", names)) == sorted(there)


def test_the_project_speaks_of_itself_alone() -> None:
    # Addresses of package indexes, and paths of somebody's machine.
    forbidden = re.compile(r"proxy\.golang|pypi\.org|registry\.npmjs|repo1?\.maven|crates\.io|/work/|/root/|\.cache/go")
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if parts[0] in {".git", ".venv", "out"} or "__pycache__" in parts or not path.is_file():
            continue
        if path.suffix in {".py", ".md", ".yaml", ".yml", ".toml", ".txt"} or path.name in {"Makefile", "run"}:
            if path.name == "test_docs.py":
                continue
            assert not forbidden.search(path.read_text(encoding="utf-8")), path
