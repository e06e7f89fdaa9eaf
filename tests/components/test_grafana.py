"""Grafana runs as little as it may, knows no secret in its files, and gets each board by one way only."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from catalogue import CATALOGUE
from catalogue.model.quantity import Bytes
from components.render.data_sources import data_sources
from components.render.grafana import Database, GrafanaSize
from ops.plan.recorder import Recording
from ops.plan.wire import MASK
from tests.support.engine import deploy, objects, of_type, one
from tests.support.examples import BOARDS, GRAFANA, boards, grafana

SHARED = GrafanaSize(
    replicas=2,
    memory=Bytes.parse("512Mi"),
    volume=Bytes.parse("1Gi"),
    storage_class=None,
    database=Database(host="db.example.org:5432", name="grafana", user="grafana"),
)


def shared() -> Recording:
    return deploy(lambda: grafana(size=SHARED, database_password="s3cret"))


def pod(recording: Recording) -> Any:
    return one(recording, "Deployment")["spec"]["template"]["spec"]


def files(recording: Recording) -> Any:
    return one(recording, "ConfigMap", "grafana")["data"]


def test_it_runs_as_nobody_and_writes_only_where_it_must() -> None:
    spec = pod(deploy(grafana))
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in spec["containers"]:
        security = container["securityContext"]
        assert security["readOnlyRootFilesystem"] is True
        assert security["allowPrivilegeEscalation"] is False
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]
        writable = {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
        assert writable <= {"/var/lib/grafana", "/tmp", "/var/lib/grafana-boards"}  # noqa: S108 the pod's own


def test_only_the_sidecar_can_ask_the_cluster_and_only_for_config_maps() -> None:
    recording = deploy(grafana)
    spec = pod(recording)
    assert spec["automountServiceAccountToken"] is False
    holders = [
        each["name"] for each in spec["containers"] if any(mount["name"] == "token" for mount in each["volumeMounts"])
    ]
    assert holders == ["boards"]
    assert one(recording, "Role")["rules"] == [
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}
    ]
    assert not [each for each in objects(recording) if each.inputs["kind"] == "ClusterRole"]


def test_its_keys_are_made_up_and_secret() -> None:
    recording = deploy(grafana)
    made = of_type(recording, ":RandomPassword")
    assert {each.name for each in made} == {"grafana-admin-password", "grafana-secret-key"}
    assert all(each.inputs["length"] >= 32 for each in made)
    (secret,) = [each for each in objects(recording) if each.name == "grafana-secrets"]
    assert set(secret.inputs["stringData"]) == {"admin-password", "secret-key"}


def test_a_database_s_password_is_mounted_and_in_no_file() -> None:
    recording = shared()
    keys = one(recording, "Secret", "grafana")["stringData"]
    assert keys["database-password"] == MASK
    assert "s3cret" not in json.dumps(files(recording))
    assert "$__file{/etc/grafana/secrets/database-password}" in files(recording)["grafana.ini"]


def test_state_is_on_a_volume_or_in_a_database() -> None:
    alone = deploy(grafana)
    claim = next(each for each in objects(alone) if each.inputs["kind"] == "PersistentVolumeClaim")
    assert claim.retain_on_delete
    assert claim.inputs["spec"]["storageClassName"] == "ssd"
    assert one(alone, "Deployment")["spec"]["strategy"] == {"type": "Recreate"}

    together = shared()
    assert not [each for each in objects(together) if each.inputs["kind"] == "PersistentVolumeClaim"]
    deployment = one(together, "Deployment")["spec"]
    assert (deployment["replicas"], deployment["strategy"]) == (2, {"type": "RollingUpdate"})
    assert "podAntiAffinity" in pod(together)["affinity"]
    assert one(together, "PodDisruptionBudget")


def test_two_replicas_without_a_database_are_refused() -> None:
    with pytest.raises(ValueError, match="2 replicas of Grafana share nothing"):
        replace(GRAFANA.size, replicas=2)


@pytest.mark.parametrize(("size", "password"), [(SHARED, None), (GRAFANA.size, "s3cret")])
def test_a_password_without_a_database_and_the_reverse_are_refused(size: GrafanaSize, password: str | None) -> None:
    with pytest.raises(ValueError, match="a database has one, and a volume has none"):
        replace(GRAFANA, size=size, database_password=password)


def test_a_changed_file_starts_new_pods() -> None:
    def checksum(**changes: Any) -> str:
        template = one(deploy(lambda: grafana(**changes)), "Deployment")["spec"]["template"]
        return template["metadata"]["annotations"]["openpolicy.ca/config"]

    assert checksum() == checksum()
    assert checksum() != checksum(external_url="https://other.example.org")
    # Boards are followed without.
    assert checksum() == checksum(boards={})


def test_every_board_is_a_config_map_that_the_sidecar_finds() -> None:
    recording = deploy(grafana)
    found = {
        each.inputs["metadata"]["name"]: each.inputs["data"]
        for each in objects(recording)
        if each.inputs["metadata"].get("labels", {}).get("grafana_dashboard") == "1"
    }
    assert found.keys() == {f"board-{page.board.uid}" for page in BOARDS}
    for page in BOARDS:
        (document,) = found[f"board-{page.board.uid}"].values()
        assert json.loads(document)["uid"] == page.board.uid


def test_boards_that_come_through_the_api_are_no_files() -> None:
    recording = deploy(lambda: grafana(boards=None))
    assert "grafana_dashboard" not in json.dumps([each.inputs for each in objects(recording)])
    assert [each["name"] for each in pod(recording)["containers"]] == ["grafana"]
    mounted = {mount["mountPath"] for mount in pod(recording)["containers"][0]["volumeMounts"]}
    assert not [path for path in mounted if "dashboards" in path or "boards" in path]


def test_through_the_api_teams_read_everything_and_write_only_drafts() -> None:
    recording = deploy(boards)
    folders = {each.name: each.inputs["uid"] for each in of_type(recording, ":Folder")}
    assert folders["boards-folder"] == "openpolicy"
    rights = {each.name: each.inputs["permissions"] for each in of_type(recording, ":FolderPermission")}
    assert {each["permission"] for each in rights["boards-folder-rights"]} == {"View"}
    for team in CATALOGUE.teams:
        edit = [each for each in rights[f"boards-drafts-{team.name}-rights"] if each["permission"] != "View"]
        assert edit == [{"teamId": f"id-of-boards-team-{team.name}", "permission": "Edit"}]


def test_through_the_api_each_board_is_one_resource_in_our_folder() -> None:
    recording = deploy(boards)
    made = of_type(recording, "dashboard:Dashboard")
    assert {json.loads(each.inputs["configJson"])["uid"] for each in made} == {page.board.uid for page in BOARDS}
    assert {each.inputs["folder"] for each in made} == {"openpolicy"}


def test_the_api_s_token_is_secret() -> None:
    (provider,) = of_type(deploy(boards), "pulumi:providers:grafana")
    assert provider.inputs["auth"] == MASK


def test_data_sources_lead_to_each_other() -> None:
    found: dict[str, Any] = {each["uid"]: each for each in data_sources(GRAFANA.sources)["datasources"]}  # pyright: ignore[reportGeneralTypeIssues] a document
    assert found.keys() == {"prometheus", "alertmanager", "elasticsearch", "jaeger"}
    assert found["prometheus"]["jsonData"]["exemplarTraceIdDestinations"][0]["datasourceUid"] == "jaeger"
    assert found["elasticsearch"]["jsonData"]["dataLinks"][0]["datasourceUid"] == "jaeger"
    assert found["elasticsearch"]["correlations"][0]["targetUID"] == "prometheus"
    assert found["jaeger"]["jsonData"]["tracesToLogsV2"]["datasourceUid"] == "elasticsearch"
    assert found["jaeger"]["jsonData"]["tracesToMetrics"]["datasourceUid"] == "prometheus"


def test_grafana_fills_in_only_what_is_meant_for_it() -> None:
    text = files(deploy(grafana))["datasources.yaml"]
    # What is left after the escaped dollars are the three that the pod's environment has.
    left = text.replace("$$", "")
    names = set(re.findall(r"\$__env\{(\w+)\}", left))
    assert names == {each["name"] for each in pod(deploy(grafana))["containers"][0]["env"]}
    assert left.count("$") == len(names)


def test_one_system_alerts() -> None:
    assert "execute_alerts = false" in files(deploy(grafana))["grafana.ini"]
