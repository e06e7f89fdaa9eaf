"""Who people are to Grafana: it reads what the sign-on has signed, and believes no header that anybody else can write.

The door hands on the sign-on's own token. Grafana checks its signature, issuer and audience at every request, so a pod
that gets past the network's policies is still nobody.
"""

import json
from collections.abc import Mapping
from typing import Literal

from catalogue.model.access import Role
from components.render.doors import SignOn

GRAFANA_ROLES: Mapping[Role, Literal["Viewer", "Editor"]] = {
    # Only an editor can follow a panel's links into logs and traces.
    Role.ON_CALL: "Editor",
    Role.EDITOR: "Editor",
    Role.VIEWER: "Viewer",
}
"""From the highest: who is in two groups has the first. Nobody becomes an administrator by a group."""


def people(sign_on: SignOn | None, external_url: str) -> Mapping[str, Mapping[str, str]]:
    """Sections of grafana.ini."""
    if sign_on is None:
        return {}
    expected = {"aud": sign_on.client, "iss": sign_on.issuer}
    return {
        # Who leaves Grafana leaves its door too.
        "auth": {"signout_redirect_url": f"{external_url}/oauth2/sign_out"},
        "auth.jwt": {
            "enabled": "true",
            "header_name": "Authorization",
            "jwk_set_url": sign_on.keys,
            # New keys are believed this soon.
            "cache_ttl": "5m",
            "expect_claims": json.dumps(expected, sort_keys=True),
            "username_claim": "email",
            "email_claim": "email",
            "auto_sign_up": "true",
            "url_login": "false",
            "role_attribute_path": role_path(sign_on.groups),
            # Who is in none of the groups is refused, and does not become a viewer.
            "role_attribute_strict": "true",
            "allow_assign_grafana_admin": "false",
        },
    }


def role_path(groups: Mapping[Role, str]) -> str:
    """The role in Grafana, as JMESPath over the token's claims: nothing where no group has one."""
    return " || ".join(f"contains(groups[*], '{groups[role]}') && '{known}'" for role, known in GRAFANA_ROLES.items())
