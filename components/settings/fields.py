"""Types of single settings, and what all sections have in common."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator
from pydantic.alias_generators import to_camel

from catalogue.model.quantity import Bytes
from catalogue.model.time import Duration
from components.settings import readers


class Section(BaseModel):
    """Frozen, strict about types, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", alias_generator=to_camel, defer_build=True)


# A validator may return anything, so pydantic cannot type these calls more closely than Any.
def _read(reader: Callable[[object], Any]) -> PlainValidator:
    return PlainValidator(reader)


Bucket = Annotated[str, _read(readers.matching(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "bucket", "openpolicy-archive"))]
Domain = Annotated[
    str, _read(readers.matching(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", "domain", "openpolicy.ca"))
]
# It stands in a list with commas and, in quotes, in an expression.
Group = Annotated[
    str, _read(readers.matching(r"[A-Za-z0-9/][A-Za-z0-9 /._:@-]{0,98}[A-Za-z0-9]", "group", "observability-viewers"))
]
Principal = Annotated[
    str,
    _read(
        readers.matching(
            r"(role|team|user|org):[0-9A-Za-z-]{1,64}",
            "principal of Datadog",
            "role:00000000-0000-1111-0000-000000000000",
        )
    ),
]
Registry = Annotated[
    str,
    _read(
        readers.matching(
            rf"{readers.LABEL}(\.{readers.LABEL})*(:[0-9]{{2,5}})?(/[a-z0-9._-]+)*",
            "registry",
            "registry.example.org/quay",
        )
    ),
]
ImageName = Annotated[
    str,
    _read(
        readers.matching(
            r"[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)+:[\w.-]+", "image", "quay.io/prometheus/prometheus:v3.13.2"
        )
    ),
]
Digest = Annotated[str, _read(readers.matching(r"sha256:[0-9a-f]{64}", "digest", "sha256: and 64 hexadecimal digits"))]
HostPort = Annotated[
    str,
    _read(
        readers.matching(rf"{readers.LABEL}(\.{readers.LABEL})*:[0-9]{{2,5}}", "host and port", "db.example.org:5432")
    ),
]
# HTTP itself sets the others.
Header = Annotated[
    str,
    _read(
        readers.matching(
            r"(?!(?i:host|connection|content-length|transfer-encoding)$)[A-Za-z][A-Za-z0-9-]{1,62}",
            "header for a secret",
            "X-Openpolicy-Test",
        )
    ),
]
Word = Annotated[str, _read(readers.matching(r"[a-z][a-z0-9_]{0,62}", "name", "grafana"))]
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
Network = Annotated[str, _read(readers.network)]
Networks = Annotated[list[Network], AfterValidator(readers.each_once)]
Host = Annotated[
    str, _read(readers.matching(rf"({readers.LABEL}\.)+{readers.LABEL}", "host", "postgresql.openpolicy.svc"))
]
Port = Annotated[int, Field(ge=1, le=65_535)]
Zone = Annotated[str, _read(readers.zone)]
Cpu = Annotated[str, _read(readers.cpu)]
Memory = Annotated[Bytes, _read(readers.size("16Mi", "1024Ti"))]
Retained = Annotated[Bytes, _read(readers.retained("16MB", "1024TB"))]
# Prometheus compares in floating point, which beyond this no longer counts by ones.
Threshold = Annotated[Decimal, _read(readers.number(0, 10**15))]
Replicas = Annotated[int, Field(ge=1, le=50)]
# A test costs thousandths of a dollar.
Price = Annotated[Decimal, _read(readers.number(0, 1_000))]
UnitPrice = Annotated[Decimal, _read(readers.number(0, 100_000))]
# A stack without any traffic at all has nothing to keep, and one may see more than was thought of.
Load = Annotated[Decimal, _read(readers.number(Decimal("0.001"), 100))]
Month = Annotated[date, _read(readers.month)]
Share = Annotated[Decimal, _read(readers.number(0, 1))]
Percent = Annotated[int, Field(ge=1, le=100)]
Interval = Annotated[Duration, _read(readers.span("5s", "5m"))]
Lasting = Annotated[Duration, _read(readers.span("0s", "7d"))]
Retention = Annotated[Duration, _read(readers.span("1d", "1200d"))]
# Of samples in a bucket: ten years at most.
Kept = Annotated[Duration, _read(readers.span("1d", "3650d"))]
SeverityName = Literal["critical", "warning", "info"]
