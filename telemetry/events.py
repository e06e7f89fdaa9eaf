"""Events that are kept for years: what was done, to what, by whom, and how it went.

Every field is required, for an auditor asks for each. The class decides how long a line is kept and who may read it;
only the functions here can give it.
"""

from enum import StrEnum
from uuid import uuid4

from catalogue.logs import AUDIT, SECURITY
from catalogue.model.logs import LogClass
from telemetry.logs import CLASS, record
from telemetry.problems import Quietly


class Outcome(StrEnum):
    """How it went."""

    SUCCESS = "success"
    FAILURE = "failure"
    UNKNOWN = "unknown"


def audit(*, action: str, outcome: Outcome, user: str, target: str, **details: object) -> str:
    """Records who changed what in public data. Returns the event's id.

    `action` is like "bill.update", `user` a pseudonymous id and never an address, `target` like "bill/C-11".
    """
    return _event(AUDIT, action, outcome, user, target, details)


def security(*, action: str, outcome: Outcome, user: str, target: str, **details: object) -> str:
    """Records what an investigation will ask for: logins, refusals, changes of rights. Returns the event's id."""
    return _event(SECURITY, action, outcome, user, target, details)


def _event(
    log_class: LogClass, action: str, outcome: Outcome, user: str, target: str, details: dict[str, object]
) -> str:
    number = str(uuid4())
    with Quietly(f"recording an event of class {log_class.name}"):
        fields: dict[str, object] = {
            **details,
            CLASS: log_class,
            "event.id": number,
            "event.kind": "event",
            "event.action": action or "unknown",
            "event.outcome": outcome.value,
            "user.id": user or "unknown",
            "target": target or "unknown",
        }
        record(f"{action} {target}", fields)
        if not (action and user and target):
            raise ValueError(f"{log_class.name} event {action!r}: action, user and target are never empty")
    return number
