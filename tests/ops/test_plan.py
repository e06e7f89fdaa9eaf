"""`python -m ops plan` as a person and as a script meet it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ops.plan.folder import replace_folder
from ops.plan.run import Plan, RefusedError, UnknownStackError, plan
from tests.support.command import Said, ops_says, started
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


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout of one's own, to plant faults in."""
    for part in PARTS:
        (tmp_path / part).symlink_to(ROOT / part)
    return tmp_path


def edit(copy: Path, file: str, old: str, new: str) -> None:
    """Puts another file in its place. All others stay links."""
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    for folder in reversed((copy / file).relative_to(copy).parents[:-1]):
        beside = [*(copy / folder).iterdir()]
        (copy / folder).unlink()
        (copy / folder).mkdir()
        for each in beside:
            (copy / folder / each.name).symlink_to(ROOT / folder / each.name)
    (copy / file).unlink()
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def told(copy: Path, said: Said) -> str:
    """The refusal."""
    assert said.status == 1, said.out
    assert "Traceback" not in said.err
    assert not (copy / "out").exists()
    return said.err


def planted(copy: Path, file: str, old: str, new: str) -> str:
    """What is said of a fault in a module, by a process that has not imported the right one."""
    edit(copy, file, old, new)
    # What is compiled of the right one lies behind a link, and stays.
    return told(copy, started("plan", "prod", cwd=copy, options=["-B"]))


def planted_in_the_program(copy: Path, new: str, stack: str) -> str:
    """What is said of more at the program's end."""
    end = 'pulumi.export("namespace"'
    edit(copy, "__main__.py", end, f"{new}\n{end}")
    return told(copy, ops_says("plan", stack, "--out", str(copy / "out"), root=copy))


def test_a_fault_of_the_first_preview_alone_is_told(copy: Path) -> None:
    fault = 'if pulumi.runtime.is_dry_run():\n    raise ValueError("what is unknown")'
    assert "ValueError: what is unknown" in planted_in_the_program(copy, fault, "dev")


def test_a_plan_that_is_previewed_is_the_same() -> None:
    assert plan("dev", previewed=True).files == planned("dev").files


def test_a_plan_ends_with_one_line_of_totals(tmp_path: Path) -> None:
    said = ops_says("plan", "prod", "--out", str(tmp_path))
    assert (said.status, said.err) == (0, "")
    *tree, last = said.out.splitlines()
    assert last.startswith("planned prod: ")
    assert all(
        component in "\n".join(tree)
        for component in ("cluster", "operators", "oncall", "alerting", "metrics", "grafana")
    )
    assert "\x1b" not in said.out, "no colours in a pipe"
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
    said = ops_says("plan", "prdo")
    assert said.status == 2
    assert "did you mean prod?" in said.err
    assert ops_says("plan").status == 2
    assert ops_says("plna", "prod").status == 2


def test_help_shows_examples_without_loading_a_sdk() -> None:
    said = started("plan", "--help", cwd=ROOT, options=["-X", "importtime"])
    assert said.status == 0
    assert "python -m ops plan prod" in said.out
    assert "python -m ops cost prod" not in said.out
    assert re.search(r"\| +argparse$", said.err, re.MULTILINE)
    assert not re.search(r"\| +(pulumi|pydantic|rich)\S*$", said.err, re.MULTILINE)


def test_a_folder_that_cannot_be_written_is_told_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = ops_says("plan", "dev", "--out", str(tmp_path / "file"))
    assert said == Said(1, "", f"{tmp_path / 'file'}: File exists\n")


def test_ctrl_c_ends_it_without_a_word_and_the_last_plan_stays(tmp_path: Path) -> None:
    replace_folder(tmp_path / "dev", {"a": "1"})
    code = f"""
import os, runpy, signal, sys, ops.plan.folder
# Whoever runs the tests in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
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
    given = ("plan", "dev", "--out", str(copy / "out"))
    assert ops_says(*given).status == 0
    before = {path: path.read_bytes() for path in (copy / "out").rglob("*") if path.is_file()}
    assert before
    settings = (copy / "Pulumi.dev.yaml").read_text(encoding="utf-8")
    edit(copy, "Pulumi.dev.yaml", settings, "config: {}\n")
    assert ops_says(*given, root=copy).status == 1
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
    leak = """
from pulumi_kubernetes.core.v1 import ConfigMap
url = pulumi.Output.unsecret(stack.secrets["deadMansSwitchUrl"])
ConfigMap("leak", metadata={"name": "leak"}, data={"url": url}, opts=here)"""
    said = planted_in_the_program(copy, leak, "prod")
    assert "kubernetes/configmap-leak.yaml" in said
    assert "holds the secret behind stand-in-for-deadMansSwitchUrl" in said


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Production with another threshold, operators of the cluster's own, and Grafana's address."""
    root = tmp_path_factory.mktemp("other")
    text = (ROOT / "Pulumi.prod.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("openpolicy:alerts: {}", "openpolicy:alerts: {HighErrorRate: {threshold: 0.05}}"),
        ("install: true", "install: false"),
        ("  openpolicy:grafana:\n    url: null", "  openpolicy:grafana:\n    url: https://grafana-api.openpolicy.ca"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    for part in ("Pulumi.yaml", "__main__.py"):
        (root / part).symlink_to(ROOT / part)
    (root / "Pulumi.prod.yaml").write_text(text, encoding="utf-8")
    return plan("prod", root=root)


def test_a_changed_threshold_changes_one_line_of_a_rule_file(other: Plan) -> None:
    before, after = planned("prod").files, other.files
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


def test_a_cluster_with_operators_of_its_own_gets_none(other: Plan) -> None:
    assert not [
        name for name in other.files if "customresourcedefinition" in name or "deployment-prometheus-operator" in name
    ]
    resources = other.recording.resources
    assert not [urn for urn in resources if "Operators" in urn]
    assert all(each in resources for resource in resources.values() for each in resource.dependencies)


def test_boards_come_through_the_api_where_there_is_an_address_and_as_files_where_not(other: Plan) -> None:
    as_files, through_api = planned("prod"), other

    def boards(made: Plan) -> dict[str, str]:
        return {name: text for name, text in made.files.items() if name.startswith("grafana/")}

    def ways(made: Plan) -> set[str]:
        resources = made.recording.resources.values()
        return {each.type for each in resources if each.name.rpartition("op-")[2] in ("slo", "business")}

    # The same documents, but for the one that shows the other threshold, and each by one way.
    assert boards(as_files).keys() == boards(through_api).keys()
    changed = [name for name, text in boards(through_api).items() if boards(as_files)[name] != text]
    assert changed == ["grafana/op-system-overview.json"]
    assert ways(as_files) == {"kubernetes:core/v1:ConfigMap"}
    assert ways(through_api) == {"grafana:oss/dashboard:Dashboard"}
    assert through_api.recording.outputs.keys() - as_files.recording.outputs.keys() == {
        next(urn for urn in through_api.recording.resources if "monitoring:Boards::" in urn)
    }
