"""What users do, replayed from outside by synthetic tests."""

from dataclasses import dataclass

from catalogue.model.ownership import Endpoint, Service
from catalogue.model.time import Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Open the page."""

    endpoint: Endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """Type `text` into the element that the CSS `selector` finds."""

    selector: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """Click the element that the CSS `selector` finds."""

    selector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """The element appears within `within`, and its text is not empty when `some_text` is set."""

    selector: str
    within: Duration
    some_text: bool = False


Step = Visit | Type | Click | Expect


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """One GET: the status is 200, the answer is fast, and its JSON field says so."""

    endpoint: Endpoint
    faster_than: Duration
    json_path: str
    json_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A synthetic test: one request, or steps in a browser."""

    name: str
    service: Service
    script: HealthCheck | tuple[Step, ...]
    every: Duration
    failing_for: Duration
    """How long it fails before anybody is told."""

    locations: tuple[str, ...]
    devices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.locations:
            raise ValueError(f"journey {self.name!r}: it runs from no location")
        if isinstance(self.script, HealthCheck):
            if self.devices:
                raise ValueError(f"journey {self.name!r}: a request is made by no device")
            return
        if not self.script or not isinstance(self.script[0], Visit):
            raise ValueError(f"journey {self.name!r}: a browser first visits a page")
        if not self.devices:
            raise ValueError(f"journey {self.name!r}: a browser runs on a device; name one")
