"""From settings and facts to each component's arguments: the one file where they meet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pulumi import Output, Resource

from alerts.library import LIBRARY, RUNBOOKS
from alerts.library.inhibitions import INHIBITIONS
from alerts.library.monitoring import WATCHDOG
from alerts.model import RuleGroup
from alerts.render.routes import Config, alertmanager_config
from alerts.review import Subject, Verdict
from alerts.review import review as review_rules
from alerts.tuning import tune, without
from catalogue import CATALOGUE
from catalogue.model.price import Prices
from catalogue.model.problem import Problem
from catalogue.prices import PRICES
from catalogue.services import NAMESPACE, PART_OF, WATCHED_NAMESPACES
from components.alerting import Alerting, AlertingArgs, delivery
from components.cluster import Cluster, ClusterArgs, agents_of
from components.metrics import MetricsArgs
from components.operators import OperatorsArgs
from components.render.kubernetes import Document
from components.settings import Stack
from components.settings.sections import Settings
from components.wiring.capacity import overfull
from components.wiring.edges import journeys
from components.wiring.listed import unlisted
from components.wiring.samples import catalogue, unscraped
from dashboards.links import panel_links
from dashboards.model import Dashboard, shown
from dashboards.review import review as review_boards

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


def prices(stack: Stack) -> Prices:
    """What one of everything costs this stack in a month."""
    return stack.settings.cost.known(PRICES)


def groups(stack: Stack) -> tuple[RuleGroup, ...]:
    """The rules of this stack, with what it changes about them."""
    return tune(without(LIBRARY, unscraped(stack.settings)), stack.overrides)


def review(stack: Stack, groups: tuple[RuleGroup, ...], config: Config, boards: Sequence[Dashboard]) -> Verdict:
    """What forbids the stack, and what its owner ought to know."""
    verdict = review_rules(subject(stack, groups, config, boards))
    return replace(
        verdict,
        errors=(*unlisted(), *verdict.errors, *review_boards(boards, groups, catalogue(stack.settings))),
    )


def misfits(settings: Settings) -> Iterator[Problem]:
    """Settings that contradict the facts."""
    if settings.cluster.namespace == NAMESPACE:
        what = "the application is there, and the stack's quota, its denials and its strict profile would stop it"
        yield Problem("openpolicy:cluster.namespace", what, "name one of its own, such as observability")
    yield from overfull(settings)


def subject(stack: Stack, groups: tuple[RuleGroup, ...], config: Config, boards: Sequence[Dashboard]) -> Subject:
    """Everything that the review of the rules holds against each other."""
    return Subject(
        catalogue=catalogue(stack.settings),
        library=LIBRARY,
        groups=groups,
        inhibitions=INHIBITIONS,
        config=config,
        runbooks=RUNBOOKS,
        scrape_interval=stack.settings.metrics.scrape_interval,
        metrics_retention=stack.settings.metrics.retention,
        shown=shown(boards),
        namespace=stack.settings.cluster.namespace,
        watched=WATCHED_NAMESPACES,
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
    namespace = stack.settings.cluster.namespace
    return OperatorsArgs(
        priority_class=where.priority_class,
        namespace=where.namespace,
        watched=namespace,
        agents=where.agents,
        agents_watched=agents_of(namespace),
    )


def on_call(stack: Stack) -> "OnCallArgs":
    """Who is called."""
    # Only a stack with PagerDuty pays for importing its SDK.
    from components.oncall import OnCallArgs
    from components.parts.rotas import TeamRota

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
        paged_by_datadog={each.service.team.name for each in journeys(stack)},
    )


def alerting(
    stack: Stack,
    where: Cluster,
    after: Sequence[Resource],
    *,
    groups: tuple[RuleGroup, ...],
    boards: Sequence[Dashboard],
    config: Config,
    routing_keys: Mapping[str, Output[str]],
) -> AlertingArgs:
    """Which rules, and whom they wake."""
    settings = stack.settings
    return AlertingArgs(
        namespace=where.namespace,
        priority_class=where.priority_class,
        groups=groups,
        links={
            "runbooks": settings.links.runbooks,
            "dashboards": settings.links.dashboards,
            "panels": panel_links(boards),
        },
        config=config,
        routing_keys=routing_keys,
        dead_mans_switch=stack.secrets["deadMansSwitchUrl"] if settings.alerting.dead_mans_switch else None,
        external_url=settings.links.alertmanager,
        size=settings.alerting.size(settings.cluster.storage_class),
        after=after,
    )


def metrics(
    stack: Stack, where: Cluster, after: Sequence[Resource], told: Alerting, sidecar: Document | None
) -> MetricsArgs:
    """What is scraped. `sidecar` is what is added to Prometheus where its samples go to a bucket."""
    settings = stack.settings
    return MetricsArgs(
        namespace=where.namespace,
        priority_class=where.priority_class,
        alertmanager=told.service,
        cluster=settings.cluster.identifier,
        environment=stack.environment.name,
        external_url=settings.links.prometheus,
        exporters=catalogue(stack.settings).exporters,
        urls=[endpoint.url(settings.links.domain) for service in CATALOGUE.services for endpoint in service.endpoints],
        application_namespace=NAMESPACE,
        application=PART_OF,
        agents=agents_of(settings.cluster.namespace),
        size=settings.metrics.size(settings.cluster.storage_class),
        scrape_interval=settings.metrics.scrape_interval,
        evaluation_interval=settings.metrics.evaluation_interval,
        sidecar=sidecar,
        after=after,
    )
