"""The jobs that find their targets through the Kubernetes API, as ScrapeConfigs."""

from catalogue.model.exporter import Exporter
from components.render.kubernetes import Document
from components.render.relabelling import META, about, kept, relabel, select

SCRAPE_CLASS = "in-cluster"
"""Scrapes with the service account's token and the cluster's CA, where the target asks for both."""


def _common(exporter: Exporter) -> Document:
    return {
        "jobName": exporter.job,
        **({"scrapeInterval": str(exporter.interval)} if exporter.interval else {}),
        "metricsPath": exporter.path,
        "sampleLimit": exporter.sample_limit,
    }


def api_servers(exporter: Exporter) -> Document:
    """The Kubernetes API server, wherever it runs."""
    return {
        **_common(exporter),
        "scrapeClass": SCRAPE_CLASS,
        "scheme": "HTTPS",
        "tlsConfig": {"serverName": "kubernetes"},
        "kubernetesSDConfigs": [{"role": "EndpointSlice", "namespaces": {"names": ["default"]}}],
        # Without this the token would go to every endpoint that the discovery finds.
        "relabelings": [
            select(
                "default;kubernetes;https",
                f"{META}namespace",
                f"{META}service_name",
                f"{META}endpointslice_port_name",
            ),
            *about(exporter),
        ],
        "metricRelabelings": kept(exporter),
    }


def kubelets(exporter: Exporter) -> Document:
    """Every node's kubelet: volumes, pods, itself."""
    return {
        **_common(exporter),
        "scrapeClass": SCRAPE_CLASS,
        "scheme": "HTTPS",
        # Kubelets sign their certificates themselves unless the cluster bootstraps them.
        "tlsConfig": {"insecureSkipVerify": True},
        "kubernetesSDConfigs": [{"role": "Node"}],
        "relabelings": [
            relabel("node", f"{META}node_name"),
            relabel("instance", f"{META}node_name"),
            relabel("zone", f"{META}node_label_topology_kubernetes_io_zone"),
            *about(exporter),
        ],
        **({"metricRelabelings": kept(exporter)} if kept(exporter) else {}),
    }


def cadvisor(exporter: Exporter) -> Document:
    """What containers use, by every node's kubelet."""
    return {
        **kubelets(exporter),
        "honorTimestamps": False,
        "metricRelabelings": [
            *kept(exporter),
            # Sums over the pod and its pause container, which would count everything twice.
            select(";container_(cpu|memory|fs)_.*", "container", "__name__", action="drop"),
        ],
    }


def control_plane(exporter: Exporter) -> Document:
    """One part of a control plane that runs as pods labelled with its name, as kubeadm does it."""
    secure: Document = {
        "scrapeClass": SCRAPE_CLASS,
        "scheme": "HTTPS",
        "tlsConfig": {"insecureSkipVerify": True},
    }
    pods = {"role": "Pod", "label": f"component={exporter.job}"}
    return {
        **_common(exporter),
        **(secure if exporter.secure else {}),
        "kubernetesSDConfigs": [{"role": "Pod", "namespaces": {"names": ["kube-system"]}, "selectors": [pods]}],
        "relabelings": [
            relabel("__address__", f"{META}pod_ip", replacement=f"$1:{exporter.port}"),
            relabel("instance", f"{META}pod_node_name"),
            relabel("namespace", f"{META}namespace"),
            relabel("pod", f"{META}pod_name"),
            *about(exporter),
        ],
        "metricRelabelings": kept(exporter),
    }


def _annotated(kind: str) -> list[Document]:
    prefix = f"{META}{kind}_annotation_prometheus_io_"
    return [
        select("true", f"{prefix}scrape"),
        relabel("__scheme__", f"{prefix}scheme", regex="(https?)"),
        relabel("__metrics_path__", f"{prefix}path"),
    ]


def annotated_pods(exporter: Exporter, application: str) -> Document:
    """Pods with `prometheus.io/scrape: "true"` that belong to no job of their own."""
    port = (f"{META}pod_annotation_prometheus_io_port", f"{META}pod_container_port_number")
    return {
        **_common(exporter),
        "kubernetesSDConfigs": [{"role": "Pod", "selectors": [{"role": "Pod", "field": "status.phase=Running"}]}],
        "relabelings": [
            *_annotated("pod"),
            # The application has a job of its own; scraped twice, every rate would double.
            select(application, f"{META}pod_label_app_kubernetes_io_part_of", action="drop"),
            select("true", f"{META}pod_container_init", action="drop"),
            # One target for each pod, not one for each declared port: the annotated port, else the only one.
            relabel("__tmp_port", *port, regex=r"(\d+);.*"),
            relabel("__tmp_port", *port, regex=r";(\d+)"),
            {
                "sourceLabels": ["__tmp_port"],
                "targetLabel": f"{META}pod_container_port_number",
                "action": "KeepEqual",
            },
            relabel("namespace", f"{META}namespace"),
            relabel("pod", f"{META}pod_name"),
            relabel("container", f"{META}pod_container_name"),
            relabel("service", f"{META}pod_label_app_kubernetes_io_name"),
        ],
    }


def annotated_services(exporter: Exporter) -> Document:
    """Endpoints of Services with `prometheus.io/scrape: "true"`."""
    return {
        **_common(exporter),
        "kubernetesSDConfigs": [{"role": "EndpointSlice"}],
        "relabelings": [
            *_annotated("service"),
            select("true", f"{META}endpointslice_endpoint_conditions_ready"),
            relabel(
                "__address__",
                "__address__",
                f"{META}service_annotation_prometheus_io_port",
                regex=r"([^:]+)(?::\d+)?;(\d+)",
                replacement="$1:$2",
            ),
            relabel("namespace", f"{META}namespace"),
            relabel("pod", f"{META}pod_name"),
            relabel("service", f"{META}service_name"),
        ],
    }
