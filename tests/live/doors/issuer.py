"""A STAND-IN for a sign-on, as far as OpenID Connect goes: whoever comes is signed on, as the one that it is told."""

import base64
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from tests.support.loopback import Quiet, serving

Claims = Mapping[str, Any]


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _number(value: int) -> str:
    return _encoded(value.to_bytes((value.bit_length() + 7) // 8))


@dataclass(slots=True)
class Issuer:
    """Who signs, for whom, and who is at the door."""

    client: str
    url: str = ""
    groups: list[str] = field(default_factory=list[str])
    challenges: list[str] = field(default_factory=list[str])
    """How each who was sent here wants the code kept safe."""

    _key: RSAPrivateKey = field(default_factory=lambda: generate_private_key(65537, 2048))
    _signed: int = 0

    def keys(self) -> Mapping[str, Any]:
        """What it shows of its keys."""
        public = self._key.public_key().public_numbers()
        return {"keys": [{"kty": "RSA", "kid": "1", "alg": "RS256", "n": _number(public.n), "e": _number(public.e)}]}

    def token(self, nonce: str) -> str:
        """Its word on who is at the door."""
        self._signed += 1
        now = int(time.time())
        claims = {"iss": self.url, "aud": self.client, "sub": "p1", "iat": now, "exp": now + 300, "nonce": nonce}
        claims |= {"email": "person@example.org", "email_verified": True, "groups": self.groups, "jti": self._signed}
        parts = ({"alg": "RS256", "typ": "JWT", "kid": "1"}, claims)
        text = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
        return f"{text}.{_encoded(self._key.sign(text.encode(), PKCS1v15(), SHA256()))}"


def verified(token: str, keys: Mapping[str, Any]) -> Claims:
    """What a token says. Raises InvalidSignature where none of the keys has signed it."""
    text, _, signature = token.rpartition(".")
    (key,) = keys["keys"]
    n, e = (int.from_bytes(_decoded(key[part])) for part in ("n", "e"))
    RSAPublicNumbers(e, n).public_key().verify(_decoded(signature), text.encode(), PKCS1v15(), SHA256())
    return json.loads(_decoded(text.split(".")[1]))


@contextmanager
def issuing(client: str) -> Iterator[Issuer]:
    """A sign-on on a free port of this machine."""
    issuer = Issuer(client)
    nonces = dict[str, str]()

    class Handler(Quiet):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            if asked.path == "/authorize":
                issuer.challenges.append(query["code_challenge_method"])
                nonces["code"] = query.get("nonce", "")
                self.send_response(302)
                self.send_header("Location", f"{query['redirect_uri']}?code=code&state={query['state']}")
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif asked.path == "/keys":
                self.tell(issuer.keys())
            else:
                ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
                addresses = {f"{name}_endpoint": f"{issuer.url}/{path}" for name, path in ends.items()}
                algorithms = {"id_token_signing_alg_values_supported": ["RS256"]}
                self.tell({"issuer": issuer.url, "jwks_uri": f"{issuer.url}/keys"} | addresses | algorithms)

        def do_POST(self) -> None:
            self.body()
            token = issuer.token(nonces["code"])
            lasting = {"token_type": "Bearer", "expires_in": 300, "access_token": "a", "refresh_token": "r"}
            self.tell(lasting | {"id_token": token})

    with serving(Handler) as issuer.url:
        yield issuer
