"""Certificates between machines of ours, from an authority that this stack alone has.

No other operator has to be in the cluster for them. Their keys are in Pulumi's state, as secrets.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_tls as tls
from pulumi import Input, Output, ResourceOptions

# Renewed by the first update after this; an update a month is to be expected, and one a quarter is certain.
_VALID, _RENEWED = 24 * 365, 24 * 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who signs."""

    name: str
    key: tls.PrivateKey
    certificate: tls.SelfSignedCert
    opts: ResourceOptions

    def issue(self, name: str, host: str, uses: Sequence[str]) -> dict[str, Input[str]]:
        """A certificate for the host, in the keys of a TLS Secret. `uses` such as server_auth."""
        key = tls.PrivateKey(f"{self.name}-{name}-key", algorithm="ECDSA", ecdsa_curve="P256", opts=self.opts)
        subject: tls.CertRequestSubjectArgsDict = {"common_name": host[:64]}
        request = tls.CertRequest(
            f"{self.name}-{name}-request",
            private_key_pem=key.private_key_pem,
            dns_names=[host],
            subject=subject,
            opts=self.opts,
        )
        signed = tls.LocallySignedCert(
            f"{self.name}-{name}-certificate",
            allowed_uses=["digital_signature", *uses],
            ca_cert_pem=self.certificate.cert_pem,
            ca_private_key_pem=self.key.private_key_pem,
            cert_request_pem=request.cert_request_pem,
            validity_period_hours=_VALID,
            early_renewal_hours=_RENEWED,
            opts=self.opts,
        )
        return {
            "ca.crt": self.certificate.cert_pem,
            "tls.crt": signed.cert_pem,
            # Logstash reads PKCS#8 alone.
            "tls.key": Output.secret(key.private_key_pem_pkcs8),
        }


def authority(name: str, title: str, opts: ResourceOptions) -> Authority:
    """A new one. `title` is what its certificate says."""
    key = tls.PrivateKey(f"{name}-authority-key", algorithm="ECDSA", ecdsa_curve="P256", opts=opts)
    subject: tls.SelfSignedCertSubjectArgsDict = {"common_name": title}
    certificate = tls.SelfSignedCert(
        f"{name}-authority",
        allowed_uses=["cert_signing", "crl_signing"],
        is_ca_certificate=True,
        private_key_pem=key.private_key_pem,
        subject=subject,
        validity_period_hours=10 * _VALID,
        early_renewal_hours=_VALID,
        opts=opts,
    )
    return Authority(name=name, key=key, certificate=certificate, opts=opts)
