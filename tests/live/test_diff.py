"""`python -m ops diff` in real repositories: two commits, planned each by its own code."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ops.test_plan import PARTS, ROOT
from tests.support.command import started

IDENTITY = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *IDENTITY, *arguments], cwd=repository, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The program in a repository of its own, with one commit on main, and a branch checked out."""
    there = tmp_path / "repository"
    there.mkdir()
    for part in (*PARTS, "requirements.txt"):
        source = ROOT / part
        if source.is_dir():
            # With what is compiled already.
            shutil.copytree(source, there / part)
        else:
            shutil.copy(source, there / part)
    (there / ".gitignore").write_text("__pycache__/\n", encoding="utf-8")
    git(there, "init", "--quiet", "--initial-branch", "main")
    git(there, "add", ".")
    git(there, "commit", "--quiet", "--message", "base")
    git(there, "switch", "--quiet", "--create", "branch")
    return there


def edit(repository: Path, file: str, *replaced: tuple[str, str]) -> None:
    path = repository / file
    text = path.read_text(encoding="utf-8")
    for old, new in replaced:
        assert old in text, f"{file} has no {old}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_a_rename_in_the_code_changes_nothing(repository: Path) -> None:
    edit(repository, "alerts/library/api.py", ("_API", "_GATEWAY"))
    edit(repository, "components/metrics.py", ("child", "below"))
    git(repository, "commit", "--quiet", "--all", "--message", "rename")
    verdict = started("diff", "dev", "--base", "main", cwd=repository)
    assert verdict.status == 0, verdict.out + verdict.err
    assert verdict.out.endswith(": nothing changes\n")
    assert git(repository, "status", "--porcelain") == ""
    assert git(repository, "worktree", "list").count("\n") == 1


def test_a_change_is_told_and_has_a_status_of_its_own(repository: Path) -> None:
    edit(
        repository,
        "Pulumi.prod.yaml",
        ("openpolicy:alerts: {}", "openpolicy:alerts: {HighErrorRate: {threshold: 0.05, for: 10m}}"),
        ("retention: 45d", "retention: 40d"),
    )
    git(repository, "commit", "--quiet", "--all", "--message", "change")
    # What others did since is not this branch's change; what is not committed yet is.
    git(repository, "switch", "--quiet", "main")
    edit(repository, "Pulumi.prod.yaml", ("replicas: 3", "replicas: 5"))
    git(repository, "commit", "--quiet", "--all", "--message", "theirs")
    git(repository, "switch", "--quiet", "branch")
    edit(repository, "Pulumi.prod.yaml", ("platform-3@openpolicy.ca", "platform-9@openpolicy.ca"))
    verdict = started("diff", "prod", "--base", "main", "--format", "json", cwd=repository)
    assert verdict.status == 3, verdict.err
    told = json.loads(verdict.out)
    sections = {each["title"]: each["changes"] for each in told["sections"]}
    assert sections["Alerts"] == [
        {
            "name": "HighErrorRate",
            "kind": "changed",
            "differences": [
                {"label": "threshold", "old": "above 10 %", "new": "above 5 %"},
                {"label": "duration", "old": "for 5m", "new": "for 10m"},
            ],
        }
    ]
    assert told["warnings"] == ["Prometheus openpolicy: kept for 45d → 40d: what is beyond that is deleted for good"]
    assert {each["name"] for each in sections["On call"]} >= {"member platform-3@openpolicy.ca"}
    assert not [each for each in sections["Resources"] if each["name"].startswith("Alertmanager ")]


def test_a_commit_that_is_not_there_is_wrong_usage(repository: Path) -> None:
    verdict = started("diff", "dev", "--base", "nowhere", cwd=repository)
    assert verdict.status == 2
    assert verdict.err.strip() == "there is no commit nowhere: fetch it, or name another with --base"


def test_a_history_without_a_common_commit_is_wrong_usage(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--orphan", "other")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "alone")
    git(repository, "switch", "--quiet", "branch")
    verdict = started("diff", "dev", "--base", "other", cwd=repository)
    assert verdict.status == 2
    assert "no commit in common: fetch the whole history" in verdict.err


def test_a_stack_that_neither_has_is_wrong_usage(repository: Path) -> None:
    verdict = started("diff", "staging", "--base", "main", cwd=repository)
    assert verdict.status == 2
    assert "there is no stack staging, neither here nor at main" in verdict.err


def test_a_new_stack_is_all_new(repository: Path) -> None:
    shutil.copy(repository / "Pulumi.dev.yaml", repository / "Pulumi.trial.yaml")
    verdict = started("diff", "trial", "--base", "main", "--format", "markdown", cwd=repository)
    assert verdict.status == 3, verdict.err
    assert verdict.out.startswith("### trial: alerts: ")
    assert "removed" not in verdict.out.partition("<details>")[0]
    assert "WARNING" not in verdict.out


def test_a_base_that_cannot_be_planned_is_refused_with_its_own_words(repository: Path) -> None:
    git(repository, "switch", "--quiet", "main")
    whole = (repository / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    (repository / "Pulumi.dev.yaml").write_text("config: {}\n", encoding="utf-8")
    git(repository, "commit", "--quiet", "--all", "--message", "broken")
    (repository / "Pulumi.dev.yaml").write_text(whole, encoding="utf-8")
    verdict = started("diff", "dev", "--base", "main", cwd=repository)
    assert verdict.status == 1
    assert verdict.err.startswith("main cannot be planned:\n\nThis stack is refused")
    assert "openpolicy:tracing\n    is missing" in verdict.err
    assert git(repository, "worktree", "list").count("\n") == 1


def test_a_base_that_names_other_packages_gets_its_own(repository: Path) -> None:
    git(repository, "switch", "--quiet", "main")
    needs = (repository / "requirements.txt").read_text(encoding="utf-8")
    (repository / "requirements.txt").write_text("# none\n", encoding="utf-8")
    git(repository, "commit", "--quiet", "--all", "--message", "without packages")
    (repository / "requirements.txt").write_text(needs, encoding="utf-8")
    verdict = started("diff", "dev", "--base", "main", cwd=repository)
    assert verdict.status == 1
    assert "main cannot be planned" in verdict.err
    assert "No module named 'rich'" in verdict.err
