from dataclasses import replace
from typing import Any

import pytest

from catalogue.access import TO_ALERTMANAGER, TO_KIBANA, TO_PROMETHEUS
from catalogue.model.access import Role
from components.render.containers import AUTHORITY
from components.render.doors import proxy
from components.render.elastic.size import KIBANA_CERTIFICATES, KIBANA_HOST
from tests.support import examples
from tests.support.engine import deploy, of_type, one


def told(door: str) -> list[str]:
    return one(deploy(examples.access), "Deployment", door)["spec"]["template"]["spec"]["containers"][0]["args"]


def ingress(door: str) -> dict[str, Any]:
    return one(deploy(examples.access), "Ingress", door)["spec"]


@pytest.mark.parametrize("door", ["prometheus-door", "alertmanager-door"])
def test_people_come_in_over_tls_and_meet_the_proxy(door: str) -> None:
    made = ingress(door)
    page = door.removesuffix("-door")
    assert made["tls"] == [{"hosts": [f"{page}.example.org"], "secretName": f"{door}-tls"}]
    (rule,) = made["rules"]
    assert rule["host"] == f"{page}.example.org"
    assert rule["http"]["paths"][0]["backend"]["service"] == {"name": door, "port": {"name": "web"}}
    assert one(deploy(examples.access), "Service", door)["spec"]["ports"][0]["name"] == "web"


def test_a_certificate_is_asked_for_where_somebody_issues_them() -> None:
    annotations = one(deploy(examples.access), "Ingress", "prometheus-door")["metadata"]["annotations"]
    assert annotations == {"cert-manager.io/cluster-issuer": "letsencrypt"}
    bare = deploy(lambda: examples.access(certificate_issuer=None))
    assert not one(bare, "Ingress", "prometheus-door")["metadata"].get("annotations")


def test_a_door_lets_through_the_groups_of_its_roles_and_nobody_else() -> None:
    assert [each for each in told("alertmanager-door") if "group=" in each] == ["--allowed-group=group-of-onCall"]
    assert sum("--allowed-group=" in each for each in told("prometheus-door")) == len(Role)


def test_a_page_with_tls_is_known_by_who_signed_its_certificate() -> None:
    behind = proxy(TO_KIBANA, "https://logs.example.org", examples.SIGN_ON, replicas=1)
    assert behind.authority == KIBANA_CERTIFICATES
    assert behind.environment == {"SSL_CERT_DIR": AUTHORITY}
    assert f"--upstream=https://{KIBANA_HOST}:5601" in behind.args
    assert not [each for each in behind.args if "insecure" in each]
    with pytest.raises(ValueError, match="door kibana-door: a page has TLS and an authority, or neither"):
        replace(TO_KIBANA, authority=None)


def test_who_only_looks_at_boards_sees_no_lines() -> None:
    assert Role.VIEWER not in TO_KIBANA.roles


def test_a_door_without_roles_is_refused() -> None:
    with pytest.raises(ValueError, match="door alertmanager-door: without a role it would let in everybody"):
        replace(TO_ALERTMANAGER, roles=())


def test_a_session_is_safe_from_scripts_and_other_sites() -> None:
    args = told("prometheus-door")
    assert {"--cookie-secure=true", "--cookie-samesite=lax", "--code-challenge-method=S256"} <= {*args}
    assert f"--upstream={TO_PROMETHEUS.upstream}" in args
    assert "--redirect-url=https://prometheus.example.org/oauth2/callback" in args


def test_no_secret_is_among_its_arguments() -> None:
    pod = one(deploy(examples.access), "Deployment", "prometheus-door")["spec"]["template"]["spec"]
    assert not [each for each in pod["containers"][0]["args"] if "secret" in each]
    assert {each["name"]: each["valueFrom"]["secretKeyRef"] for each in pod["containers"][0]["env"]} == {
        "OAUTH2_PROXY_CLIENT_SECRET": {"name": "sign-on", "key": "client-secret"},
        "OAUTH2_PROXY_COOKIE_SECRET": {"name": "sign-on", "key": "cookie-secret"},
    }
    assert pod["automountServiceAccountToken"] is False


def test_a_door_is_never_shut_by_a_drained_node() -> None:
    budgets = of_type(deploy(examples.access), ":PodDisruptionBudget")
    assert {each.inputs["spec"]["maxUnavailable"] for each in budgets} == {1}
    assert len(budgets) == 2
