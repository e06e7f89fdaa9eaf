"""How people get in: which page is behind which door, and whom the door lets through."""

from dataclasses import dataclass
from enum import StrEnum

from catalogue.model.flow import End


class Role(StrEnum):
    """What somebody may do. A stack says which group of its sign-on has which role."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ON_CALL = "onCall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A proxy that asks who somebody is before it lets them to one page."""

    end: End
    """The proxy itself."""

    page: End
    """What is behind it."""

    upstream: str
    """Address of the page within the stack's namespace."""

    roles: tuple[Role, ...]
    authority: str | None = None
    """Secret with `ca.crt`, which signed the page's certificate. None: the page is not encrypted."""

    vouches: bool = False
    """Whether it hands its page what the sign-on has signed: who somebody is, and their groups."""

    def __post_init__(self) -> None:
        if not self.roles:
            raise ValueError(f"door {self.end.name}: without a role it would let in everybody who can sign on")
        if self.upstream.startswith("https:") != bool(self.authority):
            raise ValueError(f"door {self.end.name}: a page has TLS and an authority, or neither")
