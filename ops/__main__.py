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

from ops.shown.console import DONE, REFUSED, WRONG_USAGE, consoles
from ops.simulate.command import simulations

if TYPE_CHECKING:
    from rich.console import Console

DIFFERS = 3

_EXAMPLES = """\
examples:
  python -m ops plan prod                     plan production under out/prod
  python -m ops plan dev --out /tmp/plans     under another folder
  python -m ops plan prod --require-secrets   refuse, as an update would, where a secret is missing
  python -m ops diff prod --base main         what this branch changes for production's people
  python -m ops cost prod                     what production costs in a month
  python -m ops cost dev --compare prod       both, part by part
  python -m ops report weekly --help          the review of the last week, from Prometheus and Alertmanager
  python -m ops sbom prod --out sbom.json     what production is made of: images and packages
  python -m ops simulate hpa                  how production grows and shrinks with its traffic
  python -m ops simulate slo --fails 5% --for 45m   which alerts that outage fires, and when
  python -m ops traces slow --help            which traces are slow, and where their time goes
  python -m ops incident --help               one timeline of alerts, metrics, logs and traces

exit status: 0 done, 1 refused, 2 wrong usage; of diff, 3 where something changes
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
    plan.add_argument("--out", type=Path, default=Path("out"), help="folder of all plans (default: out)")
    plan.add_argument("--require-secrets", action="store_true", help="refuse where a secret is missing")
    plan.set_defaults(run=_plan)
    diff = commands.add_parser(
        "diff",
        help="say in words what a change does for people",
        description="Plans the stack as it is here, and as it was where this branch left REF, and says what differs: "
        "alerts, who is told, what is kept, dashboards, targets, tests, resources, cost.",
        epilog="exit status: 0 nothing changes, 3 something does, 1 refused, 2 wrong usage",
    )
    diff.add_argument("--base", default="origin/main", metavar="REF", help="compare with it (default: origin/main)")
    diff.add_argument("--format", choices=["screen", "markdown", "json"], default="screen", help="(default: screen)")
    diff.set_defaults(run=_diff)
    cost = commands.add_parser(
        "cost",
        help="show what a stack costs in a month",
        description="Multiplies what the stack's settings and planned objects ask for by unit prices, which are those "
        "of catalogue/prices.py or of the stack's own settings. Every number is a quantity times a price.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EXAMPLES,
    )
    cost.add_argument("--compare", metavar="STACK", help="show another stack beside it, part by part")
    cost.add_argument("--format", choices=["screen", "markdown", "json"], default="screen", help="(default: screen)")
    cost.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")
    cost.set_defaults(run=_cost)
    sbom = commands.add_parser(
        "sbom", help="list the images that a stack runs and the packages that deploy it, as CycloneDX 1.6"
    )
    sbom.add_argument("--out", type=Path, metavar="FILE", help="write it there (default: to the standard output)")
    sbom.set_defaults(run=_sbom)
    simulate = commands.add_parser(
        "simulate",
        help="show what nobody wants to wait for: loads that scale the API, outages that page",
        description="Runs the decisions of the autoscaler over shapes of traffic, and our alerts over outages.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_EXAMPLES,
    )
    simulations(simulate)
    commands.add_parser("traces", help="find slow traces, and what they waited for")
    commands.add_parser("incident", help="show what alerts, metrics, logs and traces say about a time or a request")
    commands.add_parser("report", help="write the weekly review or the monthly report")
    commands.add_parser("archive", help="archive audit lines, verify the archive, or restore a day of it")
    for command in (plan, diff, cost, sbom):
        command.add_argument("stack", help="name of the stack, as in Pulumi.<stack>.yaml")
        command.add_argument("--debug", action="store_true", help="show where in the program a fault was raised")
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Those have command lines of their own; the archive's is also that of its pod.
    if given[:1] in (["archive"], ["traces"], ["incident"], ["report"]):
        return int(import_module(f"ops.{given[0]}.__main__").main(given[1:]))
    return _run(parser.parse_args(given))


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

            errors.print(told(error), style="red", soft_wrap=True, markup=False)
            return REFUSED
        # Pulumi's SDKs take most of the time, and `--help` needs none of them.
        from ops.diff.commits import UnknownCommitError
        from ops.plan.run import RefusedError, UnknownStackError
        from ops.simulate.slo.asked import AskedError

        gc.freeze()
        try:
            show: Callable[[Console], int | None] = chosen.run(chosen)
        except (UnknownStackError, UnknownCommitError, AskedError) as error:
            errors.print(str(error), style="red", markup=False)
            return WRONG_USAGE
        except RefusedError as error:
            if chosen.debug and error.__cause__:
                raise
            errors.print(str(error), style="red", soft_wrap=True, markup=False)
            return REFUSED
    return show(screen) or DONE


def _plan(chosen: argparse.Namespace) -> "Callable[[Console], None]":
    started = time.monotonic()
    from ops.plan.folder import replace_folder
    from ops.plan.run import plan
    from ops.plan.screen import show

    planned = plan(chosen.stack, require_secrets=chosen.require_secrets, hurry=not chosen.debug)
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
    status = main()
    sys.stdout.flush()
    # Taking a program's objects apart one by one would take as long as a tenth of the plan.
    os._exit(status)
