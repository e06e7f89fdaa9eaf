"""The recipes do what they say: each is applied as it stands in the page, and no part of it is needless."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "recipes.md"
TREE = ("__main__.py", "Makefile", "README.md", "pyproject.toml")
ROOMS = ("catalogue", "alerts", "components", "dashboards", "ops", "telemetry", "tests", "docs")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a recipe adds, and where that has to show."""

    name: str
    about: str
    """What every refusal of a part speaks of, as a regular expression."""

    stack: str
    shows: Sequence[tuple[str, str]]
    """Documents of the stack and what they then say."""

    tests: Sequence[str] = ("tests/catalogue/test_facts.py", "tests/alerts/test_review.py")


RECIPES = (
    Recipe(
        name="alert",
        about="ScraperSourcesWaiting|SCRAPER_WAITING|scraper_sources_waiting",
        stack="prod",
        shows=(
            ("prometheus/rules/openpolicy-scraper-alerts.yaml", "alert: ScraperSourcesWaiting"),
            ("grafana/op-business.json", "scraper_sources_waiting"),
        ),
        tests=("tests/alerts/test_alerts.py", "tests/test_docs.py", "-k", "ScraperSourcesWaiting"),
    ),
    Recipe(
        name="team",
        about="(?i)publishing",
        stack="prod",
        shows=(
            ("alertmanager/alertmanager.yml", "publishing"),
            ("pagerduty/team-oncall-publishing.json", "publishing"),
        ),
    ),
    Recipe(
        name="service",
        about="(?i)newsletter",
        stack="prod",
        shows=(("prometheus/rules/openpolicy-api-alerts.yaml", "service: newsletter"),),
    ),
    Recipe(
        name="logs",
        about="JOB",
        stack="prod",
        shows=(("kubernetes/configmap-log-content.yaml", "_ilm/policy/openpolicy-job"),),
    ),
    Recipe(
        name="environment",
        about="staging",
        stack="staging",
        shows=(("kubernetes/prometheus-openpolicy.yaml", "staging"),),
    ),
)
each = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)


def blocks(recipe: Recipe) -> list[tuple[str, str]]:
    """The commands and changes of a recipe, in the order of the page."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(f"<!-- {recipe.name} -->\n(.*?)<!-- /{recipe.name} -->", text, re.DOTALL)
    assert found is not None
    return [(kind, block) for _, kind, block in re.findall(r"(?ms)^(`{3,4})(sh|diff)\n(.*?)^\1$", found[1])]


def parts(diff: str) -> list[str]:
    """Each change of each file as a diff of its own."""
    made = list[str]()
    for file in re.split(r"(?m)^(?=--- )", diff)[1:]:
        head, *hunks = re.split(r"(?m)^(?=@@ )", file)
        made += [head + hunk for hunk in hunks]
    return made


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout of one's own."""
    for name in (*TREE, *(path.name for path in ROOT.glob("Pulumi*.yaml"))):
        shutil.copy(ROOT / name, tmp_path / name)
    # What is compiled already comes along.
    ignored = shutil.ignore_patterns("golden", "live", "boards")
    for name in ROOMS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    return tmp_path


def apply(tree: Path, diffs: Sequence[str]) -> None:
    # As a person who copies it would: where lines have moved, patch finds them.
    for diff in diffs:
        command = ["patch", "--strip=1", "--no-backup-if-mismatch", "--silent"]
        done = subprocess.run(command, cwd=tree, input=diff, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def follow(recipe: Recipe, tree: Path, *, without: int | None = None) -> None:
    """Applies the recipe, but for one part of it."""
    for kind, text in blocks(recipe):
        if kind == "sh":
            subprocess.run(["bash", "-euc", text], cwd=tree, check=True)
        else:
            apply(tree, [part for number, part in enumerate(parts(text)) if number != without])


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


@each
def test_a_recipe_makes_a_stack_that_is_planned_and_tested(recipe: Recipe, tree: Path) -> None:
    follow(recipe, tree)
    for stack in sorted({"dev", "prod", recipe.stack}):
        planned = run(tree, "ops", "plan", stack)
        assert planned.returncode == 0, planned.stderr
    for document, says in recipe.shows:
        assert says in (tree / "out" / recipe.stack / document).read_text(encoding="utf-8"), document
    tested = run(tree, "pytest", "-q", "-p", "no:cacheprovider", *recipe.tests)
    assert tested.returncode == 0, tested.stdout


@each
def test_a_recipe_touches_two_files_and_a_page_at_most(recipe: Recipe) -> None:
    changed = {
        name for kind, text in blocks(recipe) if kind == "diff" for name in re.findall(r"(?m)^\+\+\+ b/(\S+)", text)
    }
    made = {name for kind, text in blocks(recipe) if kind == "sh" for name in re.findall(r"> (\S+)", text)}
    assert 1 <= len({name for name in changed | made if not name.endswith(".md")}) <= 2


@pytest.mark.parametrize(
    ("recipe", "without"),
    [
        pytest.param(recipe, number, id=f"{recipe.name}-{number}")
        for recipe in RECIPES
        for kind, text in blocks(recipe)
        if kind == "diff"
        for number in range(len(parts(text)))
    ],
)
def test_a_recipe_without_one_of_its_parts_is_refused(recipe: Recipe, without: int, tree: Path) -> None:
    follow(recipe, tree, without=without)
    planned = run(tree, "ops", "plan", recipe.stack)
    assert planned.returncode == 1, planned.stdout
    assert "Traceback" not in planned.stderr
    assert re.search(recipe.about, planned.stderr), planned.stderr
    assert "→" in planned.stderr, "and says what to do"
