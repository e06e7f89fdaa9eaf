"""Runs the real program for a stack, as a first preview and as an update, and gathers what it makes."""

import runpy
import traceback
from dataclasses import dataclass
from pathlib import Path

import yaml
from pulumi import RunError

from catalogue.model.problem import Problem, listed, nearest
from components.settings.secrets import SECRETS
from ops.plan.documents import Files, files
from ops.plan.recorder import Program, Recording, record
from ops.plan.stackfile import Configuration, StackFileError, read, stand_in

ROOT = Path(__file__).parent.parent.parent
"""Of the checkout."""

# What PagerDuty would answer with.
_MADE = {"pagerduty:index/serviceIntegration:ServiceIntegration": {"integrationKey": stand_in("integrationKey")}}


class RefusedError(Exception):
    """The stack cannot be planned, and its owner can mend it. The text is for people."""


class UnknownStackError(Exception):
    """There is no such stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an update of the stack would register, and its documents."""

    stack: str
    recording: Recording
    files: Files


def stacks(root: Path = ROOT) -> list[str]:
    """Names of the stacks that have a file."""
    return sorted(path.name.split(".")[1] for path in root.glob("Pulumi.*.yaml"))


def plan(stack: str, *, root: Path = ROOT, require_secrets: bool = False) -> Plan:
    """Plans the stack. Raises UnknownStackError, or RefusedError with everything that is wrong."""
    path = root / f"Pulumi.{stack}.yaml"
    if stack not in stacks(root):
        raise UnknownStackError(
            f"there is no stack {stack}, for there is no {path.name}: {nearest(stack, stacks(root))}"
        )
    project = yaml.safe_load((root / "Pulumi.yaml").read_text(encoding="utf-8"))["name"]
    try:
        config = read(path)
    except StackFileError as error:
        raise RefusedError(_refusal(path.name, *error.problems)) from None
    if not require_secrets:
        config = config.with_stand_ins(frozenset(f"{project}:{secret.key}" for secret in SECRETS))
    _recorded(root, project, stack, config, preview=True)
    recording = _recorded(root, project, stack, config, preview=False)
    made = files(recording)
    _refuse_leaks(made, config)
    return Plan(stack=stack, recording=recording, files=made)


def _recorded(root: Path, project: str, stack: str, config: Configuration, *, preview: bool) -> Recording:
    program = Program(
        run=lambda: runpy.run_path(str(root / "__main__.py"), run_name="__main__"),
        project=project,
        stack=stack,
        config=config.values,
        secret_keys=config.secret_keys,
        preview=preview,
        made=_MADE,
    )
    try:
        return record(program)
    except RunError as error:
        raise RefusedError(str(error)) from None
    except Exception as error:
        raise RefusedError(_fault(error, root)) from error


def _fault(error: BaseException, root: Path) -> str:
    """One line for what the program itself raised: facts that contradict each other, mostly."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(root) and ".venv" not in frame.filename]
    where = f"{Path(ours[-1].filename).relative_to(root)}:{ours[-1].lineno}" if ours else "the program"
    return _refusal(
        "the program", Problem(where, f"{type(error).__name__}: {error}", "run again with --debug for more")
    )


def _refusal(what: str, *problems: Problem) -> str:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return f"{what} is refused ({count}):\n\n{listed(problems)}"


def _refuse_leaks(made: Files, config: Configuration) -> None:
    """No document holds a secret. Stand-ins leak wherever the real ones would, and are easily found."""
    secrets = {stand_in(key) for key in config.secret_keys} | {
        value for each in _MADE.values() for value in each.values()
    }
    leaks = [
        Problem(path, f"the document holds the secret behind {secret}", "pass it as a secret Output, or name a file")
        for path, text in made.items()
        for secret in sorted(secrets)
        if secret in text
    ]
    if leaks:
        raise RefusedError(_refusal("the plan", *leaks))
