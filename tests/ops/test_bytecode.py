"""Generated SDKs that are compiled to load quickly are the same SDKs."""

import inspect
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pulumi_kubernetes.rbac.v1 as sdk
import pytest
from pulumi import _types

from ops.plan.bytecode import Compiled, compiled

_TELL = "import sdk.part as part; print(part.made.__annotations__, part.made.__doc__)"


def told(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-E", "-c", _TELL], cwd=folder, capture_output=True, text=True, check=False)


def test_annotations_wait_until_the_source_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    part = tmp_path / "sdk" / "part.py"
    part.parent.mkdir()
    part.write_text('def made(size: Absent) -> None:\n    "Long words."\n', encoding="utf-8")
    assert "Absent" in told(tmp_path).stderr
    compiled(part.parent)
    assert told(tmp_path).stdout == "{'size': 'Absent', 'return': 'None'} None\n"
    part.write_text('def made(size: int) -> None:\n    "Long words."\n', encoding="utf-8")
    assert told(tmp_path).stdout == "{'size': <class 'int'>, 'return': None} Long words.\n"


def executed(code: Any) -> dict[str, type]:
    """The classes that Pulumi would send, by name."""
    module = ModuleType(f"{sdk.__name__}._inputs")
    module.__package__ = sdk.__name__
    exec(code, vars(module))  # noqa: S102 what an import does
    return {name: kind for name, kind in vars(module).items() if inspect.isclass(kind) and _types.is_input_type(kind)}


def test_pulumi_reads_the_same_types() -> None:
    path = Path(sdk.__file__ or "").with_name("_inputs.py")
    at_once = executed(compile(path.read_bytes(), path, "exec", dont_inherit=True))
    later = executed(Compiled("sdk", str(path)).source_to_code(path.read_bytes(), path))
    assert at_once
    assert {name: types(kind) for name, kind in later.items()} == {name: types(kind) for name, kind in at_once.items()}


def types(kind: type) -> tuple[object, object]:
    """What each property is, and what it is called on the wire."""
    return str(_types.input_type_types(kind)), _types.input_type_py_to_pulumi_names(kind)
