"""`python -m ops plan` as a person and as a script meet it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ops.plan.folder import replace_folder
from ops.plan.run import Plan, RefusedError, UnknownStackError, plan
from tests.support.planned import planned

ROOT = Path(__file__).parent.parent.parent
PARTS = (
    "__main__.py",
    "Pulumi.yaml",
    "Pulumi.dev.yaml",
    "Pulumi.prod.yaml",
    "catalogue",
    "alerts",
    "components",
    "dashboards",
    "ops",
)


def ops(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ops", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout of one's own, to plant faults in."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            # With what is compiled already.
            shutil.copytree(source, tmp_path / part)
        else:
            shutil.copy(source, tmp_path / part)
    return tmp_path


def planted(copy: Path, file: str, old: str, new: str) -> str:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    verdict = ops("plan", "prod", cwd=copy)
    assert verdict.returncode == 1, verdict.stdout
    assert "Traceback" not in verdict.stderr
    assert not (copy / "out").exists()
    return verdict.stderr


def test_a_fault_of_the_first_preview_alone_is_told(copy: Path) -> None:
    fault = 'if pulumi.runtime.is_dry_run():\n    raise ValueError("what is unknown")\npulumi.export("namespace"'
    assert "ValueError: what is unknown" in planted(copy, "__main__.py", 'pulumi.export("namespace"', fault)


def test_a_plan_in_a_hurry_is_the_same() -> None:
    assert plan("dev", hurry=True).files == planned("dev").files


def test_a_plan_ends_with_one_line_of_totals(tmp_path: Path) -> None:
    verdict = ops("plan", "prod", "--out", str(tmp_path))
    assert verdict.returncode == 0, verdict.stderr
    assert verdict.stderr == ""
    *tree, last = verdict.stdout.splitlines()
    assert last.startswith("planned prod: ")
    assert all(
        component in "\n".join(tree)
        for component in ("cluster", "operators", "oncall", "alerting", "metrics", "grafana")
    )
    assert "\x1b" not in verdict.stdout, "no colours in a pipe"
    folders = {
        "resources.json",
        "kubernetes",
        "prometheus",
        "alertmanager",
        "grafana",
        "pagerduty",
        "datadog",
        "network",
        "cost",
    }
    assert folders == {path.name for path in (tmp_path / "prod").iterdir()}


def test_wrong_usage_has_a_status_of_its_own() -> None:
    assert ops("plan", "prdo").returncode == 2
    assert "did you mean prod?" in ops("plan", "prdo").stderr
    assert ops("plan").returncode == 2
    assert ops("plna", "prod").returncode == 2


def test_help_shows_examples_without_loading_a_sdk() -> None:
    verdict = ops("plan", "--help")
    assert verdict.returncode == 0
    assert "python -m ops plan prod" in verdict.stdout
    assert "python -m ops cost prod" not in verdict.stdout


def test_a_folder_that_cannot_be_written_is_told_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    verdict = ops("plan", "dev", "--out", str(tmp_path / "file"))
    assert (verdict.returncode, verdict.stdout) == (1, "")
    assert verdict.stderr == f"{tmp_path / 'file'}: File exists\n"


def test_ctrl_c_ends_it_without_a_word_and_the_last_plan_stays(tmp_path: Path) -> None:
    replace_folder(tmp_path / "dev", {"a": "1"})
    code = f"""
import os, runpy, signal, sys, ops.plan.folder
ops.plan.folder.Path.write_text = lambda *_, **__: os.kill(os.getpid(), signal.SIGINT)
sys.argv = ["ops", "plan", "dev", "--out", {str(tmp_path)!r}]
runpy.run_module("ops", run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")} == {"dev", "dev/a"}


def test_a_missing_secret_is_refused_where_secrets_are_required() -> None:
    with pytest.raises(RefusedError) as refused:
        plan("prod", require_secrets=True)
    assert "pulumi config set --secret openpolicy:pagerdutyToken" in str(refused.value)


def test_an_unknown_stack_is_told_apart_from_a_refused_one() -> None:
    with pytest.raises(UnknownStackError, match=r"there is no Pulumi\.staging\.yaml"):
        plan("staging")


def test_a_refused_plan_leaves_the_last_one(copy: Path) -> None:
    assert ops("plan", "dev", cwd=copy).returncode == 0
    before = {path: path.read_bytes() for path in (copy / "out").rglob("*") if path.is_file()}
    (copy / "Pulumi.dev.yaml").write_text("config: {}\n", encoding="utf-8")
    assert ops("plan", "dev", cwd=copy).returncode == 1
    assert {path: path.read_bytes() for path in (copy / "out").rglob("*") if path.is_file()} == before


def test_a_fault_in_the_facts_names_its_line(copy: Path) -> None:
    said = planted(copy, "catalogue/slos.py", 'objective=Decimal("0.95")', 'objective=Decimal("0.5")')
    assert "SLO latency: at an objective of 0.5 its 1h page could never fire" in said
    assert "alerts/burnrate.py" in said


def test_a_fault_in_an_alert_is_refused(copy: Path) -> None:
    said = planted(copy, "alerts/library/api.py", "AppCardinalityHigh", "AppCardinalityHi")
    assert "alert AppCardinalityHi\n    it has no runbook\n    → write alerts/runbooks/AppCardinalityHi.md" in said
    assert "runbook AppCardinalityHigh.md" in said


def test_an_alert_that_a_page_misspells_is_refused(copy: Path) -> None:
    said = planted(copy, "dashboards/library/infrastructure.py", 'alert("HighMemoryUsage")', 'alert("HighMemoryUse")')
    assert "no alert is called HighMemoryUse; did you mean HighMemoryUsage?" in said


def test_a_leaking_secret_is_refused(copy: Path) -> None:
    said = planted(
        copy,
        "components/alerting.py",
        "_SWITCH: args.dead_mans_switch} if args.dead_mans_switch else {}",
        "_SWITCH: args.dead_mans_switch} if args.dead_mans_switch else {}\n"
        '        own = own | {"leak": Output.unsecret(Output.secret(args.dead_mans_switch))}\n'
        '        here = metadata("alertmanager", own, args.namespace)',
    )
    assert "holds the secret behind stand-in-for-deadMansSwitchUrl" in said


def test_a_changed_threshold_changes_one_line_of_a_rule_file(copy: Path) -> None:
    before = planned("prod").files
    path = copy / "Pulumi.prod.yaml"
    text = path.read_text(encoding="utf-8")
    tuned = "openpolicy:alerts: {HighErrorRate: {threshold: 0.05}}"
    path.write_text(text.replace("openpolicy:alerts: {}", tuned), encoding="utf-8")
    after = plan("prod", root=copy).files
    changed = [name for name in after if after[name] != before[name] and name.startswith("prometheus/")]
    assert changed == ["prometheus/rules/openpolicy-api-alerts.yaml"]
    lines = zip(before[changed[0]].splitlines(), after[changed[0]].splitlines(), strict=True)
    assert [(old.strip(), new.strip()) for old, new in lines if old != new] == [
        ("service:http_request_errors:ratio_rate5m > 0.1", "service:http_request_errors:ratio_rate5m > 0.05")
    ]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "dev"
    replace_folder(folder, {"a/b": "1", "c": "2"})
    replace_folder(folder, {"c": "3"})
    assert [str(path.relative_to(folder)) for path in folder.rglob("*")] == ["c"]
    assert (folder / "c").read_text(encoding="utf-8") == "3"
    assert [path.name for path in folder.parent.iterdir()] == ["dev"]


def test_who_is_interrupted_between_both_folders_keeps_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_folder(tmp_path / "dev", {"a": "1"})
    rename = Path.rename

    def interrupted(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_folder(tmp_path / "dev", {"a": "2"})
    assert (tmp_path / "dev" / "a").read_text(encoding="utf-8") == "1"


def test_a_cluster_with_operators_of_its_own_gets_none(copy: Path) -> None:
    path = copy / "Pulumi.prod.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("install: true", "install: false"), encoding="utf-8")
    made = plan("prod", root=copy)
    assert not [
        name for name in made.files if "customresourcedefinition" in name or "deployment-prometheus-operator" in name
    ]
    resources = made.recording.resources
    assert not [urn for urn in resources if "Operators" in urn]
    assert all(each in resources for resource in resources.values() for each in resource.dependencies)


def test_boards_come_through_the_api_where_there_is_an_address_and_as_files_where_not(copy: Path) -> None:
    as_files = planned("prod")
    path = copy / "Pulumi.prod.yaml"
    text = path.read_text(encoding="utf-8")
    section = "  openpolicy:grafana:\n    url: null"
    assert section in text
    path.write_text(
        text.replace(section, section.replace("null", "https://grafana-api.openpolicy.ca")), encoding="utf-8"
    )
    through_api = plan("prod", root=copy)

    def boards(made: Plan) -> dict[str, str]:
        return {name: text for name, text in made.files.items() if name.startswith("grafana/")}

    def ways(made: Plan) -> set[str]:
        resources = made.recording.resources.values()
        return {each.type for each in resources if each.name.rpartition("op-")[2] in ("slo", "business")}

    # The same documents, each by one way.
    assert boards(as_files) == boards(through_api) != {}
    assert ways(as_files) == {"kubernetes:core/v1:ConfigMap"}
    assert ways(through_api) == {"grafana:oss/dashboard:Dashboard"}
    assert through_api.recording.outputs.keys() - as_files.recording.outputs.keys() == {
        next(urn for urn in through_api.recording.resources if "monitoring:Boards::" in urn)
    }
