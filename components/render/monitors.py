"""From a scrape job to the object by which Prometheus Operator configures it."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.model.exporter import Discovery, Exporter
from catalogue.model.ownership import Service
from components.render.kubernetes import Document

SCRAPE_CLASS = "in-cluster"
"""Scrapes with the service account's token and the cluster's CA, where the target asks for both."""

_META = "__meta_kubernetes_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """A custom resource of monitoring.coreos.com."""

    api_version: str
    kind: str
    spec: Document


def monitor(exporter: Exporter, services: Sequence[Service], application_namespace: str, part_of: str) -> Monitor:
    """The object for one job. Its series carry `job`, and `service` where the job is about one."""
    match exporter.discovery:
        case Discovery.APPLICATION:
            return Monitor(api_version="v1", kind="PodMonitor", spec=_pods(exporter, application_namespace, part_of))
        case Discovery.SERVICE:
            return Monitor(api_version="v1", kind="ServiceMonitor", spec=_service(exporter))
        case Discovery.PROBE:
            return Monitor(api_version="v1", kind="Probe", spec=_probe(exporter, services))
        case Discovery.API_SERVER:
            return _scrape(exporter, _api_servers())
        case Discovery.KUBELET:
            return _scrape(exporter, _kubelet())
        case Discovery.CADVISOR:
            return _scrape(exporter, _kubelet() | _cadvisor())
        case Discovery.ANNOTATED_PODS:
            return _scrape(exporter, _annotated_pods(part_of))
        case Discovery.ANNOTATED_SERVICES:
            return _scrape(exporter, _annotated_services())


def _relabel(target: str, *sources: str, regex: str = "(.+)", replacement: str = "$1") -> Document:
    return {
        "sourceLabels": [*sources],
        "targetLabel": target,
        "regex": regex,
        "replacement": replacement,
    }


def _constant(target: str, value: str) -> Document:
    return {"targetLabel": target, "replacement": value}


def _keep(regex: str, *sources: str, action: str = "keep") -> Document:
    return {"sourceLabels": [*sources], "regex": regex, "action": action}


def _interval(exporter: Exporter) -> Document:
    return {"interval": str(exporter.interval)} if exporter.interval else {}


def _about(exporter: Exporter) -> list[Document]:
    return [_constant("service", exporter.service.name)] if exporter.service else []


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
                    _relabel("service", f"{_META}pod_label_app_kubernetes_io_name"),
                    # The operator's own `endpoint` is the port's name and would hide the application's, the route.
                    {"action": "labeldrop", "regex": "endpoint"},
                ],
            }
        ],
    }


def _service(exporter: Exporter) -> Document:
    node = [_relabel("instance", f"{_META}pod_node_name")] if exporter.per_node else []
    return {
        "jobLabel": "app.kubernetes.io/name",
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
                "relabelings": [*_about(exporter), *node],
            }
        ],
    }


def _probe(exporter: Exporter, services: Sequence[Service]) -> Document:
    return {
        "jobName": exporter.job,
        **_interval(exporter),
        "module": "http_2xx",
        "prober": {"url": "blackbox-exporter:9115", "path": exporter.path},
        "sampleLimit": exporter.sample_limit,
        "targets": {
            "staticConfig": {
                "static": [url for service in services for url in service.urls],
                "relabelingConfigs": _about(exporter),
            }
        },
    }


def _scrape(exporter: Exporter, how: Document) -> Monitor:
    found = how.pop("relabelings")
    assert isinstance(found, list)
    return Monitor(
        api_version="v1alpha1",
        kind="ScrapeConfig",
        spec={
            "jobName": exporter.job,
            **({"scrapeInterval": str(exporter.interval)} if exporter.interval else {}),
            "metricsPath": exporter.path,
            "sampleLimit": exporter.sample_limit,
            **how,
            "relabelings": [*found, *_about(exporter)],
        },
    )


def _api_servers() -> Document:
    return {
        "scrapeClass": SCRAPE_CLASS,
        "scheme": "HTTPS",
        "tlsConfig": {"serverName": "kubernetes"},
        "kubernetesSDConfigs": [{"role": "EndpointSlice", "namespaces": {"names": ["default"]}}],
        # Without this the token would go to every endpoint that the discovery finds.
        "relabelings": [
            _keep(
                "default;kubernetes;https",
                f"{_META}namespace",
                f"{_META}service_name",
                f"{_META}endpointslice_port_name",
            )
        ],
        # Histograms that nothing reads and that are most of the bill.
        "metricRelabelings": [
            _keep(
                "(apiserver_request_(body_size|sli_duration|slo_duration)|etcd_request_duration|apiserver_response_sizes"
                "|apiserver_watch_events_sizes|workqueue_.*)_.*",
                "__name__",
                action="drop",
            )
        ],
    }


def _kubelet() -> Document:
    return {
        "scrapeClass": SCRAPE_CLASS,
        "scheme": "HTTPS",
        # Kubelets sign their certificates themselves unless the cluster bootstraps them.
        "tlsConfig": {"insecureSkipVerify": True},
        "kubernetesSDConfigs": [{"role": "Node"}],
        "relabelings": [
            _relabel("node", f"{_META}node_name"),
            _relabel("instance", f"{_META}node_name"),
            _relabel("zone", f"{_META}node_label_topology_kubernetes_io_zone"),
        ],
    }


def _cadvisor() -> Document:
    return {
        "honorTimestamps": False,
        "metricRelabelings": [
            _keep(
                "container_(network_(tcp|udp)_usage_total|tasks_state|cpu_load_average_10s|memory_failures_total"
                "|blkio_device_usage_total|file_descriptors|sockets|threads.*|ulimits_soft)",
                "__name__",
                action="drop",
            ),
            # Sums over the pod and its pause container, which would count everything twice.
            _keep(";container_(cpu|memory|fs)_.*", "container", "__name__", action="drop"),
        ],
    }


def _annotated(kind: str) -> list[Document]:
    prefix = f"{_META}{kind}_annotation_prometheus_io_"
    return [
        _keep("true", f"{prefix}scrape"),
        _relabel("__scheme__", f"{prefix}scheme", regex="(https?)"),
        _relabel("__metrics_path__", f"{prefix}path"),
    ]


def _annotated_pods(part_of: str) -> Document:
    port = (f"{_META}pod_annotation_prometheus_io_port", f"{_META}pod_container_port_number")
    return {
        "kubernetesSDConfigs": [{"role": "Pod", "selectors": [{"role": "Pod", "field": "status.phase=Running"}]}],
        "relabelings": [
            *_annotated("pod"),
            # The application has a job of its own; scraped twice, every rate would double.
            _keep(part_of, f"{_META}pod_label_app_kubernetes_io_part_of", action="drop"),
            _keep("true", f"{_META}pod_container_init", action="drop"),
            # One target for each pod, not one for each declared port: the annotated port, else the only one.
            _relabel("__tmp_port", *port, regex=r"(\d+);.*"),
            _relabel("__tmp_port", *port, regex=r";(\d+)"),
            {
                "sourceLabels": ["__tmp_port"],
                "targetLabel": f"{_META}pod_container_port_number",
                "action": "KeepEqual",
            },
            _relabel("namespace", f"{_META}namespace"),
            _relabel("pod", f"{_META}pod_name"),
            _relabel("container", f"{_META}pod_container_name"),
            _relabel("service", f"{_META}pod_label_app_kubernetes_io_name"),
        ],
    }


def _annotated_services() -> Document:
    return {
        "kubernetesSDConfigs": [{"role": "EndpointSlice"}],
        "relabelings": [
            *_annotated("service"),
            _keep("true", f"{_META}endpointslice_endpoint_conditions_ready"),
            _relabel(
                "__address__",
                "__address__",
                f"{_META}service_annotation_prometheus_io_port",
                regex=r"([^:]+)(?::\d+)?;(\d+)",
                replacement="$1:$2",
            ),
            _relabel("namespace", f"{_META}namespace"),
            _relabel("pod", f"{_META}pod_name"),
            _relabel("service", f"{_META}service_name"),
        ],
    }
