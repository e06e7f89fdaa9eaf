"""Types of single settings, and what all sections have in common."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator
from pydantic.alias_generators import to_camel

from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration
from components.settings import readers


class Section(BaseModel):
    """Frozen, strict about types, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel)


# A validator may return anything, so pydantic cannot type these calls more closely than Any.
def _read(reader: Callable[[object], Any]) -> PlainValidator:
    return PlainValidator(reader)


Bucket = Annotated[str, _read(readers.matching(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "bucket", "openpolicy-archive"))]
Domain = Annotated[
    str, _read(readers.matching(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", "domain", "openpolicy.ca"))
]
Name = Annotated[str, _read(readers.slug)]
Text = Annotated[str, _read(readers.text)]
Url = Annotated[str, _read(readers.url)]
Email = Annotated[
    str,
    _read(
        readers.matching(
            rf"[A-Za-z0-9._%+-]+@({readers.LABEL}\.)+[A-Za-z]{{2,}}", "e-mail address", "someone@example.org"
        )
    ),
]
Members = Annotated[list[Email], Field(min_length=1), AfterValidator(readers.each_once)]
Zone = Annotated[str, _read(readers.zone)]
Cpu = Annotated[str, _read(readers.cpu)]
Memory = Annotated[Bytes, _read(readers.size("16Mi", "1024Ti"))]
Retained = Annotated[Bytes, _read(readers.retained("16MB", "1024TB"))]
# Prometheus compares in floating point, which beyond this no longer counts by ones.
Threshold = Annotated[Decimal, _read(readers.number(0, 10**15))]
Replicas = Annotated[int, Field(ge=1, le=50)]
Share = Annotated[Decimal, _read(readers.number(0, 1))]
Percent = Annotated[int, Field(ge=1, le=100)]
Interval = Annotated[Duration, _read(readers.span("5s", "5m"))]
Lasting = Annotated[Duration, _read(readers.span("0s", "7d"))]
Retention = Annotated[Duration, _read(readers.span("1d", "1200d"))]
SeverityName = Literal["critical", "warning", "info"]
