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
from alerts.tuning import without
from catalogue import CATALOGUE
from catalogue.long_term_jobs import LONG_TERM
from catalogue.model.exporter import Discovery
from components.render.thanos import GRPC, HTTP, KEYS, REPLICA
from ops.plan.run import stacks
from tests.live.api import Document
from tests.live.cluster import ZONES, condition
from tests.live.stacks import Deployed, deployed
from tests.support.tools import run

_RULES = "/etc/prometheus/rules/prometheus-openpolicy-rulefiles-0"
_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


# Neither stack scrapes its control plane, and only production keeps samples for years.
_CONTROL_PLANE = {exporter.job for exporter in CATALOGUE.exporters if exporter.discovery is Discovery.CONTROL_PLANE}
HIDDEN = {"dev": _CONTROL_PLANE | {exporter.job for exporter in LONG_TERM}, "prod": _CONTROL_PLANE}


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

    # The operator makes a StatefulSet of each of its two. Elasticsearch's are not among them: see below.
    made = {"Deployment", "StatefulSet", "Prometheus", "Alertmanager"}
    wanted = [each for each in stack.documents if each["kind"] in made]

    def ready() -> bool | None:
        every = [each for kind in ("Deployment", "StatefulSet") for each in stack.cluster.api.all("apps/v1", kind)]
        found = [each for each in every if "common.k8s.elastic.co/type" not in each["metadata"]["labels"]]
        return (len(found) == len(wanted) and all(map(_is_ready, found))) or None

    stack.cluster.wait_for(ready, "every Deployment and StatefulSet", seconds=180)

    def bound() -> bool | None:
        claims = stack.cluster.api.all("v1", "PersistentVolumeClaim", stack.namespace)
        return (bool(claims) and {each["status"]["phase"] for each in claims} == {"Bound"}) or None

    stack.cluster.wait_for(bound, "a volume for every claim", seconds=180)


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
    assert f"{len(without(LIBRARY, HIDDEN[stack.name]))} rule files found" in verdict.stdout


def test_prometheus_scrapes_exactly_the_jobs_of_the_catalogue(stack: Deployed) -> None:
    jobs = sorted(_job(each) for each in yaml.safe_load(_scraping(stack))["scrape_configs"])
    assert jobs == sorted({exporter.job for exporter in CATALOGUE.exporters} - HIDDEN[stack.name])


def test_prometheus_evaluates_exactly_the_groups_of_the_library(stack: Deployed) -> None:
    groups = [each["name"] for text in _rules(stack).values() for each in yaml.safe_load(text)["groups"]]
    assert sorted(groups) == sorted(group.name for group in without(LIBRARY, HIDDEN[stack.name]))


def test_alertmanager_routes_as_planned(stack: Deployed) -> None:
    _available(stack, "Alertmanager")
    generated = _secret(stack, "alertmanager-openpolicy-generated")["alertmanager.yaml.gz"]
    assert yaml.safe_load(gzip.decompress(generated)) == yaml.safe_load(stack.files["alertmanager/alertmanager.yml"])


def test_the_operator_gives_prometheus_a_sidecar_where_samples_go_to_a_bucket(stack: Deployed) -> None:
    _available(stack, "Prometheus")
    found = stack.cluster.get("apps/v1", "StatefulSet", "prometheus-openpolicy", stack.namespace)
    assert found, "the operator makes no StatefulSet"
    containers = {each["name"]: each for each in found["spec"]["template"]["spec"]["containers"]}
    (asked,) = [each for each in stack.documents if each["kind"] == "Prometheus"]
    assert ("thanos-sidecar" in containers) == ("thanos" in asked["spec"]) == (stack.name == "prod")
    if stack.name == "prod":
        sidecar = containers["thanos-sidecar"]
        wanted = {"--objstore.config-file=/etc/thanos/bucket/bucket.yaml", "--tsdb.path=/prometheus"}
        assert wanted <= {*sidecar["args"]}
        assert {each["name"] for each in sidecar["env"]} == KEYS.keys()
        assert "/etc/thanos/bucket" in {each["mountPath"] for each in sidecar["volumeMounts"]}
        assert {each["name"]: each["containerPort"] for each in sidecar["ports"]} == {"grpc": GRPC, "http": HTTP}
        # The compactor alone compacts, and the query drops the label that the operator tells replicas apart by.
        blocks = {f"--storage.tsdb.{end}-block-duration=2h" for end in ("min", "max")}
        assert blocks <= {*containers["prometheus"]["args"]}
        assert yaml.safe_load(_scraping(stack))["global"]["external_labels"].keys() >= {REPLICA, "cluster"}


def test_the_operator_lacks_no_right(stack: Deployed) -> None:
    _available(stack, "Prometheus")
    said = stack.operator.log.read_text(encoding="utf-8").splitlines()
    assert [line for line in said if re.search("forbidden|missing permission", line)] == []


def test_the_node_exporter_runs_on_every_node(stack: Deployed) -> None:
    def everywhere() -> bool | None:
        found = stack.cluster.get("apps/v1", "DaemonSet", "node-exporter", f"{stack.namespace}-agents")
        status = found["status"] if found else {"desiredNumberScheduled": 0}
        return (0 < status["desiredNumberScheduled"] == status.get("numberAvailable")) or None

    stack.cluster.wait_for(everywhere, "the node exporter on every node")


def test_elastic_s_operator_makes_every_node_set_and_filebeat_on_every_node(stack: Deployed) -> None:
    """Further it does not come: no Elasticsearch answers here."""
    (asked,) = [each for each in stack.documents if each["kind"] == "Elasticsearch"]
    wanted = {f"openpolicy-logs-es-{each['name']}": each["count"] for each in asked["spec"]["nodeSets"]}

    def made() -> dict[str, int] | None:
        sets = stack.cluster.api.all("apps/v1", "StatefulSet", stack.namespace)
        found = {each["metadata"]["name"]: each["spec"]["replicas"] for each in sets}
        return found if wanted.keys() <= found.keys() else None

    found = stack.cluster.wait_for(made, "the node sets of Elasticsearch")
    assert {name: found[name] for name in wanted} == wanted

    def shipping() -> bool | None:
        daemon = stack.cluster.get("apps/v1", "DaemonSet", "openpolicy-beat-filebeat", f"{stack.namespace}-agents")
        return (daemon is not None and daemon["status"].get("numberReady") == len(ZONES)) or None

    stack.cluster.wait_for(shipping, "Filebeat on every node")
    said = stack.elastic.log.read_text(encoding="utf-8").splitlines()
    assert [line for line in said if re.search("forbidden|violate", line)] == []


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
