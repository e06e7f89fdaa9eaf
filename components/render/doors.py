"""The proxy before a page: it sends whoever comes to single sign-on, and lets through whose groups may."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.model.access import Door, Role
from catalogue.model.quantity import Bytes
from components.render.containers import AUTHORITY, Container

_PORT = 4180


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """Where people prove who they are."""

    issuer: str
    """OpenID Connect issuer."""

    keys: str
    """Address of the keys that it signs with."""

    client: str
    credentials: str
    """Secret with `client-secret` and `cookie-secret`."""

    groups: Mapping[Role, str]
    """The group whose members have each role."""


def proxy(door: Door, address: str, sign_on: SignOn, *, replicas: int) -> Container:
    """The door's program. `address` is what people open."""
    return Container(
        name=door.end.name,
        image="quay.io/oauth2-proxy/oauth2-proxy:v7.15.4",
        port=_PORT,
        port_name="web",
        memory=Bytes.parse("64Mi"),
        args=[
            "--provider=oidc",
            f"--oidc-issuer-url={sign_on.issuer}",
            f"--client-id={sign_on.client}",
            f"--redirect-url={address}/oauth2/callback",
            f"--upstream={door.upstream}",
            f"--http-address=0.0.0.0:{_PORT}",
            "--reverse-proxy=true",
            # An intercepted code is worth nothing without what its page kept.
            "--code-challenge-method=S256",
            "--scope=openid email groups",
            "--oidc-groups-claim=groups",
            # Whoever is in the group, whatever their address.
            "--email-domain=*",
            *(f"--allowed-group={sign_on.groups[role]}" for role in door.roles),
            "--skip-provider-button=true",
            "--cookie-secure=true",
            "--cookie-samesite=lax",
            # Who leaves a group is out within the working day.
            "--cookie-expire=8h",
            # A signed word lives five minutes at many sign-ons: what is handed on is always younger.
            "--cookie-refresh=4m",
            *(["--pass-authorization-header=true"] if door.vouches else []),
        ],
        # Beside the authorities that its image brings, for the sign-on.
        environment={"SSL_CERT_DIR": AUTHORITY} if door.authority else {},
        authority=door.authority,
        credentials=sign_on.credentials,
        credential_keys={
            "OAUTH2_PROXY_CLIENT_SECRET": "client-secret",
            "OAUTH2_PROXY_COOKIE_SECRET": "cookie-secret",
        },
        health="/ping",
        replicas=replicas,
    )
