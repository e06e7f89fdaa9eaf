"""Compiles generated SDKs so that they load in half the time: `python -m ops.plan.bytecode`, once after pip.

Python 3.11 works out each annotation as it defines a function, and theirs are there for editors. Compiled as Python
3.14 would, they are worked out where somebody asks. Their docstrings, most of the bytes, are left out. What is written
is Python's own cache of them, and stands until pip installs others.
"""

import __future__

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import cache_from_source
from pathlib import Path
from sysconfig import get_path
from types import CodeType
from typing import Any

# Those that a plan loads. Datadog's, which none does, keeps the docstrings in which it lists what a value may be.
_GENERATED = ("grafana_foundation_sdk", "pulumi_kubernetes", "pulumi_pagerduty", "pulumi_random", "pulumi_tls")
_WITHOUT_DOCSTRINGS = 2


class Compiled(SourceFileLoader):
    """A module whose annotations wait."""

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:
        """What Python runs, and keeps beside the source."""
        later = __future__.annotations.compiler_flag
        return compile(data, path, "exec", flags=later, dont_inherit=True, optimize=_WITHOUT_DOCSTRINGS)


def compiled(package: Path) -> None:
    """Compiles every module of the package, in place of what pip made of it."""
    for source in package.rglob("*.py"):
        Path(cache_from_source(str(source))).unlink(missing_ok=True)
        Compiled(source.stem, str(source)).get_code(source.stem)


def main() -> None:
    """Compiles those that are installed beside this Python."""
    # Some machines are told to keep none, and this is the place to keep it.
    sys.dont_write_bytecode = False
    for name in _GENERATED:
        compiled(Path(get_path("purelib"), name))


if __name__ == "__main__":
    main()
