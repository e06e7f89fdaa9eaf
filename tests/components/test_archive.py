import json
import subprocess
import sys
from pathlib import Path

from catalogue import CATALOGUE
from catalogue.model.retention import AUDIT_ARCHIVE, AUDIT_RESTORE
from components.render.logs.roles import RESTORER, roles
from ops.archive.checks import RESTORED
from ops.plan.wire import MASK
from tests.support import examples
from tests.support.engine import deploy, objects, one


def test_its_program_runs_from_what_is_mounted_alone(tmp_path: Path) -> None:
    recording = deploy(examples.archive)
    pod = one(recording, "CronJob", AUDIT_ARCHIVE)["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    data = one(recording, "ConfigMap")["data"]
    for item in next(each for each in pod["volumes"] if each["name"] == "program")["configMap"]["items"]:
        path = tmp_path / item["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data[item["key"]], encoding="utf-8")
    command = [sys.executable, *pod["containers"][0]["command"][1:-1], "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "archive every hour that is over" in done.stdout


def test_no_two_run_at_once_and_keys_are_references() -> None:
    recording = deploy(examples.archive)
    assert one(recording, "CronJob", AUDIT_ARCHIVE)["spec"]["concurrencyPolicy"] == "Forbid"
    for name in ("archive-store", "archive-store-reader"):
        assert set(one(recording, "Secret", name)["stringData"].values()) == {MASK}
    assert "k3y" not in json.dumps([each.inputs for each in objects(recording)])


def test_only_production_is_locked_for_everybody() -> None:
    for locked, mode in ((True, "COMPLIANCE"), (False, "GOVERNANCE")):
        job = one(deploy(lambda locked=locked: examples.archive(locked_for_all=locked)), "CronJob", AUDIT_ARCHIVE)
        env = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["env"]
        assert {"name": "ARCHIVE_MODE", "value": mode} in env


def test_its_pod_is_restricted() -> None:
    pod = one(deploy(examples.archive), "CronJob", AUDIT_ARCHIVE)["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True


def test_who_restores_may_neither_read_what_is_archived_nor_write_to_the_archive() -> None:
    recording = deploy(examples.archive)
    users = {}
    for name in (AUDIT_ARCHIVE, AUDIT_RESTORE):
        pod = one(recording, "CronJob", name)["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        env = {each["name"]: each for each in pod["containers"][0]["env"]}
        keys = ("USERNAME", "PASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        users[name] = [env[key]["valueFrom"]["secretKeyRef"]["name"] for key in keys]
    assert users == {
        AUDIT_ARCHIVE: ["logs-user-archiver"] * 2 + ["archive-store"] * 2,
        AUDIT_RESTORE: ["logs-user-restorer"] * 2 + ["archive-store-reader"] * 2,
    }
    (allowed,) = roles(CATALOGUE.log_classes)[RESTORER]["indices"]
    assert allowed["names"] == [f"{RESTORED}*"]
    assert one(recording, "CronJob", AUDIT_RESTORE)["spec"]["schedule"].endswith(" 1 * *")
