"""Types of single settings. Each refuses nonsense in a sentence of its own."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, PlainValidator

from catalogue.model.names import check_slug
from catalogue.model.problem import nearest
from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text: put it in quotes")
    return value


def _span(least: str, most: str) -> Callable[[object], Duration]:
    low, high = Duration.parse(least), Duration.parse(most)

    def parse(value: object) -> Duration:
        duration = Duration.parse(_text(value))
        if not low <= duration <= high:
            raise ValueError(f"{duration} is not between {low} and {high}")
        return duration

    return parse


def _memory(value: object) -> Bytes:
    return Bytes.parse(_text(value))


def _retained(value: object) -> Bytes:
    return Bytes.parse(_text(value), ("KB", "MB", "GB", "TB"))


def _cpu(value: object) -> str:
    if not re.fullmatch(r"[1-9][0-9]*m?", _text(value)):
        raise ValueError(f"{value!r} is no amount of CPU: write it like '2' or 500m")
    return _text(value)


def _slug(value: object) -> str:
    check_slug("name", _text(value))
    return _text(value)


def _url(value: object) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{value!r} is no address: write it like https://grafana.example.org")
    return _text(value).rstrip("/")


def _domain(value: object) -> str:
    if not re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", _text(value)):
        raise ValueError(f"{value!r} is no domain: write it like openpolicy.ca")
    return _text(value)


def _email(value: object) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", _text(value)):
        raise ValueError(f"{value!r} is no e-mail address")
    return _text(value)


def _zone(value: object) -> str:
    name = _text(value)
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is no time zone; {nearest(name, available_timezones())}") from None


def _threshold(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no number")
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"{value!r} is no number that a rule could compare with")
    return number


# A validator may return anything, so pydantic cannot type these calls more closely than Any.
def _checked(parse: Callable[[object], Any]) -> PlainValidator:
    return PlainValidator(parse)


Domain = Annotated[str, _checked(_domain)]
Name = Annotated[str, _checked(_slug)]
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
Url = Annotated[str, _checked(_url)]
Email = Annotated[str, _checked(_email)]
Zone = Annotated[str, _checked(_zone)]
Cpu = Annotated[str, _checked(_cpu)]
Memory = Annotated[Bytes, _checked(_memory)]
Retained = Annotated[Bytes, _checked(_retained)]
Threshold = Annotated[Decimal, _checked(_threshold)]
Replicas = Annotated[int, Field(ge=1, le=50)]
Share = Annotated[float, Field(ge=0, le=1)]
Percent = Annotated[int, Field(ge=1, le=100)]
Interval = Annotated[Duration, _checked(_span("5s", "5m"))]
Lasting = Annotated[Duration, _checked(_span("0s", "7d"))]
Retention = Annotated[Duration, _checked(_span("1d", "1200d"))]
SeverityName = Literal["critical", "warning", "info"]
