"""A STAND-IN for Pulumi's providers of random values and certificates: makes up a value once, and keeps to it.

What it calls a key or a certificate is none; nobody in these tests opens a connection with it.
"""

import hashlib
import secrets
import sys

from typing_extensions import override

from tests.live.engine.standin import Made, StandIn, run
from tests.live.engine.values import Values

_MADE = {
    "RandomPassword": ("result", "bcryptHash"),
    "PrivateKey": ("privateKeyPem", "privateKeyPemPkcs8", "publicKeyPem"),
    "CertRequest": ("certRequestPem",),
    "SelfSignedCert": ("certPem",),
    "LocallySignedCert": ("certPem",),
}
_VERSIONS = {"random": "4.21.4", "tls": "5.6.2"}


class Maker(StandIn):
    """Keeps nothing: what was made is in the state."""

    def __init__(self, name: str) -> None:
        self.version = _VERSIONS[name]

    @override
    def replaces(self, path: str) -> bool:
        return True

    @override
    def create(self, kind: str, inputs: Values) -> Made:
        return _made(kind, secrets.token_hex(8), inputs)

    @override
    def read(self, kind: str, identity: str, inputs: Values) -> Made | None:
        return _made(kind, identity, inputs)

    @override
    def update(self, kind: str, identity: str, inputs: Values) -> Made:
        raise NotImplementedError

    @override
    def delete(self, kind: str, identity: str, inputs: Values) -> None:
        pass


def _made(kind: str, identity: str, inputs: Values) -> Made:
    names = _MADE[kind.rpartition(":")[2]]
    values = {name: hashlib.sha256(f"{identity} {name}".encode()).hexdigest() for name in names}
    return Made(id=identity, inputs=inputs, outputs=inputs | values)


if __name__ == "__main__":
    run(Maker(sys.argv[1]))
