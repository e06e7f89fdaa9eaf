"""Alertmanager's API: which alerts it has now, and what it does with them. It forgets those that are over."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field

from ops.sources.server import Answer, Server


class _Status(Answer):
    silenced: Sequence[str] = Field(alias="silencedBy")
    inhibited: Sequence[str] = Field(alias="inhibitedBy")


class _Receiver(Answer):
    name: str


class Alert(Answer):
    """An alert that fires."""

    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    since: datetime = Field(alias="startsAt")
    status: _Status
    receivers: Sequence[_Receiver]

    @property
    def fate(self) -> str:
        """What Alertmanager does with it."""
        if self.status.silenced:
            return "silenced"
        if self.status.inhibited:
            return "held back by another alert"
        return f"told to {', '.join(each.name for each in self.receivers)}"


def alerts(alertmanager: Server) -> Sequence[Alert]:
    """All that it has. Raises UnreadError."""
    return alertmanager.get(Sequence[Alert], "/api/v2/alerts")  # pyright: ignore[reportArgumentType] a shape as any other


class Matcher(Answer):
    """What a silence asks of a label."""

    name: str
    value: str
    is_pattern: bool = Field(alias="isRegex")
    is_equal: bool = Field(default=True, alias="isEqual")

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether it holds. A missing label is an empty one."""
        value = labels.get(self.name, "")
        same = re.fullmatch(self.value, value) is not None if self.is_pattern else self.value == value
        return same is self.is_equal


class Silence(Answer):
    """Alerts that somebody did not want to hear of for a time."""

    matchers: Sequence[Matcher]
    start: datetime = Field(alias="startsAt")
    end: datetime = Field(alias="endsAt")

    def hides(self, labels: Mapping[str, str], at: datetime) -> bool:
        """Whether an alert with these labels is not sent then."""
        return self.start <= at < self.end and all(each.holds(labels) for each in self.matchers)


def silences(alertmanager: Server) -> Sequence[Silence]:
    """All that it remembers; it forgets those that are over after its retention. Raises UnreadError."""
    return alertmanager.get(Sequence[Silence], "/api/v2/silences")  # pyright: ignore[reportArgumentType] a shape as any other
