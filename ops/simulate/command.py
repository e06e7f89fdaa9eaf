"""The command lines of simulations. What they run is imported when they run."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ops.shown.arguments import STATUS

if TYPE_CHECKING:
    from rich.console import Console


def simulations(simulate: argparse.ArgumentParser) -> None:
    """Adds each of them."""
    kinds = simulate.add_subparsers(dest="what", metavar="WHAT", required=True)
    hpa = kinds.add_parser(
        "hpa",
        help="the API's autoscaler, under each engine",
        description="How many pods there are and what they answer, second by second, for each shape of traffic.",
        epilog=STATUS,
    )
    hpa.add_argument("stack", nargs="?", default="prod", help="whose settings (default: prod)")
    hpa.add_argument("--load", type=_load, metavar="N", help="requests a second of each pod, in place of the stack's")
    hpa.set_defaults(run=_simulate_hpa, debug=False)
    slo = kinds.add_parser(
        "slo",
        help="which burn-rate alerts an outage fires, and when, beside others' published windows",
        description="With --fails and --for: every alert of that outage. Without: many outages in one table.",
        epilog=STATUS,
    )
    slo.add_argument("--fails", metavar="SHARE", help="share of requests that fail, such as 5%% or 0.05")
    slo.add_argument("--for", dest="lasts", metavar="TIME", help="how long, such as 45m or 6h")
    slo.add_argument("--traffic", default="day", metavar="SHAPE", help="steady, day, night or quiet (default: day)")
    slo.add_argument("--objective", default="availability", metavar="NAME", help="whose budget (default: availability)")
    slo.set_defaults(run=_simulate_slo, debug=False, stack="outages")


def _load(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of requests: write 1 or more")
    return int(text)


def _simulate_hpa(chosen: argparse.Namespace) -> "Callable[[Console], None]":
    from ops.plan.run import settings_of
    from ops.simulate.report import runs
    from ops.simulate.screen import show

    targets = settings_of(chosen.stack).settings.autoscaling.targets
    made = runs(replace(targets, load=chosen.load or targets.load))
    return lambda screen: show(chosen.stack, made, screen)


def _simulate_slo(chosen: argparse.Namespace) -> "Callable[[Console], None]":
    from ops.simulate.slo.asked import asked, objective
    from ops.simulate.slo.report import outages, tell
    from ops.simulate.slo.screen import show_many, show_one

    slo = objective(chosen.objective)
    if chosen.fails is None and chosen.lasts is None:
        many = [tell(outage, slo) for outage in outages()]
        return lambda screen: show_many(many, screen)
    one = tell(asked(chosen.fails, chosen.lasts, chosen.traffic), slo)
    return lambda screen: show_one(one, screen)
