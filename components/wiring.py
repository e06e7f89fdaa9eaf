"""From settings and facts to each component's arguments: the one file where they meet."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pulumi import Output, Resource

from alerts.inhibitions import INHIBITIONS
from alerts.library import RUNBOOKS
from alerts.model import RuleGroup
from alerts.monitoring import WATCHDOG
from alerts.render.routes import Config, alertmanager_config
from alerts.review import Subject
from catalogue import CATALOGUE
from catalogue.services import NAMESPACE, PART_OF
from components.alerting import Alerting, AlertingArgs, delivery
from components.cluster import Cluster, ClusterArgs
from components.metrics import MetricsArgs
from components.operators import OperatorsArgs
from components.settings import Stack

if TYPE_CHECKING:
    from components.oncall import OnCallArgs


def routes(stack: Stack) -> Config:
    """Alertmanager's configuration for this stack."""
    alerting = stack.settings.alerting
    return alertmanager_config(
        CATALOGUE.teams,
        CATALOGUE.last_resort,
        WATCHDOG,
        INHIBITIONS,
        delivery(
            pages=stack.settings.on_call.enabled,
            dead_mans_switch=alerting.dead_mans_switch,
            office_time_zone=alerting.office_time_zone,
        ),
    )


def subject(stack: Stack, groups: tuple[RuleGroup, ...], config: Config) -> Subject:
    """Everything that the review holds against each other."""
    return Subject(
        catalogue=CATALOGUE,
        groups=groups,
        inhibitions=INHIBITIONS,
        config=config,
        runbooks=RUNBOOKS,
        metrics_retention=stack.settings.metrics.retention,
    )


def cluster(stack: Stack) -> ClusterArgs:
    """Where the stack lives."""
    section = stack.settings.cluster
    return ClusterArgs(
        kubeconfig=section.kubeconfig,
        context=section.context,
        identifier=section.identifier,
        namespace=section.namespace,
        quota=section.quota.hard,
        protect=stack.environment.production,
    )


def operators(stack: Stack, where: Cluster) -> OperatorsArgs:
    """What runs the stateful systems."""
    return OperatorsArgs(namespace=where.namespace, watched=stack.settings.cluster.namespace)


def on_call(stack: Stack) -> "OnCallArgs":
    """Who is called."""
    # Only a stack with PagerDuty pays for importing its SDK.
    from components.oncall import OnCallArgs
    from components.rotas import TeamRota

    section = stack.settings.on_call
    return OnCallArgs(
        token=stack.secrets["pagerdutyToken"],
        rotas=[
            TeamRota(
                team=team,
                time_zone=section.teams[team.name].time_zone,
                members=section.teams[team.name].members,
                manager=section.teams[team.name].manager,
            )
            for team in CATALOGUE.teams
        ],
        environment=stack.environment.name,
        schedule_api=section.schedule_api,
    )


def alerting(
    stack: Stack,
    where: Cluster,
    after: Sequence[Resource],
    *,
    groups: tuple[RuleGroup, ...],
    config: Config,
    routing_keys: Mapping[str, Output[str]],
) -> AlertingArgs:
    """Which rules, and whom they wake."""
    settings = stack.settings
    return AlertingArgs(
        namespace=where.namespace,
        priority_class=where.priority_class,
        groups=groups,
        links={"runbooks": settings.links.runbooks, "dashboards": settings.links.dashboards},
        config=config,
        routing_keys=routing_keys,
        dead_mans_switch=stack.secrets["deadMansSwitchUrl"] if settings.alerting.dead_mans_switch else None,
        external_url=settings.links.alertmanager,
        size=settings.alerting.size(settings.cluster.storage_class),
        after=after,
    )


def metrics(stack: Stack, where: Cluster, after: Sequence[Resource], told: Alerting) -> MetricsArgs:
    """What is scraped."""
    settings = stack.settings
    return MetricsArgs(
        namespace=where.namespace,
        priority_class=where.priority_class,
        alertmanager=told.service,
        cluster=settings.cluster.identifier,
        environment=stack.environment.name,
        external_url=settings.links.prometheus,
        exporters=CATALOGUE.exporters,
        urls=[endpoint.url(settings.links.domain) for service in CATALOGUE.services for endpoint in service.endpoints],
        application_namespace=NAMESPACE,
        application=PART_OF,
        size=settings.metrics.size(settings.cluster.storage_class),
        scrape_interval=settings.metrics.scrape_interval,
        evaluation_interval=settings.metrics.evaluation_interval,
        after=after,
    )
