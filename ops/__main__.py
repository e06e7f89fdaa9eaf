"""The command line: `python -m ops`."""

# Imports make many objects and no garbage: not looking for any takes a third off the start.
import gc

gc.disable()

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PLANNED, REFUSED, WRONG_USAGE = 0, 1, 2

_EXAMPLES = """\
examples:
  python -m ops plan prod                     plan production under out/prod
  python -m ops plan dev --out /tmp/plans     under another folder
  python -m ops plan prod --require-secrets   refuse, as an update would, where a secret is missing

exit status: 0 planned, 1 refused, 2 wrong usage
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m ops",
        description="What people run.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EXAMPLES,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    plan = commands.add_parser(
        "plan",
        help="plan a stack offline and write its documents",
        description="Runs the program without an engine, an account, a cluster or a network, and writes every "
        "document that it makes. Missing secrets get recognisable stand-ins.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EXAMPLES,
    )
    plan.add_argument("stack", help="name of the stack, as in Pulumi.<stack>.yaml")
    plan.add_argument("--out", type=Path, default=Path("out"), help="folder of all plans (default: out)")
    plan.add_argument("--require-secrets", action="store_true", help="refuse where a secret is missing")
    plan.add_argument("--debug", action="store_true", help="show where in the program a fault was raised")
    return _plan(parser.parse_args(arguments))


def _plan(chosen: argparse.Namespace) -> int:
    from rich.console import Console

    started = time.monotonic()
    errors, screen = Console(stderr=True, highlight=False, emoji=False), Console(highlight=False, emoji=False)
    if not screen.is_terminal:
        # A pipe has no width, and cutting lines would lose what a script looks for.
        screen.width = 1_000
    with errors.status(f"planning {chosen.stack}"):
        # Pulumi's SDKs take most of the time, and `--help` needs none of them.
        from ops.plan.folder import replace_folder
        from ops.plan.run import RefusedError, UnknownStackError, plan

        gc.freeze()
        try:
            planned = plan(chosen.stack, require_secrets=chosen.require_secrets)
        except UnknownStackError as error:
            errors.print(str(error), style="red")
            return WRONG_USAGE
        except RefusedError as error:
            if chosen.debug and error.__cause__:
                raise
            errors.print(str(error), style="red", soft_wrap=True, markup=False)
            return REFUSED
        folder = chosen.out / chosen.stack
        replace_folder(folder, planned.files)
    from ops.plan.screen import show

    show(planned, str(folder), time.monotonic() - started, screen)
    return PLANNED


if __name__ == "__main__":
    sys.exit(main())
