"""The command line of incidents: `python -m ops incident …`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from ops.incident.gather import Sources, of_trace, of_window
from ops.incident.model import Incident
from ops.incident.shown import show
from ops.shown.arguments import Help, forms, trace_number
from ops.shown.console import DONE, REFUSED, WRONG_USAGE, consoles, tell
from ops.sources.server import ALERTMANAGER, ELASTICSEARCH, JAEGER, PROMETHEUS, UnreadError, server
from ops.sources.times import Window, moment

PARTLY = 3
_KINDS = (ALERTMANAGER, PROMETHEUS, ELASTICSEARCH, JAEGER)

_FORWARDED = "\n".join(
    f"  kubectl -n observability port-forward {each.forward:<35} # {each.variable}" for each in _KINDS
)
_EXAMPLES = f"""\
examples:
  python -m ops incident --from 2026-11-24T15:00 --to 2026-11-24T15:30
  python -m ops incident --from 30m                       the last half hour
  python -m ops incident --trace-id 4bf92f3577b34da6a3ce929d0e0e4736
  python -m ops incident --from 30m --format markdown > incident.md

Where each source is, a flag or the environment says. From a cluster:
{_FORWARDED}

Elasticsearch asks who one is: ELASTICSEARCH_USERNAME, ELASTICSEARCH_PASSWORD, and ELASTICSEARCH_CA, a file with ca.crt
of the Secret openpolicy-logs-es-http-certs-public, unless the machine trusts its certificate.

exit status: 0 done, 1 no source could be read or nobody knows the trace, 2 wrong usage, 3 some sources were not read
"""


def main(arguments: Sequence[str] | None = None, *, sources: Sources | None = None, now: datetime | None = None) -> int:
    """Runs the command and returns the exit status. `sources`: whom to ask, in place of those that are named."""
    now = now or datetime.now(UTC)
    parser = _parser(now)
    chosen = parser.parse_args(arguments)
    if not chosen.trace_id and not chosen.begin:
        parser.error("say what to look at: --trace-id, or --from")
    errors, screen = consoles()
    asked = sources or Sources(
        jaeger=server(JAEGER, chosen.jaeger),
        prometheus=server(PROMETHEUS, chosen.prometheus),
        alertmanager=server(ALERTMANAGER, chosen.alertmanager),
        elasticsearch=server(ELASTICSEARCH, chosen.elasticsearch),
    )
    try:
        window = Window(start=chosen.begin, end=chosen.end or now) if chosen.begin else None
        with errors.status("asking alerts, metrics, logs and traces"):
            incident = _incident(asked, chosen.trace_id, window, now)
    except UnreadError as error:
        tell(errors, str(error))
        return REFUSED
    except ValueError as error:
        tell(errors, str(error))
        return WRONG_USAGE
    show(incident, chosen.format, screen)
    return PARTLY if incident.unread else DONE


def _incident(sources: Sources, number: str | None, window: Window | None, now: datetime) -> Incident:
    if number:
        return of_trace(sources, number, window, now)
    assert window is not None, "one of both is there"  # noqa: S101 the parser has refused everything else
    return of_window(sources, window)


def _parser(now: datetime) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ops incident",
        description="What alerts, metrics, logs and traces say about a time or a request, in one timeline.",
        formatter_class=Help,
        epilog=_EXAMPLES,
    )
    parser.add_argument("--trace-id", type=trace_number, metavar="TRACE", help="of a request, as in a line's trace.id")
    parser.add_argument(
        "--from", dest="begin", type=moment(now), metavar="TIME", help="in UTC, or like 30m (default: around the trace)"
    )
    parser.add_argument("--to", dest="end", type=moment(now), metavar="TIME", help="(default: now)")
    for kind in _KINDS:
        parser.add_argument(kind.flag, metavar="URL", help=f"where {kind.name} is (default: ${kind.variable})")
    forms(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
