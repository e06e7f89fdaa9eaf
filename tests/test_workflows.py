"""The workflows: accepted by the real linter, pinned, and unable to write with somebody else's code."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.tools import run

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.yaml"))
FILES = [*WORKFLOWS, *sorted(FOLDER.glob("actions/*/action.yaml"))]
# Others lint shell and Python, and are not on every machine.
ALONE = ("-shellcheck=", "-pyflakes=")


def read(name: str) -> dict[str, Any]:
    return yaml.load((FOLDER / "workflows" / f"{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in WORKFLOWS:
        for name, job in read(path.stem)["jobs"].items():
            yield f"{path.stem}: {name}", job


def test_the_linter_accepts_them() -> None:
    verdict = run("actionlint", *ALONE, *WORKFLOWS, cwd=ROOT)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("needs: diff", "needs: dif", 'needs job "dif" which does not exist'),
        ("backend: ${{ vars", "backends: ${{ vars", 'input "backends" is not defined in action "pulumi"'),
        ("pull-requests: write", "pull-request: write", 'unknown permission scope "pull-request"'),
    ],
)
def test_the_linter_finds_a_slip(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = (FOLDER / "workflows" / "pull-request.yaml").read_text(encoding="utf-8")
    assert old in text
    # Where a repository's workflows are, for it looks for local actions from there.
    (tmp_path / ".git").mkdir()
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "actions").symlink_to(FOLDER / "actions")
    there = tmp_path / ".github" / "workflows"
    there.mkdir()
    (there / "check.yaml").write_bytes((FOLDER / "workflows" / "check.yaml").read_bytes())
    (there / "slip.yaml").write_text(text.replace(old, new), encoding="utf-8")
    verdict = run("actionlint", *ALONE, there / "slip.yaml", cwd=tmp_path)
    assert verdict.returncode == 1
    assert complaint in verdict.stdout


def test_what_is_not_ours_is_pinned_to_one_commit() -> None:
    used = [
        found
        for path in FILES
        for found in re.findall(r"uses: (?!\./)(\S+)@(\S+)( # v\d+\.\d+\.\d+)?", path.read_text(encoding="utf-8"))
    ]
    assert used
    assert all(re.fullmatch(r"[0-9a-f]{40}", commit) and version for _, commit, version in used), used
    assert len({name for name, _, _ in used}) == len(set(used)), "one action in two versions"


def test_the_command_line_is_as_new_as_the_sdk() -> None:
    needs = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = re.search(r"^pulumi==(\S+)$", needs, re.MULTILINE)
    used = re.search(r"pulumi-version: (\S+)$", (FOLDER / "actions/pulumi/action.yaml").read_text(), re.MULTILINE)
    assert pinned is not None
    assert used is not None
    assert used[1] == pinned[1]


def test_by_default_nothing_may_write() -> None:
    assert [path.name for path in WORKFLOWS if read(path.stem)["permissions"] != {"contents": "read"}] == []


def test_what_may_write_runs_nothing_of_the_repository_and_has_no_credentials() -> None:
    writing = {name: job for name, job in jobs() if "write" in str(job.get("permissions", ""))}
    assert set(writing) == {"pull-request: comment", "drift: tell"}
    for name, job in writing.items():
        used = [step.get("uses", "") for step in job["steps"]]
        assert not [each for each in used if "checkout" in each or each.startswith("./")], name
        assert "secrets." not in str(job), name


def test_nothing_of_an_event_is_pasted_into_a_shell() -> None:
    shells = [step["run"] for _, job in jobs() for step in job.get("steps", []) if "run" in step]
    assert shells
    assert [text for text in shells if "${{" in text] == []


def test_what_has_credentials_runs_no_fork_s_code() -> None:
    for name, job in jobs():
        if name.startswith("pull-request") and "secrets." in str(job):
            assert "github.event.pull_request.head.repo.full_name == github.repository" in job["if"], name


@pytest.mark.parametrize(("stack", "before"), [("dev", "check"), ("prod", "dev")])
def test_an_update_keeps_to_the_plan_that_was_approved(stack: str, before: str) -> None:
    deploy = read("deploy")["jobs"]
    preview, update = deploy[f"preview-{stack}"], deploy[stack]
    assert (preview["needs"], update["needs"]) == (before, f"preview-{stack}")
    # An approval is a rule of the environment, so the update has one of its own.
    assert (preview["environment"], update["environment"]) == (f"preview-{stack}", stack)
    commands = [job["steps"][-1 if job is update else -2]["with"] for job in (preview, update)]
    assert [(each["command"], each["stack"], each["plan"]) for each in commands] == [
        ("preview", stack, "plan.json"),
        ("up", stack, "plan.json"),
    ]


# Stands in for GitHub's own command: writes down what it was asked for, and answers what ANSWER says.
_GH = """#!/bin/sh
printf '%s\\n' "$*" | tr '\\n' ' ' >> "$LOG"
echo >> "$LOG"
case "$*" in *paginate*|*'issue list'*) printf '%s' "$ANSWER" ;; esac
"""


def asked(tmp_path: Path, workflow: str, job: str, **environment: str) -> list[str]:
    """What the job's script asks of GitHub, but for its first question."""
    (tmp_path / "gh").write_text(_GH, encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    log = tmp_path / "log"
    script = read(workflow)["jobs"][job]["steps"][-1]["run"]
    environment |= {"PATH": f"{tmp_path}:{os.environ['PATH']}", "LOG": str(log)}
    subprocess.run(["bash", "-eo", "pipefail", "-c", script], env=environment, cwd=tmp_path, check=True)
    return log.read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize(
    ("answer", "request_"),
    [
        ("", "api --method POST repos/o/r/issues/7/comments --field body=@comment.md --silent "),
        ("12\n34\n", "api --method PATCH repos/o/r/issues/comments/12 --field body=@comment.md --silent "),
    ],
)
def test_there_is_one_comment_and_it_is_written_anew(tmp_path: Path, answer: str, request_: str) -> None:
    made = asked(tmp_path, "pull-request", "comment", ANSWER=answer, REPOSITORY="o/r", NUMBER="7")
    assert made == [request_]


def test_the_comment_is_found_by_the_mark_that_it_begins_with() -> None:
    workflow = read("pull-request")["jobs"]
    mark = "<!-- what changes for people -->"
    assert f"echo '{mark}' > comment.md" in workflow["diff"]["steps"][-2]["run"]
    assert f'startswith("{mark}")' in workflow["comment"]["steps"][-1]["run"]


@pytest.mark.parametrize(
    ("result", "answer", "request_"),
    [
        ("failure", "", "issue create --title What runs is not what the program says"),
        ("failure", "5", "issue comment 5 --body A preview that expects no changes failed"),
        ("success", "5", "issue close 5 --comment All stacks are as the program says"),
        ("success", "", None),
    ],
)
def test_drift_opens_one_issue_and_closes_it(tmp_path: Path, result: str, answer: str, request_: str | None) -> None:
    made = asked(tmp_path, "drift", "tell", RESULT=result, ANSWER=answer, RUN="https://run")
    assert len(made) == (1 if request_ else 0)
    assert not request_ or made[0].startswith(request_)
