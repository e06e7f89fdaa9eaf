"""Between nodes spans go encrypted, and both ends show who they are: an address of a request can say who asks for what.

From an application to the agent of its own node they go in the clear: they never leave the node, and what sends them
needs to know no more than a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from components.render.kubernetes import Document

FOLDER = "/etc/certificate"
"""Where a collector's certificate is mounted, with its key and the authority of all of them."""

# Of files that change when a certificate is renewed: much less than it is still valid for then.
_READ_ANEW = "1h"
_OWN: Document = {
    "cert_file": f"{FOLDER}/tls.crt",
    "key_file": f"{FOLDER}/tls.key",
    "min_version": "1.3",
    "reload_interval": _READ_ANEW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a collector shows: the name that is in it, and what it may be used for."""

    host: str
    uses: Sequence[str]
    """server_auth, client_auth."""


def serving() -> Document:
    """Takes from none but those who have a certificate of the same authority."""
    return _OWN | {"client_ca_file": f"{FOLDER}/ca.crt", "client_ca_file_reload": True}


def asking(host: str) -> Document:
    """Sends to nobody but who shows that name: addresses are found one by one, and a certificate names none."""
    return _OWN | {"ca_file": f"{FOLDER}/ca.crt", "server_name_override": host}
