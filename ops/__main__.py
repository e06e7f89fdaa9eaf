"""The command line: `python -m ops`."""

# Imports make many objects and no garbage: not looking for any takes a third off the start.
import gc

gc.disable()

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ops.shown.arguments import STATUS, Help, forms
from ops.shown.console import DONE, REFUSED, WRONG_USAGE, consoles, tell
from ops.simulate.command import simulations

if TYPE_CHECKING:
    from rich.console import Console

DIFFERS, INTERRUPTED = 3, 130

_EXAMPLES = """\
plan prod                     plan production under out/prod
plan dev --out /tmp/plans     under another folder
plan prod --require-secrets   refuse, as an update would, where a secret is missing
diff prod --base main         what this branch changes for production's people
cost prod                     what production costs in a month
cost dev --compare prod       both, part by part
report weekly --help          the review of the last week, from Prometheus and Alertmanager
sbom prod --out sbom.json     what production is made of: images and packages
simulate hpa                  how production grows and shrinks with its traffic
simulate slo --fails 5% --for 45m   which alerts that outage fires, and when
traces slow --help            which traces are slow, and where their time goes
incident --help               one timeline of alerts, metrics, logs and traces
archive verify                whether a line of the archive is missing, doubled or changed
"""

# They have command lines of their own; the archive's is also that of its pod.
_OTHERS = {
    "traces": "find slow traces, and what they waited for",
    "incident": "show what alerts, metrics, logs and traces say about a time or a request",
    "report": "write the weekly review or the monthly report",
    "archive": "archive audit lines, verify the archive, or restore a day of it",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m ops",
        description="What people run.",
        formatter_class=Help,
        epilog=f"{_examples('')}\n\n{STATUS}; of diff, 3 where something changes",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    plan = _command(
        commands.add_parser,
        "plan",
        "plan a stack offline and write its documents",
        "Runs the program without an engine, an account, a cluster or a network, and writes every document that it "
        "makes. Missing secrets get recognisable stand-ins.",
    )
    plan.add_argument("--out", type=Path, default=Path("out"), help="folder of all plans (default: out)")
    plan.add_argument("--require-secrets", action="store_true", help="refuse where a secret is missing")
    plan.set_defaults(run=_plan)
    diff = _command(
        commands.add_parser,
        "diff",
        "say in words what a change does for people",
        "Plans the stack as it is here, and as it was where this branch left REF, and says what differs: alerts, who "
        "is told, what is kept, dashboards, targets, tests, resources, cost.",
        status="exit status: 0 nothing changes, 3 something does, 1 refused, 2 wrong usage",
    )
    diff.add_argument("--base", default="origin/main", metavar="REF", help="compare with it (default: origin/main)")
    diff.set_defaults(run=_diff)
    cost = _command(
        commands.add_parser,
        "cost",
        "show what a stack costs in a month",
        "Multiplies what the stack's settings and planned objects ask for by unit prices, which are those of "
        "catalogue/prices.py or of the stack's own settings. Every number is a quantity times a price.",
    )
    cost.add_argument("--compare", metavar="STACK", help="show another stack beside it, part by part")
    cost.set_defaults(run=_cost)
    for command in (diff, cost):
        forms(command)
    sbom = _command(
        commands.add_parser,
        "sbom",
        "list the images that a stack runs and the packages that deploy it, as CycloneDX 1.6",
        "Images are those of the plan, packages those of requirements.txt.",
    )
    sbom.add_argument("--out", type=Path, metavar="FILE", help="write it there (default: to the standard output)")
    sbom.set_defaults(run=_sbom)
    simulations(
        _command(
            commands.add_parser,
            "simulate",
            "show what nobody wants to wait for: loads that scale the API, outages that page",
            "Runs the decisions of the autoscaler over shapes of traffic, and our alerts over outages.",
        )
    )
    for name, what in _OTHERS.items():
        commands.add_parser(name, help=what)
    for command in (plan, diff, cost, sbom):
        command.add_argument("stack", help="name of the stack, as in Pulumi.<stack>.yaml")
        command.add_argument("--debug", action="store_true", help="show where in the program a fault was raised")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] and given[0] in _OTHERS:
        return int(import_module(f"ops.{given[0]}.__main__").main(given[1:]))
    return _run(parser.parse_args(given))


def _command(
    add: Callable[..., argparse.ArgumentParser], name: str, what: str, description: str, status: str = STATUS
) -> argparse.ArgumentParser:
    return add(
        name,
        help=what,
        description=description,
        formatter_class=Help,
        epilog=f"{_examples(name)}\n\n{status}",
    )


def _examples(command: str) -> str:
    """Those of one command, or all."""
    found = [f"  python -m ops {line}" for line in _EXAMPLES.splitlines() if line.startswith(command)]
    return "\n".join(["examples:", *found])


def _run(chosen: argparse.Namespace) -> int:
    errors, screen = consoles()
    with errors.status(f"{chosen.command}: {chosen.stack}"):
        try:
            # What everything reads: where a fact is wrong, nothing else can be imported.
            import_module("catalogue")
        except Exception as error:
            if chosen.debug:
                raise
            from ops.faults import told

            tell(errors, told(error))
            return REFUSED
        # Pulumi's SDKs take most of the time, and `--help` needs none of them.
        from ops.diff.commits import UnknownCommitError
        from ops.plan.run import RefusedError, UnknownStackError
        from ops.simulate.slo.asked import AskedError

        gc.freeze()
        try:
            show: Callable[[Console], int | None] = chosen.run(chosen)
        except (UnknownStackError, UnknownCommitError, AskedError) as error:
            tell(errors, str(error))
            return WRONG_USAGE
        except RefusedError as error:
            if chosen.debug and error.__cause__:
                raise
            tell(errors, str(error))
            return REFUSED
        except OSError as error:
            if chosen.debug:
                raise
            tell(errors, f"{error.filename}: {error.strerror}")
            return REFUSED
    return show(screen) or DONE


def _plan(chosen: argparse.Namespace) -> "Callable[[Console], None]":
    started = time.monotonic()
    from ops.plan.folder import replace_folder
    from ops.plan.run import plan
    from ops.plan.screen import show

    planned = plan(chosen.stack, require_secrets=chosen.require_secrets, previewed=True)
    folder = chosen.out / chosen.stack
    replace_folder(folder, planned.files)
    return lambda screen: show(planned, str(folder), time.monotonic() - started, screen)


def _diff(chosen: argparse.Namespace) -> "Callable[[Console], int]":
    from ops.diff.compared import compared
    from ops.diff.screen import show

    made = compared(chosen.stack, chosen.base)
    return lambda screen: show(made, chosen.format, screen) or (DIFFERS if made.differs else DONE)


def _cost(chosen: argparse.Namespace) -> "Callable[[Console], None]":
    from ops.cost.shown import shown
    from ops.plan.run import plan

    bills = [plan(stack).bill for stack in (chosen.stack, chosen.compare) if stack]
    return lambda screen: shown(bills, chosen.format, datetime.now(tz=UTC).date(), screen)


def _sbom(chosen: argparse.Namespace) -> "Callable[[Console], None]":
    from ops.sbom.command import written

    made = written(chosen.stack, chosen.out)
    return lambda screen: screen.print(made, end="", soft_wrap=True, markup=False)


if __name__ == "__main__":
    try:
        status = main()
    except KeyboardInterrupt:
        status = INTERRUPTED
    sys.stdout.flush()
    # Taking a program's objects apart one by one would take as long as a tenth of the plan.
    os._exit(status)
