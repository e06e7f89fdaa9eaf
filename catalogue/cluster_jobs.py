"""The jobs whose targets are there without us: the application, the cluster's parts, and what asks to be scraped."""

from catalogue.exported import control_plane, kubernetes, probes
from catalogue.metrics import METRICS
from catalogue.model.exporter import Discovery, Exporter
from catalogue.services import KUBERNETES, PART_OF

# A sample limit rejects a scrape whole, so it stands well above what AppCardinalityHigh warns of.
APPLICATION = Exporter(job=PART_OF, service=None, discovery=Discovery.APPLICATION, sample_limit=15_000, metrics=METRICS)

API_SERVERS = Exporter(
    job="kubernetes-apiservers",
    service=KUBERNETES,
    discovery=Discovery.API_SERVER,
    metrics=kubernetes.API_SERVER,
)
KUBELETS = Exporter(
    job="kubernetes-nodes",
    service=KUBERNETES,
    discovery=Discovery.KUBELET,
    per_node=True,
    metrics=kubernetes.VOLUMES,
)
CADVISOR = Exporter(
    job="kubernetes-cadvisor",
    service=KUBERNETES,
    discovery=Discovery.CADVISOR,
    path="/metrics/cadvisor",
    per_node=True,
    metrics=kubernetes.CONTAINERS,
)
PODS = Exporter(
    job="kubernetes-pods",
    service=None,
    discovery=Discovery.ANNOTATED_PODS,
    sample_limit=15_000,
    # cert-manager's pods carry the annotation.
    metrics=probes.CERTIFICATES,
)
SERVICE_ENDPOINTS = Exporter(
    job="kubernetes-service-endpoints",
    service=None,
    discovery=Discovery.ANNOTATED_SERVICES,
    sample_limit=20_000,
)

# Only where the settings say that the control plane is ours: a managed one hides these.
SCHEDULERS = Exporter(
    job="kube-scheduler", service=KUBERNETES, discovery=Discovery.CONTROL_PLANE, port="10259", secure=True
)
CONTROLLER_MANAGERS = Exporter(
    job="kube-controller-manager", service=KUBERNETES, discovery=Discovery.CONTROL_PLANE, port="10257", secure=True
)
ETCD = Exporter(
    job="etcd",
    service=KUBERNETES,
    discovery=Discovery.CONTROL_PLANE,
    port="2381",
    metrics=control_plane.ETCD_METRICS,
)
