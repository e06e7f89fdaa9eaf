"""What one of something costs in a month, and what things take."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Of one unit and month, in US dollars."""

    unit: str
    dollars: Decimal
    checked: date
    """The month in which it was right, by its first day."""

    source: str
    """Where it is from: a list, a bill, or whose assumption."""

    def __post_init__(self) -> None:
        if not self.dollars.is_finite() or self.dollars < 0:
            raise ValueError(f"price of a {self.unit}: not {self.dollars}")
        if not self.unit or not self.source:
            raise ValueError("a price is of a unit, and from somewhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Everything that is paid by the month."""

    core: Price
    """A processor core that a pod asks for, used or not."""

    memory: Price
    """Memory that a pod asks for, used or not."""

    volume: Price
    """Of a volume, full or not."""

    bucket: Price
    """What lies in a bucket."""

    seat: Price
    """A person in PagerDuty."""

    def named(self) -> Mapping[str, Price]:
        """All of them, by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def but(self, **others: Price) -> "Prices":
        """With some that are others."""
        return replace(self, **others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """What things take, and how many there are in production."""

    indexed: Decimal
    """Size of log lines in an index, as a share of the raw lines."""

    compressed: Decimal
    """Size of log lines in the archive, as a share of the raw lines."""

    filled: Decimal
    """Share of a volume that may be full, below which nothing is moved away."""

    sample: Decimal
    """Bytes of one sample on Prometheus' disk."""

    series: int
    """Bytes of one series in Prometheus' memory."""

    churn: Decimal
    """Series there for each one that is scraped: those of pods that are gone stay until they are written out."""

    queries: Decimal
    """Memory that queries take, as a share of what series take."""

    span: int
    """Bytes of one span in an index."""

    spans: int
    """Of one request."""

    requests: int
    """A second, on average, in production."""

    remarkable: Decimal
    """Share of the requests whose traces are kept because they are slow or failed."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) <= 0:
                raise ValueError(f"sizes: {field.name} is more than 0")
        if not self.filled <= 1:
            raise ValueError(f"sizes: a volume is filled to a share of it, not {self.filled}")
