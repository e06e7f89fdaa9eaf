"""One valid value of everything that tests deploy or break."""

from dataclasses import replace
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from alerts.inhibitions import INHIBITIONS
from alerts.library import LIBRARY
from alerts.monitoring import WATCHDOG
from alerts.render.routes import Config, alertmanager_config
from catalogue import CATALOGUE
from catalogue.model.quantity import Bytes
from catalogue.model.time import days, seconds
from components.alerting import Alerting, AlertingArgs, delivery
from components.cluster import Cluster, ClusterArgs
from components.metrics import Metrics, MetricsArgs
from components.oncall import OnCall, OnCallArgs
from components.operators import Operators, OperatorsArgs
from components.render.alertmanager import AlertmanagerSize
from components.render.prometheus import PrometheusSize
from components.rotas import TeamRota

CLUSTER = ClusterArgs(
    kubeconfig=None,
    context="test",
    identifier="test",
    namespace="observability",
    quota={"pods": "10"},
    protect=True,
)
OPERATORS = OperatorsArgs(namespace="observability", watched="observability")
METRICS = MetricsArgs(
    namespace="observability",
    priority_class="critical",
    alertmanager="alertmanager",
    cluster="test",
    environment="test",
    external_url="https://prometheus.example.org",
    exporters=CATALOGUE.exporters,
    urls=["https://example.org"],
    application_namespace="openpolicy",
    application="openpolicy",
    size=PrometheusSize(
        replicas=2,
        retention=days(45),
        retention_size=Bytes.parse("110GB", ("KB", "MB", "GB", "TB")),
        volume=Bytes.parse("140Gi"),
        storage_class=None,
        cpu="2",
        memory=Bytes.parse("6Gi"),
    ),
    scrape_interval=seconds(15),
    evaluation_interval=seconds(15),
)
ROTAS = [
    TeamRota(
        team=team,
        time_zone="America/Toronto",
        members=[f"{team.name}-1@example.org", f"{team.name}-2@example.org"],
        manager=f"{team.name}-lead@example.org",
    )
    for team in CATALOGUE.teams
]
ONCALL = OnCallArgs(token="t0ken", rotas=ROTAS, environment="test", schedule_api="v2")


def config(*, pages: bool = True, dead_mans_switch: bool = True) -> Config:
    """Alertmanager's configuration of all teams."""
    return alertmanager_config(
        CATALOGUE.teams,
        CATALOGUE.last_resort,
        WATCHDOG,
        INHIBITIONS,
        delivery(pages=pages, dead_mans_switch=dead_mans_switch, office_time_zone="America/Toronto"),
    )


ALERTING = AlertingArgs(
    namespace="observability",
    priority_class="critical",
    groups=LIBRARY,
    links={"runbooks": "https://runbooks.example.org", "dashboards": "https://grafana.example.org"},
    config=config(),
    routing_keys={team.name: f"k3y-of-{team.name}" for team in CATALOGUE.teams},
    dead_mans_switch="https://switch.example.org/s3cret",
    external_url="https://alertmanager.example.org",
    size=AlertmanagerSize(replicas=3, volume=Bytes.parse("5Gi"), storage_class="ssd", memory=Bytes.parse("256Mi")),
)


def _here() -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(provider=kubernetes.Provider("test", context="test"))


def cluster(**changes: Any) -> Cluster:
    """A cluster, with changed arguments."""
    return Cluster("cluster", replace(CLUSTER, **changes))


def operators(**changes: Any) -> Operators:
    """The operators, with changed arguments."""
    return Operators("operators", replace(OPERATORS, **changes), _here())


def metrics(**changes: Any) -> Metrics:
    """Prometheus, with changed arguments."""
    return Metrics("metrics", replace(METRICS, **changes), _here())


def alerting(**changes: Any) -> Alerting:
    """Alertmanager and rules, with changed arguments."""
    return Alerting("alerting", replace(ALERTING, **changes), _here())


def on_call(**changes: Any) -> OnCall:
    """PagerDuty, with changed arguments."""
    return OnCall("oncall", replace(ONCALL, **changes))
