"""Prometheus: what is scraped, how long it is kept, and what it may see of the cluster.

Two replicas scrape the same targets; Alertmanager and readers tell them apart by one label and drop it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import Service, ServiceAccount
from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict

from catalogue.model.exporter import Exporter
from catalogue.model.time import Duration
from components.parts.objects import account, budget, grant, metadata, rule
from components.render.kubernetes import MONITORED, Document, labels
from components.render.monitors import monitor
from components.render.prometheus import PrometheusSize, prometheus_spec
from components.render.thanos import ROLE

_NAME = "openpolicy"
_READ = ("get", "list", "watch")
# What discovery finds targets by, and where kubelets and API servers show their metrics.
_MAY_SEE: Sequence[PolicyRuleArgsDict] = [
    rule("", ["nodes", "services", "pods"], *_READ),
    rule("", ["nodes/metrics"], "get"),
    rule("discovery.k8s.io", ["endpointslices"], *_READ),
    {"non_resource_urls": ["/metrics", "/metrics/cadvisor"], "verbs": ["get"]},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsArgs:
    """What to scrape, and how large Prometheus is."""

    namespace: Input[str]
    priority_class: Input[str]
    alertmanager: Input[str]
    """Service behind which every Alertmanager is found."""

    cluster: str
    """Value of the `cluster` label on everything that leaves Prometheus."""

    environment: str
    external_url: str
    exporters: Sequence[Exporter]
    """Every scrape job. They decide which monitors exist, so they are never an Output."""

    urls: Sequence[str]
    """Addresses that are probed."""

    application_namespace: str
    application: str
    """Value of app.kubernetes.io/part-of on the application's pods."""

    agents: str
    """Where exporters are that run on every node."""

    size: PrometheusSize
    scrape_interval: Duration
    evaluation_interval: Duration
    after: Sequence[Resource] = ()
    """What has to exist first: the kinds of the custom resources."""
    sidecar: Document | None = None
    """What is added to Prometheus where its samples go to a bucket too."""


class Metrics(ComponentResource):
    """Prometheus, its monitors, and its rights."""

    service: Output[str]
    """Service for readers. It sticks to one replica, for graphs of two differ slightly."""

    def __init__(self, name: str, args: MetricsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Metrics", name, None, opts)
        child = ResourceOptions(parent=self, depends_on=list(args.after))
        own = labels("prometheus")
        pods = {"operator.prometheus.io/name": _NAME}
        here = metadata("prometheus", own, args.namespace)
        identity = ServiceAccount(f"{name}-account", metadata=here, automount_service_account_token=False, opts=child)
        subject = account(identity.metadata.name, args.namespace)
        grant(name, metadata("openpolicy-prometheus", own), _MAY_SEE, subject, child)
        service = Service(
            f"{name}-service",
            metadata=here,
            spec={
                "selector": pods,
                "session_affinity": "ClientIP",
                "ports": [{"name": "web", "port": 9090, "target_port": "web"}],
            },
            opts=child,
        )
        Service(
            f"{name}-reloaders",
            metadata=metadata("config-reloader", labels("config-reloader"), args.namespace),
            # The sidecars of every Prometheus and Alertmanager that the operator runs here.
            spec={
                "cluster_ip": "None",
                "selector": {"app.kubernetes.io/managed-by": "prometheus-operator"},
                "ports": [{"name": "reloader-web", "port": 8080, "target_port": "reloader-web"}],
            },
            opts=child,
        )
        if args.size.replicas > 1:
            budget(f"{name}-budget", here, pods, child)
        told = {"namespace": args.namespace, "name": args.alertmanager, "port": "web", "apiVersion": "v2"}
        CustomResource(
            f"{name}-prometheus",
            api_version="monitoring.coreos.com/v1",
            kind="Prometheus",
            metadata=metadata(_NAME, own, args.namespace),
            spec=prometheus_spec(
                size=args.size,
                pods=pods,
                labels=own | (ROLE if args.sidecar else {}),
                cluster=args.cluster,
                environment=args.environment,
                external_url=args.external_url,
                scrape_interval=args.scrape_interval,
                evaluation_interval=args.evaluation_interval,
            )
            | {
                "serviceAccountName": identity.metadata.name,
                "priorityClassName": args.priority_class,
                "alerting": {"alertmanagers": [told]},
            }
            | (args.sidecar or {}),
            opts=child,
        )
        where = {"namespace": args.application_namespace, "application": args.application, "agents": args.agents}
        for exporter in args.exporters:
            made = monitor(exporter, urls=args.urls, **where)
            CustomResource(
                f"{name}-job-{exporter.job}",
                api_version=f"monitoring.coreos.com/{made.api_version}",
                kind=made.kind,
                metadata=metadata(exporter.job, labels(exporter.job) | MONITORED, args.namespace),
                spec=made.spec,
                opts=child,
            )

        self.service = service.metadata.name
        self.register_outputs({"service": self.service})
