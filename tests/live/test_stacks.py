"""Both stacks in a real cluster each, under the rights, quotas and security profile that they set up themselves."""

import gzip
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.library import LIBRARY
from catalogue import CATALOGUE
from ops.plan.run import stacks
from tests.live.api import Document
from tests.live.cluster import ZONES, condition
from tests.live.stacks import Deployed, deployed
from tests.support.tools import run

_RULES = "/etc/prometheus/rules/prometheus-openpolicy-rulefiles-0"
_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


@pytest.fixture(scope="module", params=stacks())
def stack(request: pytest.FixtureRequest) -> Iterator[Deployed]:
    with deployed(request.param) as made:
        yield made
        made.cluster.keep_logs = request.session.testsfailed > 0


def test_every_manifest_is_accepted(stack: Deployed) -> None:
    assert stack.refused == []
    assert len(stack.documents) > 50


def test_no_manifest_is_warned_of(stack: Deployed) -> None:
    assert stack.warnings == []


@pytest.mark.parametrize("kind", ["Prometheus", "Alertmanager"])
def test_the_operator_makes_replicas_that_become_ready(stack: Deployed, kind: str) -> None:
    (asked,) = [each for each in stack.documents if each["kind"] == kind]
    found = _available(stack, kind)
    assert condition(found, "Reconciled") == "True"
    assert found["status"]["availableReplicas"] == asked["spec"]["replicas"]


def test_every_workload_becomes_ready(stack: Deployed) -> None:
    """Its pods are made only where the security profile, the quota and the priority class allow them."""

    def ready() -> bool | None:
        found = [each for kind in ("Deployment", "StatefulSet") for each in stack.cluster.api.all("apps/v1", kind)]
        return (len(found) >= 3 and all(map(_is_ready, found))) or None

    stack.cluster.wait_for(ready, "every Deployment and StatefulSet")
    claims = stack.cluster.api.all("v1", "PersistentVolumeClaim")
    assert {each["status"]["phase"] for each in claims} == {"Bound"}


@pytest.mark.parametrize("kind", ["Prometheus", "Alertmanager"])
def test_replicas_stand_in_different_zones(stack: Deployed, kind: str) -> None:
    _available(stack, kind)
    zones = {
        each["metadata"]["name"]: each["metadata"]["labels"]["topology.kubernetes.io/zone"]
        for each in stack.cluster.api.all("v1", "Node")
    }
    pods = [
        each["spec"]["nodeName"]
        for each in stack.cluster.api.all("v1", "Pod", stack.namespace)
        if each["metadata"]["name"].startswith(f"{kind.lower()}-openpolicy-")
    ]
    assert len({zones[node] for node in pods}) == min(len(pods), len(ZONES)) > 0


def test_promtool_accepts_what_the_operator_configures(stack: Deployed, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("of no one", encoding="utf-8")
    (tmp_path / "ca.crt").write_bytes(stack.cluster.plane.authority.certificate.read_bytes())
    (tmp_path / "rules").mkdir()
    for name, text in _rules(stack).items():
        (tmp_path / "rules" / name).write_text(text, encoding="utf-8")
    # Where things are mounted in the cluster, there is nothing here.
    here = _scraping(stack).replace(_RULES, f"{tmp_path}/rules").replace(_ACCOUNT, str(tmp_path))
    (tmp_path / "prometheus.yml").write_text(here, encoding="utf-8")
    verdict = run("promtool", "check", "config", tmp_path / "prometheus.yml")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert f"{len(LIBRARY)} rule files found" in verdict.stdout


def test_prometheus_scrapes_exactly_the_jobs_of_the_catalogue(stack: Deployed) -> None:
    jobs = sorted(_job(each) for each in yaml.safe_load(_scraping(stack))["scrape_configs"])
    assert jobs == sorted(exporter.job for exporter in CATALOGUE.exporters)


def test_prometheus_evaluates_exactly_the_groups_of_the_library(stack: Deployed) -> None:
    groups = [each["name"] for text in _rules(stack).values() for each in yaml.safe_load(text)["groups"]]
    assert sorted(groups) == sorted(group.name for group in LIBRARY)


def test_alertmanager_routes_as_planned(stack: Deployed) -> None:
    _available(stack, "Alertmanager")
    generated = _secret(stack, "alertmanager-openpolicy-generated")["alertmanager.yaml.gz"]
    assert yaml.safe_load(gzip.decompress(generated)) == yaml.safe_load(stack.files["alertmanager/alertmanager.yml"])


def test_the_operator_lacks_no_right(stack: Deployed) -> None:
    _available(stack, "Prometheus")
    said = stack.operator.log.read_text(encoding="utf-8").splitlines()
    assert [line for line in said if re.search("forbidden|missing permission", line)] == []


def _is_ready(workload: Document) -> bool:
    return workload.get("status", {}).get("readyReplicas") == workload["spec"]["replicas"]


def _available(stack: Deployed, kind: str) -> Document:
    """The object, once all its replicas are ready."""

    def available() -> Document | None:
        found = stack.cluster.get("monitoring.coreos.com/v1", kind, "openpolicy", stack.namespace)
        return found if found and condition(found, "Available") == "True" else None

    return stack.cluster.wait_for(available, f"{kind} openpolicy")


def _secret(stack: Deployed, name: str) -> dict[str, bytes]:
    found = stack.cluster.get("v1", "Secret", name, stack.namespace)
    assert found, f"the operator makes no Secret {name}"
    return {key: b64decode(value) for key, value in found["data"].items()}


def _scraping(stack: Deployed) -> str:
    """Prometheus's configuration, as the operator makes it."""
    _available(stack, "Prometheus")
    return gzip.decompress(_secret(stack, "prometheus-openpolicy")["prometheus.yaml.gz"]).decode()


def _rules(stack: Deployed) -> dict[str, str]:
    """Prometheus's rule files by their names, as the operator makes them."""
    _available(stack, "Prometheus")
    found = stack.cluster.get("v1", "ConfigMap", "prometheus-openpolicy-rulefiles-0", stack.namespace)
    assert found, "the operator makes no rule files"
    return found["data"]


def _job(scrape: dict[str, Any]) -> str:
    """What its series carry as `job`: a fixed text, or a label of the target that has one value in all it keeps."""
    last = [each for each in scrape["relabel_configs"] if each.get("target_label") == "job"][-1]
    if "source_labels" not in last:
        return last["replacement"]
    kept = [
        re.fullmatch(r"\((.+)\);true", each["regex"])
        for each in scrape["relabel_configs"]
        if each.get("action") == "keep" and each["source_labels"][0] == last["source_labels"][0]
    ]
    (value,) = [match[1] for match in kept if match]
    return value
