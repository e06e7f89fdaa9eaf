"""The command line of traces: `python -m ops traces …`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ops.shown.arguments import Help, forms, trace_number
from ops.shown.console import DONE, REFUSED, WRONG_USAGE, consoles, tell
from ops.shown.words import count
from ops.sources import jaeger
from ops.sources.server import JAEGER, Server, UnreadError, server
from ops.sources.times import Window, moment, span, took
from ops.traces.report import Report
from ops.traces.shown import show

_MOST = 1_500
"""Traces of one search that Jaeger's page offers; each is read whole."""

_EXAMPLES = """\
examples:
  kubectl -n observability port-forward svc/jaeger-query 16686 &
  export JAEGER_URL=http://127.0.0.1:16686
  python -m ops traces slow --service api-gateway --over 1s --last 1h
  python -m ops traces slow --service api-gateway --operation 'GET /api/v1/bills' --over 300ms --from 09:00 --to 09:30
  python -m ops traces slow --service scraper --over 5m --last 24h --format markdown > slow.md
  python -m ops traces show 4bf92f3577b34da6a3ce929d0e0e4736 --format json | jq .operations

exit status: 0 done, also where nothing is slow; 1 Jaeger did not answer, or knows no such service or trace;
             2 wrong usage
"""


def main(arguments: Sequence[str] | None = None, *, source: Server | None = None) -> int:
    """Runs the command and returns the exit status. `source`: the Jaeger to ask, in place of the one that is named."""
    now = datetime.now(UTC)
    chosen = _parser(now).parse_args(arguments)
    errors, screen = consoles()
    asked = source or server(JAEGER, chosen.jaeger)
    try:
        with errors.status("asking Jaeger"):
            report = chosen.run(asked, chosen, now)
    except UnreadError as error:
        tell(errors, str(error))
        return REFUSED
    except ValueError as error:
        tell(errors, str(error))
        return WRONG_USAGE
    show(report, chosen.format, screen)
    return DONE


def slow(
    source: Server, service: str, window: Window, over: timedelta, *, operation: str | None = None, most: int = 100
) -> Report:
    """Traces of the service that took at least so long. Raises UnreadError."""
    found = jaeger.search(source, service, window, most=most, over=over, operation=operation)
    named = f"{service}: {operation}" if operation else service
    title = f"{named}: {count(len(found), 'trace')} of {took(over.total_seconds())} or more, {window}"
    if not found and service not in (known := jaeger.services(source)):
        raise UnreadError(f"Jaeger knows no service {service!r}; it knows {', '.join(known) or 'none at all'}")
    notes = list[str]()
    if len(found) >= most:
        notes.append(
            f"There may be more: {most} were asked for. --limit asks for more of them, --over for slower ones."
        )
    if partial := sum(not each.whole for each in found):
        notes.append(f"{count(partial, 'trace')} of them without all spans: they may still be on their way.")
    return Report(title=title, found=found, notes=notes)


def one(source: Server, number: str) -> Report:
    """The trace of that number. Raises UnreadError."""
    if (found := jaeger.trace(source, number)) is None:
        raise UnreadError(
            f"Jaeger has no trace {number}: nine in ten of those that neither fail nor are slow are not kept, and one "
            "of the last seconds is still being decided about"
        )
    return Report(
        title=f"{found.root.service}: {found.root.operation}, {count(len(found.spans), 'span')}", found=[found]
    )


def _slow(source: Server, chosen: argparse.Namespace, now: datetime) -> Report:
    begins = chosen.begin or now - chosen.last
    window = Window(start=begins, end=chosen.end or now)
    return slow(source, chosen.service, window, chosen.over, operation=chosen.operation, most=chosen.limit)


def _show(source: Server, chosen: argparse.Namespace, _now: datetime) -> Report:
    return one(source, chosen.number)


def _parser(now: datetime) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ops traces",
        description="Which traces are slow, where their time goes, and what a request waited for: its critical path.",
        formatter_class=Help,
        epilog=_EXAMPLES,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    finds = commands.add_parser("slow", help="find slow traces of a service")
    finds.add_argument("--service", required=True, help="such as api-gateway")
    finds.add_argument("--operation", help="such as 'GET /api/v1/bills'")
    finds.add_argument("--over", type=span, default="1s", metavar="TIME", help="slower than this (default: 1s)")
    finds.add_argument("--last", type=span, default="1h", metavar="TIME", help="how far back (default: 1h)")
    finds.add_argument("--from", dest="begin", type=moment(now), metavar="TIME", help="in place of --last")
    finds.add_argument("--to", dest="end", type=moment(now), metavar="TIME", help="(default: now)")
    finds.add_argument("--limit", type=_limit, default=100, metavar="N", help="traces to look at (default: 100)")
    finds.set_defaults(run=_slow)
    shows = commands.add_parser("show", help="look at one trace")
    shows.add_argument(
        "number", metavar="TRACE", type=trace_number, help="32 hexadecimal digits, as in a line's trace.id"
    )
    shows.set_defaults(run=_show)
    for command in (finds, shows):
        command.add_argument(JAEGER.flag, metavar="URL", help=f"where Jaeger is (default: ${JAEGER.variable})")
        forms(command)
    return parser


def _limit(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"it is between 1 and {_MOST}, not {text}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
