"""From a scrape job to the object by which Prometheus Operator configures it."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.model.exporter import Discovery, Exporter
from components.render.kubernetes import Document
from components.render.relabelling import META, about, kept, relabel
from components.render.scrape_configs import (
    annotated_pods,
    annotated_services,
    api_servers,
    cadvisor,
    control_plane,
    kubelets,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """A custom resource of monitoring.coreos.com."""

    api_version: str
    kind: str
    spec: Document


def monitor(exporter: Exporter, *, urls: Sequence[str], namespace: str, application: str, agents: str) -> Monitor:
    """The object for one job. Its series carry `job`, and `service` where the job is about one.

    `urls` are what a prober visits; `namespace` and `application` are where the application's pods are, and the value
    of app.kubernetes.io/part-of on them; `agents` is where exporters are that run on every node.
    """
    match exporter.discovery:
        case Discovery.APPLICATION:
            kind, spec = "PodMonitor", _pods(exporter, namespace, application)
        case Discovery.SERVICE:
            kind, spec = "ServiceMonitor", _service(exporter, agents)
        case Discovery.PROBE:
            kind, spec = "Probe", _probe(exporter, urls)
        case Discovery.API_SERVER:
            kind, spec = "ScrapeConfig", api_servers(exporter)
        case Discovery.KUBELET:
            kind, spec = "ScrapeConfig", kubelets(exporter)
        case Discovery.CADVISOR:
            kind, spec = "ScrapeConfig", cadvisor(exporter)
        case Discovery.CONTROL_PLANE:
            kind, spec = "ScrapeConfig", control_plane(exporter)
        case Discovery.ANNOTATED_PODS:
            kind, spec = "ScrapeConfig", annotated_pods(exporter, application)
        case Discovery.ANNOTATED_SERVICES:
            kind, spec = "ScrapeConfig", annotated_services(exporter)
    return Monitor(api_version="v1alpha1" if kind == "ScrapeConfig" else "v1", kind=kind, spec=spec)


def _interval(exporter: Exporter) -> Document:
    return {"interval": str(exporter.interval)} if exporter.interval else {}


def _pods(exporter: Exporter, namespace: str, part_of: str) -> Document:
    return {
        "jobLabel": "app.kubernetes.io/part-of",
        "namespaceSelector": {"matchNames": [namespace]},
        "selector": {"matchLabels": {"app.kubernetes.io/part-of": part_of}},
        "sampleLimit": exporter.sample_limit,
        "labelLimit": 40,
        "labelValueLengthLimit": 256,
        "podMetricsEndpoints": [
            {
                "port": exporter.port,
                "path": exporter.path,
                **_interval(exporter),
                "relabelings": [
                    relabel("service", f"{META}pod_label_app_kubernetes_io_name"),
                    # By which what is said of a node explains what is said of its pods.
                    relabel("node", f"{META}pod_node_name"),
                    # The operator's own `endpoint` is the port's name and would hide the application's, the route.
                    {"action": "labeldrop", "regex": "endpoint"},
                ],
            }
        ],
    }


def _service(exporter: Exporter, agents: str) -> Document:
    elsewhere = {"namespaceSelector": {"matchNames": [agents]}} if exporter.per_node else {}
    node = [relabel("instance", f"{META}pod_node_name")] if exporter.per_node else []
    return {
        "jobLabel": "app.kubernetes.io/name",
        **elsewhere,
        "selector": {"matchLabels": {"app.kubernetes.io/name": exporter.job}},
        "sampleLimit": exporter.sample_limit,
        # Older exporters answer without a content type, which Prometheus 3 refuses otherwise.
        "fallbackScrapeProtocol": "PrometheusText0.0.4",
        "endpoints": [
            {
                "port": exporter.port,
                "path": exporter.path,
                **_interval(exporter),
                "honorLabels": exporter.honor_labels,
                "relabelings": [*about(exporter), *node],
                **({"metricRelabelings": kept(exporter)} if kept(exporter) else {}),
            }
        ],
    }


def _probe(exporter: Exporter, urls: Sequence[str]) -> Document:
    return {
        "jobName": exporter.job,
        **_interval(exporter),
        "module": "http_2xx",
        "prober": {"url": "blackbox-exporter:9115", "path": exporter.path},
        "sampleLimit": exporter.sample_limit,
        "targets": {
            "staticConfig": {
                "static": [*urls],
                "relabelingConfigs": about(exporter),
            }
        },
        "metricRelabelings": kept(exporter),
    }
