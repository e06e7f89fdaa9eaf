"""One authority for each cluster, by whose certificates its servers and their clients know each other."""

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFE = dt.timedelta(days=30)
_NAMES = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
_USES = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Files of a certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Signs what trusts each other within one folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _subject("openpolicy-tests", "")
        self.certificate = folder / "authority.crt"
        """Whom to trust."""

        draft = _draft(self._name, self._name, self._key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        _write_certificate(self.certificate, draft.sign(self._key, hashes.SHA256()))

    def issue(self, name: str, *, group: str = "", hosts: Sequence[str] = ()) -> Identity:
        """Of a server on 127.0.0.1, or of those hosts, and of a Kubernetes user of that name in that group."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName(host) for host in hosts] or _NAMES
        draft = (
            _draft(_subject(name, group), self._name, key)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.ExtendedKeyUsage(_USES), critical=False)
        )
        made = Identity(certificate=self._folder / f"{name}.crt", key=self._folder / f"{name}.key")
        _write_certificate(made.certificate, draft.sign(self._key, hashes.SHA256()))
        made.key.touch(mode=0o600)
        made.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
            )
        )
        return made


def _subject(name: str, group: str) -> x509.Name:
    names = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    return x509.Name([*names, x509.NameAttribute(NameOID.ORGANIZATION_NAME, group)] if group else names)


def _draft(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks of a machine that was suspended step back.
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + _LIFE)
    )


def _write_certificate(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
