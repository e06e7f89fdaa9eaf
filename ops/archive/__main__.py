"""The command line of the archive: `python -m ops archive …`, and in its pod `python -m ops.archive …`.

Examples: `python -m ops archive verify`; `python -m ops archive restore 2026-11-24 restored-audit-2026-11-24`.

Where things are comes from the environment: ARCHIVE_BUCKET, ARCHIVE_PREFIX, ARCHIVE_DAYS, ARCHIVE_MODE, ARCHIVE_HOLD,
ARCHIVE_ENDPOINT (of a store that is not S3 itself), AWS_… as boto3 reads them; ELASTICSEARCH, ELASTICSEARCH_CA,
USERNAME, PASSWORD and ARCHIVE_STREAM.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, cast
from urllib.error import URLError

from ops.archive.archiver import archive
from ops.archive.bucket import Bucket, Client, TakenError
from ops.archive.chain import BrokenError
from ops.archive.checks import hold, rehearse, restore, verify
from ops.archive.source import Source

DONE, BROKEN, FAILED = 0, 1, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Returns the exit status: 0 done, 1 the archive is broken, 3 something does not answer."""
    parser = argparse.ArgumentParser(
        prog="python -m ops archive", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    commands.add_parser("run", help="archive every hour that is over")
    commands.add_parser("verify", help="read the whole archive, and say whether a line is missing, doubled or changed")
    commands.add_parser("rehearse", help="check the chain, and restore a sample; runs every month")
    commands.add_parser("hold", help="put a legal hold on everything that is there already")
    back = commands.add_parser("restore", help="write the lines of a day, a month or a year into an index")
    back.add_argument("day", type=_day, help="YYYY-MM-DD, YYYY-MM or YYYY, of arrival")
    back.add_argument("index", help="such as restored-audit-2026-11-24")
    chosen = parser.parse_args(arguments)
    try:
        print(_done(chosen, datetime.now(UTC)))
    except BrokenError as error:
        print(f"the archive is broken: {error}", file=sys.stderr)
        return BROKEN
    except TakenError as error:
        print(f"another run wrote {error} first; this one changed nothing", file=sys.stderr)
        return FAILED
    except KeyError as error:
        print(f"{error.args[0]} is not set", file=sys.stderr)
        return FAILED
    except (OSError, ValueError) as error:
        # urllib names neither the server nor itself.
        where = f"{os.environ.get('ELASTICSEARCH')}: " if isinstance(error, URLError) else ""
        print(f"{where}{error}", file=sys.stderr)
        return FAILED
    except Exception as error:
        # What the store does not answer is no broken archive, and only boto3 knows the kinds of that.
        if not type(error).__module__.startswith("botocore"):
            raise
        print(f"bucket {os.environ.get('ARCHIVE_BUCKET')}: {error}", file=sys.stderr)
        return FAILED
    return DONE


def _done(chosen: argparse.Namespace, now: datetime) -> str:
    match chosen.command:
        case "run":
            return f"archived {archive(source(), bucket(), now)} lines"
        case "verify":
            found = verify(bucket(), now)
            return f"whole: {found.lines} lines in {found.manifests} manifests, up to {found.reached or 'nothing'}"
        case "rehearse":
            found = rehearse(source(), bucket(), now)
            return f"restored {found.lines} lines as they were; {found.manifests} manifests, up to {found.reached}"
        case "hold":
            return f"put {hold(bucket())} objects under a legal hold"
        case _:
            return f"restored {restore(source(), bucket(), chosen.index, chosen.day)} lines"


def bucket() -> Bucket:
    """The archive that the environment names."""
    # It takes half a second, and `--help` does without.
    import boto3  # pyright: ignore[reportMissingTypeStubs] it has none

    client = cast("Any", boto3).client("s3", endpoint_url=os.environ.get("ARCHIVE_ENDPOINT") or None)
    return Bucket(
        client=cast("Client", client),
        name=os.environ["ARCHIVE_BUCKET"],
        prefix=os.environ["ARCHIVE_PREFIX"],
        days=_days(os.environ["ARCHIVE_DAYS"]),
        mode=_mode(os.environ.get("ARCHIVE_MODE", "COMPLIANCE")),
        hold=os.environ.get("ARCHIVE_HOLD") == "true",
    )


def _days(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise ValueError(f"ARCHIVE_DAYS: {text!r} is no number of days")
    return int(text)


def _mode(text: str) -> str:
    if text not in ("COMPLIANCE", "GOVERNANCE"):
        raise ValueError(f"ARCHIVE_MODE: {text!r} is neither COMPLIANCE nor GOVERNANCE")
    return text


def _day(text: str) -> str:
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC).strftime(form)
    raise argparse.ArgumentTypeError(f"{text!r} is no day like 2026-11-24, and no month or year like 2026-11 or 2026")


def source() -> Source:
    """The stream that the environment names."""
    return Source(
        address=os.environ["ELASTICSEARCH"].rstrip("/"),
        username=os.environ["USERNAME"],
        password=os.environ["PASSWORD"],
        authority=os.environ.get("ELASTICSEARCH_CA"),
        stream=os.environ["ARCHIVE_STREAM"],
    )


if __name__ == "__main__":
    sys.exit(main())
