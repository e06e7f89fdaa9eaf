"""The switchboard: what is broken in the demo, set by hand and put right again."""

import json
import os
import random
from dataclasses import asdict, dataclass, fields
from urllib.request import urlopen

URL = "DEMO_SERVICE"
"""Environment variable: where the service, and so its switchboard, is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How broken the demo is. As it is made, nothing is."""

    error_rate: float = 0.0
    """Share of the API's answers that are server errors."""

    latency: float = 0.0
    """Seconds that every answer of the API takes longer."""

    taken_connections: int = 0
    """Database connections that are taken and not given back."""

    slow_query: float = 0.0
    """Seconds that every query takes longer, in the database."""

    scraper_failure: float = 0.0
    """Share of the scraper's runs that fail."""

    log_flood: int = 0
    """Lines that the service writes for each request beside those that it should."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if getattr(self, field.name) < 0:
                raise ValueError(f"{field.name}: nothing is broken by less than nothing")
        for share in ("error_rate", "scraper_failure"):
            if getattr(self, share) > 1:
                raise ValueError(f"{share}: a share is at most 1, not {getattr(self, share)}")

    @property
    def unlucky(self) -> bool:
        """Whether this answer is one of those that fail."""
        return random.random() < self.error_rate

    @property
    def run_fails(self) -> bool:
        """Whether this run is one of those that fail."""
        return random.random() < self.scraper_failure


class Switchboard:
    """The faults of now."""

    def __init__(self) -> None:
        self.faults = Faults()

    def put(self, faults: Faults) -> Faults:
        """Replaces them all."""
        self.faults = faults
        return faults


def current() -> Faults:
    """The service's faults, for the scraper. None where it cannot be asked."""
    try:
        with urlopen(f"{os.environ[URL]}/demo/faults", timeout=1) as answer:  # noqa: S310 an address of our own
            return Faults(**json.load(answer))
    except OSError:
        return Faults()


def described(faults: Faults) -> dict[str, float | int]:
    """As JSON carries them."""
    return asdict(faults)
