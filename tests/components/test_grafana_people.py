"""Grafana believes the sign-on's signature, and nothing that somebody within the cluster could write."""

import json
from configparser import ConfigParser
from typing import Any

import jmespath  # pyright: ignore[reportMissingTypeStubs] what Grafana's own is held against
import pytest

from catalogue.access import EVERYBODY, TO_GRAFANA
from components.render.doors import proxy
from components.render.grafana import configuration
from components.render.grafana_people import GRAFANA_ROLES
from tests.support.examples import SIGN_ON

ADDRESS = "https://grafana.example.org"


def settings(*, signed_on: bool = True) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.read_string(configuration(ADDRESS, None, SIGN_ON if signed_on else None))
    return parser


def role(*groups: str) -> Any:
    return jmespath.search(settings()["auth.jwt"]["role_attribute_path"], {"groups": list(groups)})


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (("group-of-viewer",), "Viewer"),
        (("group-of-editor",), "Editor"),
        (("group-of-onCall",), "Editor"),
        (("group-of-viewer", "group-of-onCall"), "Editor"),
        (("staff", "group-of-viewer"), "Viewer"),
    ],
)
def test_a_group_decides_the_role_and_the_highest_counts(groups: tuple[str, ...], expected: str) -> None:
    assert role(*groups) == expected


@pytest.mark.parametrize("groups", [(), ("staff",), ("group-of-viewers",), ("Admin",)])
def test_who_is_in_no_group_of_ours_is_refused(groups: tuple[str, ...]) -> None:
    assert not role(*groups)
    assert settings()["auth.jwt"]["role_attribute_strict"] == "true"


def test_every_role_that_the_door_lets_in_has_one_in_grafana_and_none_administers() -> None:
    assert GRAFANA_ROLES.keys() == {*EVERYBODY} == {*TO_GRAFANA.roles}
    assert set(GRAFANA_ROLES.values()) == {"Viewer", "Editor"}
    assert settings()["auth.jwt"]["allow_assign_grafana_admin"] == "false"


def test_only_what_the_sign_on_has_signed_for_us_counts() -> None:
    known = settings()["auth.jwt"]
    assert json.loads(known["expect_claims"]) == {"aud": SIGN_ON.client, "iss": SIGN_ON.issuer}
    assert known["jwk_set_url"] == SIGN_ON.keys
    # A header with a name in it would be believed from whoever gets through to the port.
    assert "auth.proxy" not in settings()
    assert known["url_login"] == "false"


def test_the_door_hands_on_the_signature_and_other_doors_do_not() -> None:
    args = proxy(TO_GRAFANA, ADDRESS, SIGN_ON, replicas=1).args
    assert "--pass-authorization-header=true" in args
    assert not [each for each in args if "pass-user-headers" in each or "pass-basic-auth" in each]


def test_without_a_sign_on_there_are_only_its_own_users() -> None:
    assert not [name for name in settings(signed_on=False).sections() if name.startswith("auth.jwt")]
