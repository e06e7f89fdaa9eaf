"""The command line of reports: `python -m ops report weekly|monthly`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ops.report.model import LENGTHS, Period
from ops.shown.arguments import Help
from ops.shown.console import DONE, REFUSED, WRONG_USAGE, consoles, tell
from ops.sources.server import ALERTMANAGER, PROMETHEUS, Kind, Server, UnreadError, server
from ops.sources.times import moment

# Of the first Prometheus.
_EARLIEST = datetime(2012, 1, 1, tzinfo=UTC)

_FORWARD = f"""\
  kubectl -n observability port-forward {PROMETHEUS.forward}
  kubectl -n observability port-forward {ALERTMANAGER.forward}"""
_HINT = f"It was asked at the stack's own link, where people sign on. Bring it here and name it by a flag:\n{_FORWARD}"
_EXAMPLES = f"""\
examples:
  python -m ops report weekly
  python -m ops report monthly --end 2026-11-01T00:00
  python -m ops report weekly dev --prometheus http://localhost:9090 --alertmanager http://localhost:9093

Where the servers are a flag says, or PROMETHEUS_URL and ALERTMANAGER_URL, or the stack's links. Those ask people to
sign on, which this does not: from a cluster,
{_FORWARD}

exit status: 0 done, 1 a server could not be read or the stack is refused, 2 wrong usage
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns the exit status."""
    now = datetime.now(UTC)
    parser = _parser(now)
    chosen = parser.parse_args(arguments)
    if not _EARLIEST < chosen.end <= now:
        parser.error(f"--end {chosen.end:%Y-%m-%dT%H:%M} is not in the past, or before there was a Prometheus")
    errors, screen = consoles()
    with errors.status(f"report: {chosen.stack}"):
        # Pulumi's SDKs take most of the time, and `--help` needs none of them.
        from ops.plan.run import RefusedError, UnknownStackError

        try:
            made = _made(chosen)
        except UnknownStackError as error:
            tell(errors, str(error))
            return WRONG_USAGE
        except (RefusedError, UnreadError, OSError) as error:
            tell(errors, str(error))
            return REFUSED
    for path in made:
        screen.print(str(path), soft_wrap=True, markup=False)
    return DONE


def _made(chosen: argparse.Namespace) -> Sequence[Path]:
    from ops.plan.run import plan, settings_of
    from ops.report.ask import Asked
    from ops.report.make import report
    from ops.report.pages import documents

    stack = settings_of(chosen.stack)
    links = stack.settings.links
    asked = Asked(
        prometheus=_server(PROMETHEUS, chosen.prometheus, links.prometheus),
        period=Period(name=chosen.period, end=chosen.end),
    )
    told = _server(ALERTMANAGER, chosen.alertmanager, links.alertmanager)
    try:
        made = report(chosen.stack, asked, told, stack, plan(chosen.stack).bill)
    except UnreadError as error:
        if any(f" at {link} " in str(error) for link in (links.prometheus, links.alertmanager)):
            raise UnreadError(f"{error}\n{_HINT}") from error
        raise
    chosen.out.mkdir(parents=True, exist_ok=True)
    paths = {chosen.out / name: text for name, text in documents(made).items()}
    for path, text in paths.items():
        path.write_text(text, encoding="utf-8")
    return [path for path in paths if path.suffix != ".svg"]


def _server(kind: Kind, given: str | None, link: str) -> Server:
    """Where a flag or the environment says, else where people find it."""
    found = server(kind, given)
    return found if found.address else server(kind, link)


def _parser(now: datetime) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ops report",
        description="Writes the weekly review or the monthly report, as Markdown and as HTML, from what Prometheus and "
        "Alertmanager remember: availability, latency, error budget, incidents, noise, capacity and cost.",
        formatter_class=Help,
        epilog=_EXAMPLES,
    )
    parser.add_argument("period", choices=[*LENGTHS], help="7 or 30 days")
    parser.add_argument(
        "stack", nargs="?", default="prod", help="whose rotas, routes, prices and links (default: prod)"
    )
    parser.add_argument(
        "--end", type=moment(now), default=now.replace(second=0, microsecond=0), metavar="TIME",
        help="of the period, in UTC, or like 2d for so long ago (default: now)",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("out/reports"), help="folder (default: out/reports)")
    for kind in (PROMETHEUS, ALERTMANAGER):
        parser.add_argument(
            kind.flag, metavar="URL", help=f"where {kind.name} is (default: ${kind.variable}, or the link)"
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
