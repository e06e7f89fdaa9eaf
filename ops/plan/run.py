"""Runs the real program for a stack, as an update and as a first preview, and gathers what it makes."""

import ast
import os
import runpy
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, cast

import yaml
from pulumi import RunError

from catalogue.model.problem import Problem, listed, nearest
from components.settings import Stack, load
from components.settings.secrets import SECRETS
from ops.cost.bill import Bill
from ops.faults import ROOT, place
from ops.plan.documents import Files, files, is_manifest
from ops.plan.recorder import Program, Recording, record
from ops.plan.stackfile import Configuration, StackFileError, read, stand_in
from ops.shown.document import to_json

# What providers would answer with.
_MADE = {
    "pagerduty:index/serviceIntegration:ServiceIntegration": {"integrationKey": stand_in("integrationKey")},
    "random:index/randomPassword:RandomPassword": {"result": stand_in("randomPassword")},
}


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
    bill: Bill
    """What a month of it costs."""


def stacks(root: Path = ROOT) -> list[str]:
    """Names of the stacks that have a file."""
    return sorted(path.name.split(".")[1] for path in root.glob("Pulumi.*.yaml"))


def plan(stack: str, *, root: Path = ROOT, require_secrets: bool = False, previewed: bool = False) -> Plan:
    """Plans the stack, as an update. Raises UnknownStackError, or RefusedError with everything that is wrong.

    With `previewed` it is run as a first preview too, in which what does not exist yet is unknown: in a process of its
    own, beside the update.
    """
    project, config = _configuration(root, stack, require_secrets=require_secrets)

    ran = dict[str, Any]()

    def program() -> None:
        ran.update(runpy.run_path(str(root / "__main__.py"), run_name="__main__"))

    def run(*, preview: bool) -> Recording:
        return _recorded(program, root, project, stack, config, preview=preview)

    if previewed:
        _load(root / "__main__.py")
    other = _fork() if previewed else None
    if other == 0:
        _end_after(run)
    try:
        recording = run(preview=False)
    finally:
        went_well = other is not None and os.waitpid(other, 0)[1] == 0
    if previewed and not went_well:
        # Here it can say why.
        run(preview=True)
    # Facts that contradict each other are told by the program itself, which is the first to load them.
    from ops.cost.tables import bill, monthly

    manifests = [each.inputs for each in recording.resources.values() if is_manifest(each)]
    costs = bill(stack, cast("Stack", ran["stack"]), manifests)
    made = files(recording) | {"cost/month.json": to_json(monthly(costs))}
    _refuse_leaks(made, config)
    return Plan(stack=stack, recording=recording, files=made, bill=costs)


def _load(program: Path) -> None:
    """Imports once, for both processes, what the program will. What fails then fails again where it can be told."""
    with suppress(Exception):
        for each in ast.parse(program.read_text(encoding="utf-8")).body:
            if isinstance(each, ast.ImportFrom) and each.module:
                for name in each.names:
                    if not hasattr(import_module(each.module), name.name):
                        import_module(f"{each.module}.{name.name}")


def _fork() -> int | None:
    """0 in the new process, its id in the old one. None where a process cannot be copied safely, or not now."""
    if sys.platform != "linux":
        return None
    try:
        return os.fork()
    except OSError:
        return None


def _end_after(run: Callable[..., Recording]) -> NoReturn:
    """Ends the process with whether the first preview went well, and leaves its parent's files alone."""
    try:
        run(preview=True)
    except BaseException:  # noqa: BLE001 its parent runs it again, and tells
        os._exit(1)
    os._exit(0)


def settings_of(stack: str, *, root: Path = ROOT) -> Stack:
    """What the stack says about itself, without planning it. Raises as `plan` does."""
    project, config = _configuration(root, stack, require_secrets=False)
    loaded = list[Stack]()

    def program() -> None:
        # Facts that contradict each other are refused as they are loaded, and told like any other fault.
        from alerts.library import LIBRARY
        from catalogue import CATALOGUE

        loaded.append(load(CATALOGUE, LIBRARY))

    _recorded(program, root, project, stack, config, preview=True)
    return loaded[0]


def _configuration(root: Path, stack: str, *, require_secrets: bool) -> tuple[str, Configuration]:
    """Name of the project, and the stack's settings as they are written."""
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
    return project, config


def _recorded(
    run: Callable[[], object], root: Path, project: str, stack: str, config: Configuration, *, preview: bool
) -> Recording:
    program = Program(
        run=run,
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
    problem = Problem(place(error, root), f"{type(error).__name__}: {error}", "run again with --debug for more")
    return _refusal("the program", problem)


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
