"""Both stacks as a whole: what is planned is what was reviewed, is accepted by the real tools, and tells no secret."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.library import LIBRARY
from alerts.model import alerts_of
from alerts.tuning import without
from catalogue import CATALOGUE
from catalogue.long_term_jobs import LONG_TERM
from catalogue.model.exporter import Discovery
from components.settings.secrets import SECRETS
from ops.plan.documents import is_manifest
from ops.plan.recorder import Resource
from ops.plan.run import settings_of, stacks
from ops.plan.wire import MASK
from tests.support.golden import FOLDER, reviewed
from tests.support.planned import planned
from tests.support.schemas import problems
from tests.support.tools import run

ROOT = Path(__file__).parent.parent
# SDKs of passwords and certificates.
MADE_UP = {"pulumi_random", "pulumi_tls"}
each = pytest.mark.parametrize("stack", stacks())
# Both stacks run on managed clusters, and only production keeps samples for years.
_CONTROL_PLANE = {exporter.job for exporter in CATALOGUE.exporters if exporter.discovery is Discovery.CONTROL_PLANE}
HIDDEN = {"dev": _CONTROL_PLANE | {exporter.job for exporter in LONG_TERM}, "prod": _CONTROL_PLANE}


def resources(stack: str) -> Iterator[Resource]:
    return iter(planned(stack).recording.resources.values())


def texts(folder: Path) -> dict[str, str]:
    """What is in the files of the folder, by their paths within it."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files}


@each
def test_it_is_what_was_reviewed(stack: str) -> None:
    golden = texts(FOLDER / stack)
    made = reviewed(planned(stack).files)
    changed = sorted(path for path in golden.keys() | made.keys() if golden.get(path) != made.get(path))
    assert changed == [], "read the change, and if it is meant: make golden"


@pytest.mark.parametrize(("stack", "paid"), [("dev", MADE_UP), ("prod", {"pulumi_pagerduty"} | MADE_UP)])
def test_two_plans_are_the_same_to_the_byte_and_import_only_the_sdks_that_a_stack_uses(
    stack: str, paid: set[str], tmp_path: Path
) -> None:
    # Another process hashes in another order.
    command = [sys.executable, "-X", "importtime", "-m", "ops", "plan", stack, "--out", tmp_path]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stderr
    assert texts(tmp_path / stack) == planned(stack).files
    # Datadog's costs more than all others together.
    loaded = {name.partition(".")[0] for name in re.findall(r"\| +(pulumi\S*)$", told, re.MULTILINE)}
    assert loaded - {"pulumi", "pulumi_kubernetes"} == paid


@each
def test_promtool_accepts_its_rules(stack: str, tmp_path: Path) -> None:
    rules = {path: text for path, text in planned(stack).files.items() if path.startswith("prometheus/rules/")}
    for path, text in rules.items():
        (tmp_path / Path(path).name).write_text(text, encoding="utf-8")
    verdict = run("promtool", "check", "rules", "--lint=all", "--lint-fatal", *tmp_path.glob("*.yaml"))
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert len(rules) == len(without(LIBRARY, HIDDEN[stack]))


@each
def test_amtool_accepts_its_routes_and_templates(stack: str, tmp_path: Path) -> None:
    for path, text in planned(stack).files.items():
        if path.startswith("alertmanager/"):
            # Where the templates are mounted in the cluster, there is nothing here.
            here = text.replace("/etc/alertmanager/config/", f"{tmp_path}/")
            (tmp_path / Path(path).name).write_text(here, encoding="utf-8")
    verdict = run("amtool", "check-config", tmp_path / "alertmanager.yml")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert "1 templates" in verdict.stdout


@each
def test_every_object_fits_the_schema_of_its_kind(stack: str) -> None:
    found = [problem for each in resources(stack) if is_manifest(each) for problem in problems(each.inputs)]
    assert found == []


@each
def test_every_manifest_is_one_valid_object(stack: str) -> None:
    for path, text in planned(stack).files.items():
        if path.startswith("kubernetes/"):
            document = yaml.load(text, yaml.CSafeLoader)
            assert {"apiVersion", "kind", "metadata"} <= document.keys(), path
            assert document["metadata"]["name"], path


@each
def test_every_alert_and_job_is_in_it(stack: str) -> None:
    files = planned(stack).files
    rules = "".join(text for path, text in files.items() if path.startswith("prometheus/rules/"))
    there = {alert.name for alert in alerts_of(LIBRARY) if f"alert: {alert.name}\n" in rules}
    assert there == {alert.name for alert in alerts_of(without(LIBRARY, HIDDEN[stack]))}
    names = {Path(path).stem.partition("-")[2] for path in files if "monitor-" in path or "scrapeconfig-" in path}
    names |= {Path(path).stem.partition("-")[2] for path in files if "probe-" in path}
    assert names == {exporter.job for exporter in CATALOGUE.exporters} - HIDDEN[stack]


@each
def test_no_secret_is_in_a_document(stack: str) -> None:
    text = "".join(planned(stack).files.values())
    assert [secret.key for secret in SECRETS if f"stand-in-for-{secret.key}" in text] == []
    assert "stand-in-for-" not in text


def test_secrets_are_marked_where_they_are() -> None:
    marked = {each.name: each.secrets for each in resources("prod") if each.secrets}
    assert marked["oncall-pagerduty"] == ("token",)
    keys = next(each for each in resources("prod") if each.name == "alerting-keys")
    assert set(keys.inputs["stringData"].values()) == {MASK}
    assert set(keys.inputs["stringData"]) == {"platform", "database", "data", "dead-mans-switch"}


@each
def test_no_urn_waits_for_itself(stack: str) -> None:
    made = planned(stack).recording.resources
    graph = {urn: {each for each in resource.dependencies if each in made} for urn, resource in made.items()}
    while free := [urn for urn, waits in graph.items() if not waits]:
        graph = {urn: waits - set(free) for urn, waits in graph.items() if urn not in free}
    assert graph == {}


@each
def test_objects_of_our_kinds_wait_for_the_kinds(stack: str) -> None:
    for each in resources(stack):
        if re.match(r"monitoring\.coreos\.com/|.*\.k8s\.elastic\.co/", str(each.inputs.get("apiVersion", ""))):
            waits = [urn for urn in each.dependencies if "CustomResourceDefinition::" in urn]
            assert waits, f"{each.name} may be created before its kind"


def test_what_holds_data_is_protected() -> None:
    protected = {each.name for each in resources("prod") if each.protect}
    assert "cluster-namespace" in protected
    assert "logs-elasticsearch" in protected
    kinds = [each for each in resources("prod") if each.type.endswith(":CustomResourceDefinition")]
    assert len(kinds) == 22
    assert all(each.protect and each.retain_on_delete for each in kinds)


@each
def test_every_image_is_pinned_by_version(stack: str) -> None:
    for image in images([each.inputs for each in resources(stack)]):
        assert pinned(image), image


@pytest.mark.parametrize(
    "image",
    [
        "quay.io/a/b",
        "quay.io/a/b:latest",
        "quay.io/a/b:3",
        "quay.io/a/b:3.13",
        "quay.io/a/b:v2.0-alpine",
        "host:5000/b",
    ],
)
def test_an_image_that_may_become_another_is_none(image: str) -> None:
    assert not pinned(image)


def pinned(image: str) -> bool:
    """Whether the reference names one release, by three numbers at least, or one content."""
    return re.search(r"@sha256:[0-9a-f]{64}$|:v?\d+\.\d+\.\d+[^/:]*$", image) is not None


def images(value: Any) -> Iterator[str]:
    """Every value of a key `image`, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "image" and isinstance(inner, str):
                yield inner
            else:
                yield from images(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from images(inner)


def test_dev_has_no_vendors_and_prod_is_redundant() -> None:
    assert not [each for each in resources("dev") if each.type.startswith("pagerduty:")]
    by_name = {each.name: each.inputs for each in resources("prod")}
    assert by_name["metrics-prometheus"]["spec"]["replicas"] == 2
    assert by_name["alerting-alertmanager"]["spec"]["replicas"] == 3


def test_the_list_of_resources_can_be_read_by_machines() -> None:
    listed = json.loads(planned("prod").files["resources.json"])
    assert [each["urn"] for each in listed] == sorted(each["urn"] for each in listed)
    assert all(each["urn"].startswith("urn:pulumi:prod::openpolicy::") for each in listed)
    assert len(listed) == len(planned("prod").recording.resources)


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("spec", "replicaz"), 2, "'replicaz' was unexpected"),
        (("spec", "storage", "volumeClaimTemplates"), {}, "'volumeClaimTemplates' was unexpected"),
        (("spec", "replicas"), "two", '"two" is not of type "integer"'),
        (("spec", "scrapeInterval"), "fifteen", "does not match"),
        (("kind",), "Prometeus", "no such kind"),
    ],
)
def test_a_fault_in_an_object_of_our_kinds_is_found(path: tuple[str, ...], value: object, complaint: str) -> None:
    inputs = json.loads(
        json.dumps(next(each.inputs for each in resources("prod") if each.name == "metrics-prometheus"))
    )
    target = inputs
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert any(complaint in problem for problem in problems(inputs)), problems(inputs)


@each
def test_every_job_has_something_to_scrape(stack: str) -> None:
    """A job without a Service would have no target, and alerts on what is missing would fire for ever."""
    services = [resource.inputs for resource in planned(stack).recording.resources.values() if is_service(resource)]
    offered = {
        (service["metadata"]["labels"]["app.kubernetes.io/name"], port["name"])
        for service in services
        for port in service["spec"]["ports"]
    }
    scraped = [exporter for exporter in CATALOGUE.exporters if exporter.job not in HIDDEN[stack]]
    wanted = {(each.job, each.port) for each in scraped if each.discovery is Discovery.SERVICE}
    assert wanted <= offered


def is_service(resource: Resource) -> bool:
    return is_manifest(resource) and resource.inputs["kind"] == "Service"


def test_one_of_them_has_datadog_s_tests_and_one_has_none() -> None:
    """What the imports above are worth; `make bench-plan` says what both would pay."""
    enabled = {stack: settings_of(stack).settings.synthetics.enabled for stack in stacks()}
    assert enabled == {"dev": False, "prod": True}
