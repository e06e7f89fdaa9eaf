"""Reads single settings. Each reader refuses nonsense in a sentence of its own."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from ipaddress import IPv4Network
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from catalogue.model.names import check_slug
from catalogue.model.problem import nearest
from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration

_Measured = TypeVar("_Measured")

LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
"""One part of a domain name."""

_LONGEST_TEXT = 500
_LONGEST_SHOWN = 60


class WrongValueError(ValueError):
    """What is wrong with a value, and what to write instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what, self.remedy = what, remedy


def shown(value: object) -> str:
    """The value as its owner wrote it, or what it is."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list"
    # JSON writes null and true as YAML does.
    text = repr(value) if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def text(value: object, remedy: str = "write text there, in quotes if it looks like something else") -> str:
    """One line that is not blank."""
    if value is None or value == "":
        raise WrongValueError("is empty", remedy)
    if not isinstance(value, str):
        raise WrongValueError(f"{shown(value)} is not text", remedy)
    if len(value) > _LONGEST_TEXT or not value.isprintable() or value != value.strip():
        raise WrongValueError(f"{shown(value)} is not one short line without blanks around it", remedy)
    return value


def matching(pattern: str, kind: str, example: str) -> Callable[[object], str]:
    """Reads texts of a pattern."""
    remedy = f"write it like {example}"

    def read(value: object) -> str:
        given = text(value, remedy)
        if not re.fullmatch(pattern, given):
            raise WrongValueError(f"{shown(given)} is no {kind}", remedy)
        return given

    return read


def _measuring(
    parse: Callable[[str], _Measured], amount: Callable[[_Measured], int], kind: str, example: str
) -> Callable[[str, str], Callable[[object], _Measured]]:
    """Makes readers of amounts between two bounds."""
    remedy = f"write it like {example}"

    def between(least: str, most: str) -> Callable[[object], _Measured]:
        low, high = amount(parse(least)), amount(parse(most))

        def read(value: object) -> _Measured:
            given = text(value, remedy)
            try:
                measured = parse(given)
            except ValueError:
                raise WrongValueError(f"{shown(given)} is no {kind}", remedy) from None
            if not low <= amount(measured) <= high:
                raise WrongValueError(f"{shown(given)} is not between {least} and {most}", "choose one that is")
            return measured

        return read

    return between


def millicores(cpu: str) -> int:
    """Thousandths of a processor. Raises ValueError unless it is written like `2` or `500m`."""
    if not re.fullmatch(r"[1-9][0-9]*m?", cpu):
        raise ValueError(f"{cpu!r} is no amount of CPU")
    return int(cpu[:-1]) if cpu.endswith("m") else int(cpu) * 1000


def byte_count(size: Bytes) -> int:
    """How many bytes it is."""
    return size.count


def _seconds(span: Duration) -> int:
    return span.seconds


span = _measuring(Duration.parse, _seconds, "duration", "30s, 5m, 26h or 45d")
size = _measuring(Bytes.parse, byte_count, "size", "512Mi or 20Gi, in Ki, Mi, Gi or Ti")
retained = _measuring(
    lambda given: Bytes.parse(given, ("KB", "MB", "GB", "TB")), byte_count, "size", "20GB, in KB, MB, GB or TB"
)
_cpu = _measuring(millicores, int, "amount of CPU", '500m, or "2" in quotes')("10m", "10000")
_month = matching(r"20[0-9]{2}-(0[1-9]|1[0-2])", "month", "2026-01")
_url = matching(
    rf"https://{LABEL}(\.{LABEL})*(:[0-9]+)?(/[A-Za-z0-9._~%+@-]+)*/?", "https address", "https://grafana.example.org"
)


def cpu(value: object) -> str:
    """Processors as Kubernetes writes them."""
    _cpu(value)
    return str(value)


def slug(value: object) -> str:
    """A name that Kubernetes takes."""
    given = text(value)
    try:
        check_slug("name", given)
    except ValueError:
        remedy = "write lower-case letters, digits and dashes, a letter first"
        raise WrongValueError(f"{shown(given)} is no name", remedy) from None
    return given


def url(value: object) -> str:
    """An address, without a slash at the end."""
    given = _url(value)
    try:
        _ = urlsplit(given).port
    except ValueError:
        raise WrongValueError(f"{shown(given)} has an impossible port", "write one below 65536") from None
    return given.rstrip("/")


def network(value: object) -> str:
    """Addresses of one network."""
    given = text(value, "write it like 10.0.0.0/16")
    try:
        return str(IPv4Network(given))
    except ValueError:
        remedy = "write the network's first address and its prefix, like 10.0.0.0/16"
        raise WrongValueError(f"{shown(given)} is no network", remedy) from None


def service_namespace(host: str) -> str | None:
    """The namespace, if the host is a Service as pods of the cluster know it: `redis.openpolicy.svc`."""
    found = re.fullmatch(r"[a-z0-9-]+\.(?P<namespace>[a-z0-9-]+)\.svc(\.[a-z0-9.-]+)?", host)
    return found["namespace"] if found else None


def zone(value: object) -> str:
    """A time zone by its name."""
    name = text(value, "write it like America/Toronto")
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        guess = nearest(name, available_timezones())
    # There are six hundred: too many to list.
    remedy = guess if guess.startswith("did you mean") else "write it like America/Toronto"
    raise WrongValueError(f"{shown(name)} is no time zone", remedy)


def number(least: Decimal | int, most: int) -> Callable[[object], Decimal]:
    """Reads numbers between the two."""

    def read(value: object) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongValueError(
                f"{shown(value)} is not a number", "write it like 0.5, without quotes, or set it with --type float"
            )
        # Not a number lies between no two.
        if not least <= value <= most:
            raise WrongValueError(f"{shown(value)} is not between {least} and {most}", "choose one that is")
        return Decimal(str(value))

    return read


def month(value: object) -> date:
    """The first day of a month. A day would be a time to Pulumi and text to others."""
    return date.fromisoformat(f"{_month(value)}-01")


def each_once(members: list[str]) -> list[str]:
    """The list as it is, unless somebody stands in it twice."""
    people = [member.casefold() for member in members]
    if twice := sorted({person for person in people if people.count(person) > 1}):
        raise WrongValueError(f"{', '.join(twice)} is there twice", "list each person once")
    return members
