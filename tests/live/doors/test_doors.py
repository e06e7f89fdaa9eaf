"""The planned doors in the real proxy: who gets through, and what the page behind learns of them."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jmespath  # pyright: ignore[reportMissingTypeStubs] what Grafana's own is held against
import pytest
import requests
import yaml
from cryptography.exceptions import InvalidSignature

from components.render.containers import AUTHORITY
from ops.plan.run import plan, settings_of
from tests.live.certificates import Authority, Identity
from tests.live.doors.issuer import Claims, Issuer, issuing, verified
from tests.live.parts import OAUTH2_PROXY
from tests.live.ports import Ports
from tests.live.processes import Processes
from tests.support.loopback import Quiet, serving
from tests.support.tools import built

STACK = "prod"
ACCESS = settings_of(STACK).settings.access
GROUPS = ACCESS.groups
ROLES = {GROUPS.viewer: "Viewer", GROUPS.editor: "Editor", GROUPS.on_call: "Editor"}
KEYS = {"OAUTH2_PROXY_CLIENT_SECRET": "x", "OAUTH2_PROXY_COOKIE_SECRET": "0123456789abcdef0123456789abcdef"}


@cache
def documents() -> Mapping[str, str]:
    return plan(STACK).files


def planned(kind: str, name: str) -> Any:
    return yaml.safe_load(documents()[f"kubernetes/{kind}-{name}.yaml"])


def grafana() -> ConfigParser:
    """How Grafana is told to read what the door hands on."""
    parser = ConfigParser(interpolation=None)
    parser.read_string(planned("configmap", "grafana")["data"]["grafana.ini"])
    return parser


@dataclass(slots=True)
class Door:
    """A real proxy with its planned arguments, but for where it listens, who signs, and what is behind."""

    url: str
    issuer: Issuer
    seen: list[dict[str, str]]
    """Headers of every request that got through."""

    cookies: dict[str, str] = field(default_factory=dict[str, str])

    def get(self, path: str = "/", **headers: str) -> requests.Response:
        """What a browser gets, sent from place to place."""
        address = f"{self.url}{path}"
        for _ in range(6):
            ours = address.startswith(self.url)
            own = headers | ({"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if ours else {})
            answer = requests.get(address, headers=own, allow_redirects=False, timeout=10)
            # A browser keeps them for the address with TLS that stands before the door.
            self.cookies |= {name: value or "" for name, value in answer.cookies.items()} if ours else {}
            if not answer.is_redirect:
                return answer
            to = urlsplit(answer.headers["Location"])
            if to.path.startswith("/oauth2/") or not to.netloc:
                address = f"{self.url}{to.path}?{to.query}"
            else:
                address = to.geturl()
        raise AssertionError("sent in circles")


@contextmanager
def door(
    name: str,
    folder: Path,
    *,
    behind: Identity | None = None,
    trusted: Path | None = None,
    instead: Mapping[str, str] | None = None,
) -> Iterator[Door]:
    """The door of that name, and a page behind it that keeps what it hears.

    `behind` is whom the page shows itself as, and `trusted` the folder of authorities that is mounted into the door.
    """
    seen = list[dict[str, str]]()

    class Page(Quiet):
        def do_GET(self) -> None:
            seen.append({key.lower(): value for key, value in self.headers.items()})
            self.tell({})

    container = planned("deployment", name)["spec"]["template"]["spec"]["containers"][0]
    port, processes = Ports(), Processes(folder)
    listens = f"127.0.0.1:{port.take()}"
    with serving(Page, identity=behind) as page, issuing(ACCESS.client) as issuer:
        changed = {"upstream": page, "oidc-issuer-url": issuer.url, "http-address": listens} | dict(instead or {})
        arguments = [
            f"--{option}={changed.get(option, value)}"
            for option, _, value in (each.removeprefix("--").partition("=") for each in container["args"])
        ]
        said = {each["name"]: each["value"] for each in container["env"] if "value" in each}
        # Where it is mounted in the cluster, there is nothing here.
        said = {key: str(trusted) if value == AUTHORITY else value for key, value in said.items()}
        processes.start(name, built(OAUTH2_PROXY), *arguments, environment=KEYS | said)
        try:
            address = f"http://{listens}"
            processes.wait(lambda: requests.get(f"{address}/ping", timeout=2).ok or None, f"{name} to answer")
            yield Door(address, issuer, seen)
        finally:
            processes.stop()
            port.release()


def word(heard: dict[str, str]) -> str:
    kind, _, token = heard["authorization"].partition(" ")
    assert kind == "Bearer"
    return token


def role(claims: Claims) -> str | None:
    """As Grafana finds it."""
    return jmespath.search(grafana()["auth.jwt"]["role_attribute_path"], dict(claims)) or None


@pytest.fixture(scope="module")
def to_grafana(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with door("grafana-door", tmp_path_factory.mktemp("door")) as made:
        yield made


@pytest.fixture
def fresh(to_grafana: Door) -> Door:
    """The door, before anybody has come in."""
    to_grafana.cookies.clear()
    to_grafana.seen.clear()
    return to_grafana


@pytest.mark.parametrize("group", ROLES)
def test_grafana_can_check_who_came_in_and_finds_their_role(fresh: Door, group: str) -> None:
    fresh.issuer.groups = ["everybody", group]
    assert fresh.get("/d/op-system-overview").status_code == 200
    claims = verified(word(fresh.seen[-1]), fresh.issuer.keys())
    expected = json.loads(grafana()["auth.jwt"]["expect_claims"])
    assert claims["aud"] == expected["aud"]
    # The issuer is this machine's here; what is expected is the stack's.
    assert expected["iss"] == ACCESS.issuer
    assert claims[grafana()["auth.jwt"]["email_claim"]] == "person@example.org"
    assert role(claims) == ROLES[group]


def test_who_is_in_no_group_stays_outside(fresh: Door) -> None:
    fresh.issuer.groups = ["everybody"]
    assert fresh.get().status_code == 403
    assert fresh.seen == []
    assert role({"groups": ["everybody"]}) is None


def test_who_has_not_signed_on_is_sent_there_with_a_proof_of_the_code(fresh: Door) -> None:
    fresh.issuer.groups = [GROUPS.viewer]
    fresh.get()
    assert set(fresh.issuer.challenges) == {"S256"}


def test_a_header_that_somebody_made_up_does_not_get_through(fresh: Door) -> None:
    fresh.issuer.groups = [GROUPS.viewer]
    fresh.get()
    forger = Issuer(fresh.issuer.client, fresh.issuer.url, [GROUPS.editor])
    forged = forger.token("")
    fresh.get(Authorization=f"Bearer {forged}")
    assert word(fresh.seen[-1]) != forged
    assert role(verified(word(fresh.seen[-1]), fresh.issuer.keys())) == "Viewer"
    # And Grafana would not take it from a pod that stands within either.
    with pytest.raises(InvalidSignature):
        verified(forged, fresh.issuer.keys())


def test_what_is_handed_on_never_gets_old(tmp_path: Path) -> None:
    shortest = re.search(r"--cookie-refresh=(\d+)m", " ".join(arguments("grafana-door")))
    assert shortest is not None
    assert int(shortest[1]) < 5
    with door("grafana-door", tmp_path, instead={"cookie-refresh": "1s"}) as quick:
        quick.issuer.groups = [GROUPS.viewer]
        quick.get()
        # It counts whole seconds.
        time.sleep(2.5)
        quick.get()
        first, second = (verified(word(heard), quick.issuer.keys())["jti"] for heard in (quick.seen[0], quick.seen[-1]))
        assert second > first


def arguments(name: str) -> list[str]:
    return planned("deployment", name)["spec"]["template"]["spec"]["containers"][0]["args"]


def test_a_page_without_roles_of_its_own_learns_nothing(tmp_path: Path) -> None:
    with door("alertmanager-door", tmp_path) as other:
        other.issuer.groups = [GROUPS.editor]
        assert other.get().status_code == 403
        other.issuer.groups = [GROUPS.on_call]
        assert other.get().status_code == 200
        assert "authorization" not in other.seen[-1]


def test_kibana_s_door_knows_kibana_by_who_signed_for_it(tmp_path: Path) -> None:
    ours, another = Authority(tmp_path / "ours"), Authority(tmp_path / "another")
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    (trusted / "ca.crt").write_bytes(ours.certificate.read_bytes())
    with door("kibana-door", tmp_path / "right", behind=ours.issue("kibana"), trusted=trusted) as right:
        right.issuer.groups = [GROUPS.viewer]
        assert right.get().status_code == 403
        assert right.seen == []
        for group in (GROUPS.editor, GROUPS.on_call):
            right.cookies.clear()
            right.issuer.groups = [group]
            assert right.get("/app/discover").status_code == 200
        # Kibana takes who comes without a name for a visitor.
        assert "authorization" not in right.seen[-1]
    with door("kibana-door", tmp_path / "wrong", behind=another.issue("kibana"), trusted=trusted) as wrong:
        wrong.issuer.groups = [GROUPS.editor]
        assert wrong.get().status_code == 502
        assert wrong.seen == []


def test_the_planned_image_is_of_the_version_that_is_tried_here() -> None:
    container = planned("deployment", "grafana-door")["spec"]["template"]["spec"]["containers"][0]
    assert container["image"].endswith(f":{OAUTH2_PROXY.version}")
