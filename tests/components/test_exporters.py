from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

import pytest

from catalogue.exporters import EXPORTERS, KUBE_STATE_METRICS
from catalogue.model.exporter import Discovery
from catalogue.model.metric import exported_gauge
from components.render import cluster_exporters, exporters
from components.render.containers import Container, Watched
from ops.plan.recorder import Recording
from tests.support import examples
from tests.support.engine import deploy, of_type, one

OPEN = Watched(host="store.example.org", port=1234, database="openpolicy", credentials=None, authority=None)
SYSTEMS = (
    partial(exporters.postgres, flags=()),
    exporters.redis,
    partial(exporters.elasticsearch, flags=()),
    exporters.logstash,
)


@cache
def deployed() -> Recording:
    return deploy(examples.exporters)


def templates() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind in (":Deployment", ":DaemonSet"):
        for each in of_type(deployed(), kind):
            yield each.inputs["metadata"]["name"], each.inputs["spec"]["template"]


def spec(name: str) -> Mapping[str, Any]:
    return dict(templates())[name]["spec"]


def container(name: str) -> Mapping[str, Any]:
    return spec(name)["containers"][0]


def test_each_pod_is_restricted_whatever_its_namespace_admits() -> None:
    found = dict(templates())
    assert len(found) == 7
    for name, template in found.items():
        pod, inner = template["spec"], template["spec"]["containers"][0]
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert inner["securityContext"]["readOnlyRootFilesystem"] is True, name
        assert inner["securityContext"]["allowPrivilegeEscalation"] is False, name
        assert inner["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name
        assert inner["resources"]["limits"].keys() == {"memory", "ephemeral-storage"}, name
        assert inner["resources"]["requests"].keys() == {"cpu", "memory", "ephemeral-storage"}, name
        assert inner["readinessProbe"]["httpGet"]["port"] == "metrics", name
        assert inner["livenessProbe"]["httpGet"]["port"] == "metrics", name
        assert all(mount["readOnly"] for mount in inner.get("volumeMounts", ())), name
        assert pod["priorityClassName"] == "critical", name
        assert pod["serviceAccountName"] == name


def test_only_the_exporter_of_the_cluster_s_state_has_a_token() -> None:
    with_token = {name for name, template in templates() if template["spec"]["automountServiceAccountToken"]}
    assert with_token == {"kube-state-metrics"}


def test_only_the_exporter_of_nodes_sees_its_node() -> None:
    on_host = {
        name
        for name, template in templates()
        if template["spec"].get("hostNetwork")
        or any("hostPath" in volume for volume in template["spec"].get("volumes", ()))
    }
    assert on_host == {"node-exporter"}
    assert "hostPID" not in spec("node-exporter")
    daemon = of_type(deployed(), ":DaemonSet")[0].inputs
    assert daemon["metadata"]["namespace"] == "observability-agents"
    assert "--web.listen-address=$(NODE_ADDRESS):9100" in container("node-exporter")["args"]


def test_each_service_is_found_by_the_monitor_of_its_job() -> None:
    recording = deployed()
    jobs = {exporter.job: exporter for exporter in EXPORTERS if exporter.discovery is Discovery.SERVICE}
    for each in of_type(recording, ":Service"):
        name = each.inputs["metadata"]["name"]
        if name != "blackbox-exporter":
            assert each.inputs["metadata"]["labels"]["app.kubernetes.io/name"] in jobs
            assert [port["name"] for port in each.inputs["spec"]["ports"]] == [jobs[name].port]
        assert each.inputs["spec"]["selector"].items() <= dict(templates())[name]["metadata"]["labels"].items()


def test_probes_find_the_prober() -> None:
    url = one(deploy(examples.metrics), "Probe")["spec"]["prober"]["url"]
    service = one(deployed(), "Service", "blackbox-exporter")
    assert url == f"blackbox-exporter:{service['spec']['ports'][0]['port']}"
    module = one(deploy(examples.metrics), "Probe")["spec"]["module"]
    assert f"\n  {module}:" in one(deployed(), "ConfigMap")["data"]["blackbox.yml"]


def test_a_changed_file_rolls_out() -> None:
    noted = dict(templates())["blackbox-exporter"]["metadata"]["annotations"]
    assert len(noted["openpolicy.ca/files"]) == 64
    assert not dict(templates())["redis-exporter"]["metadata"].get("annotations")


def test_credentials_are_keys_of_secrets_that_exist() -> None:
    references = {
        name: {
            each["name"]: each["valueFrom"]["secretKeyRef"] for each in container(name)["env"] if "valueFrom" in each
        }
        for name in ("postgres-exporter", "redis-exporter", "elasticsearch-exporter")
    }
    assert references["postgres-exporter"] == {
        "DATA_SOURCE_USER": {"name": "exporter-login", "key": "username"},
        "DATA_SOURCE_PASS": {"name": "exporter-login", "key": "password"},
    }
    assert all(
        sorted(reference["key"] for reference in keys.values()) == ["password", "username"]
        for keys in references.values()
    )
    assert not of_type(deployed(), ":Secret")


@pytest.mark.parametrize("make", SYSTEMS)
def test_connections_are_encrypted_where_the_authority_is_known(make: Any) -> None:
    def said(each: Container) -> str:
        return " ".join([*each.args, *each.environment.values()])

    sealed, bare = said(make(examples.WATCHED)), said(make(OPEN))
    assert "/etc/authority/ca.crt" in sealed
    assert any(sign in sealed for sign in ("verify-full", "rediss://", "https://"))
    assert "/etc/authority" not in bare
    assert not any(sign in bare for sign in ("verify-full", "rediss://", "https://"))


def test_without_credentials_none_are_asked_for() -> None:
    container = exporters.redis(OPEN)
    made = deploy(lambda: examples.exporters(containers=[container]))
    env = of_type(made, ":Deployment")[0].inputs["spec"]["template"]["spec"]["containers"][0]["env"]
    assert [each["name"] for each in env] == ["REDIS_ADDR"]


def test_it_may_read_what_it_has_to_show_and_nothing_else() -> None:
    kinds = cluster_exporters.state_kinds(KUBE_STATE_METRICS)
    state = cluster_exporters.kube_state_metrics(kinds)
    made = deploy(lambda: examples.exporters(containers=[state]))
    rules = one(made, "ClusterRole")["rules"]
    assert all(rule["verbs"] == ["list", "watch"] for rule in rules)
    allowed = {resource for rule in rules for resource in rule["resources"]}
    assert state.args == [f"--resources={','.join(sorted(allowed))}"]
    assert {"deployments"} <= allowed
    assert not {"secrets", "configmaps"} & allowed


@pytest.mark.parametrize(
    ("metric", "resource"),
    [
        ("kube_pod_container_status_restarts_total", "pods"),
        ("kube_poddisruptionbudget_status_desired_healthy", "poddisruptionbudgets"),
        ("kube_persistentvolumeclaim_access_mode", "persistentvolumeclaims"),
        ("kube_persistentvolume_status_phase", "persistentvolumes"),
        ("kube_cronjob_spec_suspend", "cronjobs"),
        ("kube_job_failed", "jobs"),
        ("kube_resourcequota", "resourcequotas"),
    ],
)
def test_a_metric_tells_which_objects_have_to_be_read(metric: str, resource: str) -> None:
    job = replace(KUBE_STATE_METRICS, metrics=(exported_gauge(metric),))
    assert [kind.resource for kind in cluster_exporters.state_kinds(job)] == [resource]


def test_a_metric_of_secrets_is_refused() -> None:
    job = replace(KUBE_STATE_METRICS, metrics=(exported_gauge("kube_secret_info"),))
    with pytest.raises(ValueError, match="kube_secret_info: of an object that"):
        cluster_exporters.state_kinds(job)


def test_a_prober_of_several_always_has_one() -> None:
    recording = deployed()
    assert one(recording, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1
    assert one(recording, "Deployment", "blackbox-exporter")["spec"]["replicas"] == 2
    single = deploy(lambda: examples.exporters(containers=[cluster_exporters.blackbox(replicas=1)]))
    assert not of_type(single, ":PodDisruptionBudget")


def test_of_what_shows_another_system_only_what_is_named_is_kept() -> None:
    recording = deploy(examples.metrics)
    (step,) = one(recording, "ServiceMonitor", "kube-state-metrics")["spec"]["endpoints"][0]["metricRelabelings"]
    assert (step["action"], step["sourceLabels"]) == ("keep", ["__name__"])
    for metric in KUBE_STATE_METRICS.metrics:
        assert metric.name in step["regex"]
    # Of what shows itself everything is, for whoever searches for what nobody had thought of.
    assert "metricRelabelings" not in one(recording, "ServiceMonitor", "alertmanager")["spec"]["endpoints"][0]


def test_node_exporters_are_looked_for_where_they_run() -> None:
    monitor = one(deploy(examples.metrics), "ServiceMonitor", "node-exporter")["spec"]
    assert monitor["namespaceSelector"] == {"matchNames": ["observability-agents"]}
    assert "namespaceSelector" not in one(deploy(examples.metrics), "ServiceMonitor", "redis-exporter")["spec"]
