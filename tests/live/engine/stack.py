"""A stack of the real program under the real engine: everything of its own in one folder, nothing of the user's."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ops.plan.run import ROOT
from tests.live.engine import standin_datadog, standin_pagerduty
from tests.support.tools import tool

_PROGRAM = (
    *("__main__.py", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"),
    *("catalogue", "alerts", "dashboards", "components", "ops"),
)
PASSPHRASE = "a passphrase for tests"

Step = tuple[str, str]
"""What the engine did with a resource, such as update, and the resource's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command of the CLI did."""

    status: int
    text: str
    steps: Sequence[Step]
    """Everything that is not the same as before, in the order of the engine."""

    def did(self, what: str) -> list[str]:
        """Names of the resources that it did this with."""
        return [name for how, name in self.steps if how == what]


@dataclass(slots=True, kw_only=True)
class Stack:
    """One stack."""

    name: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def project(self) -> Path:
        """A copy of the program, whose settings the CLI writes to."""
        return self.folder / "project"

    @property
    def settings(self) -> Path:
        """The file of its settings, in the copy."""
        return self.project / f"Pulumi.{self.name}.yaml"

    @property
    def backend(self) -> Path:
        """Where the state is."""
        return self.folder / "backend"

    def command(self, *arguments: str) -> list[str]:
        """What a person types, and never has to answer."""
        return [str(self.folder / "bin" / "pulumi"), *arguments, "--stack", self.name, "--non-interactive"]

    def run(self, *arguments: str) -> Ran:
        """Runs a command and returns what it did, whatever its exit status."""
        log = self.folder / "events"
        log.unlink(missing_ok=True)
        acts = arguments[0] in ("preview", "up", "refresh", "destroy")
        # What is about to be destroyed is shown first, and refused there.
        more = {"preview": [], "destroy": ["--yes"]}.get(arguments[0], ["--yes", "--skip-preview"])
        done = subprocess.run(
            self.command(*arguments, *(["--event-log", str(log), *more] if acts else [])),
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        return Ran(status=done.returncode, text=done.stdout, steps=_steps(log) if acts else [])

    def ok(self, *arguments: str) -> Ran:
        """The same, for what has to succeed."""
        done = self.run(*arguments)
        assert done.status == 0, f"pulumi {' '.join(arguments)} ended with status {done.status}\n{done.text}"
        return done

    def state(self) -> dict[str, Any]:
        """The state, with its secrets as they are kept."""
        return json.loads(self.ok("stack", "export").text)["deployment"]

    def resources(self) -> dict[str, dict[str, Any]]:
        """What is in the state, by name."""
        return {each["urn"].rpartition("::")[2]: each for each in self.state().get("resources", [])}

    def set(self, key: str, value: str, *, kind: str = "string") -> None:
        """Changes a setting."""
        self.ok("config", "set", "--path", "--type", kind, f"openpolicy:{key}", value)

    def edit(self, path: str, old: str, new: str) -> None:
        """Changes the program. Refuses where there is nothing to change, for then the test tests nothing."""
        file = self.project / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        file.write_text(text.replace(old, new), encoding="utf-8")


def make(name: str, folder: Path, *, real: bool = True) -> Stack:
    """A stack in the folder, new or as it was left there, with the program as it is now.

    `real`: whether its Kubernetes provider is the real one, where that is on PATH.
    """
    stack = Stack(name=name, folder=folder)
    salt = _salt(stack.settings)
    shutil.rmtree(stack.project, ignore_errors=True)
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for path in (stack.project, stack.backend, folder / "home", folder / "bin"):
        path.mkdir(parents=True, exist_ok=True)
    # The real language host would make one.
    (stack.project / ".venv").symlink_to(sys.prefix)
    # The CLI keeps a full log here: with it, nine seconds of ten go by in writing down kinds.
    (folder / "home" / "logs").touch()
    for each in _PROGRAM:
        copy = shutil.copytree if (ROOT / each).is_dir() else shutil.copy
        copy(ROOT / each, stack.project / each)
    # Of the user's environment, nothing that would lead to a cluster or an account of theirs.
    stack.environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ} | {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": f"file://{stack.backend}",
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_ERROR_OUTPUT_STRING": "true",
        "PULUMI_DEBUG_COMMANDS": "true",
        "NO_COLOR": "1",
        standin_pagerduty.STORE: str(folder / "pagerduty.json"),
        standin_datadog.STORE: str(folder / "datadog.json"),
    }
    (folder / "bin" / "pulumi").symlink_to(tool("pulumi"))
    if shutil.which("pulumi-language-python") is None:
        _plugin(stack, "pulumi-language-python", "host")
    if not real or shutil.which("pulumi-resource-kubernetes") is None:
        _plugin(stack, "pulumi-resource-kubernetes", "standin_kubernetes")
    # Never the real ones: there is no account.
    for vendor in ("datadog", "pagerduty"):
        _plugin(stack, f"pulumi-resource-{vendor}", f"standin_{vendor}")
    for made in ("random", "tls"):
        if not real or shutil.which(f"pulumi-resource-{made}") is None:
            _plugin(stack, f"pulumi-resource-{made}", f"standin_made {made}")
    if salt:
        # Without it, what is in the state could not be read.
        stack.settings.write_text(stack.settings.read_text(encoding="utf-8") + salt, encoding="utf-8")
    else:
        stack.ok("stack", "init")
    return stack


def _salt(settings: Path) -> str:
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True) if settings.exists() else []
    return "".join(line for line in lines if line.startswith("encryptionsalt:"))


def _plugin(stack: Stack, name: str, module: str) -> None:
    path = stack.folder / "bin" / name
    run = f'exec {shlex.quote(sys.executable)} -P -m {__package__}.{module} "$@"'
    path.write_text(f"#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} {run}\n", encoding="utf-8")
    path.chmod(0o755)


def _steps(log: Path) -> list[Step]:
    found = dict[tuple[str, str], Step]()
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else []:
        event = json.loads(line)
        if "preludeEvent" in event:
            # What came before was the preview of what comes now.
            found.clear()
        elif done := event.get("resOutputsEvent"):
            operation, urn = done["metadata"]["op"], done["metadata"]["urn"]
            if operation not in ("same", "refresh"):
                # A component is told of twice: when it is registered, and when its outputs are.
                found[operation, urn] = (operation, urn.rpartition("::")[2])
    return [*found.values()]
