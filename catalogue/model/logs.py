"""Classes of logs, and how long each must or may be kept."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from catalogue.model.names import check_slug
from catalogue.model.time import Duration


class Keep(StrEnum):
    """What a retention means. Confusing the two breaks a law either way."""

    AT_LEAST = "minimum"
    """Evidence: nothing may be gone before the time is over."""

    AT_MOST = "maximum"
    """Privacy: everything must be gone when the time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogClass:
    """Log lines that are kept for the same time and for the same reason."""

    name: str
    retention: Duration
    meaning: Keep
    basis: str
    """Why this long, in words that an auditor accepts."""

    gigabytes_a_day: Decimal
    """Raw volume expected in production. An assumption until measured."""

    def __post_init__(self) -> None:
        check_slug("log class", self.name)
        if "-" in self.name:
            raise ValueError(f"log class {self.name}: a dash would split the data stream's name")
        if self.retention < Duration.parse("1d"):
            raise ValueError(f"log class {self.name}: kept for {self.retention}, less than a day")
        if not self.basis:
            raise ValueError(f"log class {self.name}: say on which basis it is kept")
        if self.gigabytes_a_day <= 0:
            raise ValueError(f"log class {self.name}: a volume is more than 0 GB a day")
