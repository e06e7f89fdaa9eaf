"""What users do, replayed from outside by synthetic tests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, prod

from catalogue.model.ownership import Endpoint, Service
from catalogue.model.time import Duration, hours, minutes, seconds

MONTH = hours(730)
"""A twelfth of a year, the unit of a bill."""

_OFTENEST, _OFTENEST_IN_A_BROWSER, _SELDOMEST = seconds(30), minutes(1), hours(168)
_RETRIES, _RETRIES_IN_A_BROWSER = 3, 2
# A longer run of a browser counts as several.
_STEPS_OF_A_RUN = 25
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,}")
_LOCATION = re.compile(r"(aws|azure|gcp):[a-z0-9-]+")


class Device(StrEnum):
    """A browser and its screen, as Datadog names it."""

    LAPTOP = "chrome.laptop_large"
    PHONE = "chrome.mobile_small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """Type `text` into the element that the CSS `selector` finds."""

    selector: str
    text: str
    variable: str
    """What Datadog calls the text: a name that stands in the step instead, and in what a run reports."""

    def __post_init__(self) -> None:
        if not _VARIABLE.fullmatch(self.variable):
            raise ValueError(f"type: {self.variable!r} is no name of a variable; write it like POSTAL_CODE")


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


Step = Type | Click | Expect


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """A page, and the steps from there, once on each device."""

    start: Endpoint
    steps: tuple[Step, ...]
    devices: tuple[Device, ...]

    def __post_init__(self) -> None:
        if not self.steps or not self.devices:
            raise ValueError("a browser has steps to take, and a device to take them on")
        typed = {(step.variable, step.text) for step in self.steps if isinstance(step, Type)}
        if twice := sorted(name for name, _ in typed if [other for other, _ in typed].count(name) > 1):
            raise ValueError(f"a browser knows a text by its name, and two are called {twice[0]}")

    @property
    def texts(self) -> Mapping[str, str]:
        """What is typed, by its name."""
        return {step.variable: step.text for step in self.steps if isinstance(step, Type)}


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """One GET: the status is 200, the answer is fast, and its JSON field says so."""

    endpoint: Endpoint
    faster_than: Duration
    patience: Duration
    """When the request is given up."""

    json_path: str
    json_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The certificate of the endpoint's host is trusted, and stays valid for so long."""

    endpoint: Endpoint
    valid_for: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One GET within a chain, answered with 200. `{{ NAME }}` in it is what an earlier call kept."""

    name: str
    endpoint: Endpoint
    faster_than: Duration
    json_path: str
    """What the answer has to hold."""

    json_value: str | None = None
    """What has to stand there. None: anything but nothing."""

    keep: str | None = None
    """The name under which later calls find what stands there."""

    @property
    def needs(self) -> frozenset[str]:
        """Names that earlier calls must have kept."""
        return frozenset(re.findall(r"{{ (\w+) }}", f"{self.endpoint.path} {self.json_value}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Calls, each of which may need what earlier ones kept."""

    calls: tuple[Call, ...]

    def __post_init__(self) -> None:
        kept = set[str]()
        for call in self.calls:
            if missing := sorted(call.needs - kept):
                raise ValueError(f"call {call.name!r}: no call before it keeps {', '.join(missing)}")
            kept |= {call.keep} if call.keep else set[str]()
        if len(self.calls) < 2:  # noqa: PLR2004 two are the first to hang together
            raise ValueError("a chain is two calls or more; one is a health check")


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A synthetic test: what it does, how often, from where, and when it is believed."""

    name: str
    service: Service
    script: HealthCheck | Certificate | Chain | Browser
    every: Duration
    failing_for: Duration
    """How long it fails before anybody is told."""

    locations: tuple[str, ...]
    failing_locations: int = 1
    """How many of the locations see it fail before anybody is told."""

    retries: int = 2
    """How often a location tries again before it counts as failing: one lost packet wakes nobody."""

    def __post_init__(self) -> None:
        browser = isinstance(self.script, Browser)
        if not self.locations:
            raise ValueError(f"journey {self.name!r}: it runs from no location")
        if not 1 <= self.failing_locations <= len(self.locations):
            raise ValueError(f"journey {self.name!r}: {self.failing_locations} of its locations cannot fail")
        if wrong := [each for each in self.locations if not _LOCATION.fullmatch(each)]:
            raise ValueError(f"journey {self.name!r}: {wrong[0]} is no location; write it like aws:ca-central-1")
        least = _OFTENEST_IN_A_BROWSER if browser else _OFTENEST
        if not least <= self.every <= _SELDOMEST:
            raise ValueError(f"journey {self.name!r}: it runs at most every {least} and at least every {_SELDOMEST}")
        most = _RETRIES_IN_A_BROWSER if browser else _RETRIES
        if not 0 <= self.retries <= most:
            raise ValueError(f"journey {self.name!r}: it is tried again at most {most} times")

    @property
    def calls_api(self) -> bool:
        """Whether it asks an API by itself, and not as a browser does."""
        return isinstance(self.script, HealthCheck | Chain)

    @property
    def factors(self) -> Mapping[str, int]:
        """What multiplies each of its runs on the bill."""
        match self.script:
            case Browser(devices=devices, steps=steps):
                # The page that it starts from is a step as well.
                runs = ceil((len(steps) + 1) / _STEPS_OF_A_RUN)
                more = {"device": len(devices)} | ({"run": runs} if runs > 1 else {})
            case Chain(calls=calls):
                more = {"call": len(calls)}
            case HealthCheck() | Certificate():
                more = dict[str, int]()
        return {"location": len(self.locations)} | more

    @property
    def runs_a_month(self) -> int:
        """How many runs are billed."""
        return MONTH.seconds // self.every.seconds * prod(self.factors.values())
