"""Who owns what: environments, teams and services."""

import re
from dataclasses import dataclass

from catalogue.model.names import check_slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A place where the whole stack runs once. Its name is a label value and part of data-stream names."""

    name: str
    production: bool
    """Whether people outside depend on it: it is redundant, it pages, and it keeps what the law asks for."""

    def __post_init__(self) -> None:
        # Data-stream names are <type>-<dataset>-<namespace>, so a dash would split the name.
        if not re.fullmatch(r"[a-z][a-z0-9]{1,15}", self.name):
            raise ValueError(f"environment {self.name!r}: 2 to 16 lower-case letters and digits, a letter first")


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """People who are paged together."""

    name: str
    mission: str
    tickets_wait: bool
    """Whether its warnings wait for office hours. Pages never wait."""

    def __post_init__(self) -> None:
        check_slug("team", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A public address, below the domain of the stack."""

    host: str = ""
    """Name in front of the domain, or none."""

    path: str = ""

    def __post_init__(self) -> None:
        if self.host:
            check_slug("host", self.host)
        if self.path and not self.path.startswith("/"):
            raise ValueError(f"path {self.path!r}: it begins with a slash")

    def fqdn(self, domain: str) -> str:
        """The whole name of the host."""
        return f"{self.host}.{domain}" if self.host else domain

    def url(self, domain: str) -> str:
        """The whole address."""
        return f"https://{self.fqdn(domain)}{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something that can break, as the `service` label names it."""

    name: str
    team: Team
    purpose: str
    application: bool = False
    """Whether it is ours: its pods carry the application's labels and expose the metric catalogue."""

    critical: bool = False
    """Whether its complete absence from service discovery pages."""

    endpoints: tuple[Endpoint, ...] = ()
    """Addresses that are probed from inside the cluster."""

    def __post_init__(self) -> None:
        check_slug("service", self.name)
