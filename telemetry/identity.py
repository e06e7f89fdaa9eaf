"""Who emits: every metric, line and span carries the same answer.

The service's code says its name; what differs from one deployment to the next comes from the environment. A name that
the catalogue does not know is refused at the start, for rules, routes and dashboards select by it.
"""

import os
import socket
from dataclasses import dataclass

from catalogue.environments import DEV, ENVIRONMENTS
from catalogue.model.problem import nearest
from catalogue.services import NAMESPACE, SERVICES


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One running copy of a service."""

    service: str
    version: str
    commit: str
    environment: str
    instance: str
    namespace: str = NAMESPACE

    def __post_init__(self) -> None:
        _check("service", self.service, [service.name for service in SERVICES if service.application])
        _check("environment", self.environment, [environment.name for environment in ENVIRONMENTS])


def identify(service: str) -> Identity:
    """The running copy, by its environment. Raises ValueError for a service or an environment that is not ours."""
    return Identity(
        service=service,
        version=os.environ.get("OPENPOLICY_VERSION", "unknown"),
        commit=os.environ.get("OPENPOLICY_COMMIT", "unknown"),
        environment=os.environ.get("OPENPOLICY_ENVIRONMENT", DEV.name),
        instance=os.environ.get("HOSTNAME") or socket.gethostname(),
    )


def _check(what: str, name: str, known: list[str]) -> None:
    if name not in known:
        raise ValueError(f"{what} {name!r} is not in the catalogue; {nearest(name, known)}")
