"""PagerDuty: who is called, in which order, and the key by which Alertmanager reaches them.

Code owns the structure: teams, rotas, escalation. People own the days: overrides are made in PagerDuty. Users are
looked up and never created here, for destroying a stack would delete people.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pulumi_pagerduty as pagerduty
from pulumi import ComponentResource, Input, InvokeOutputOptions, Output, ResourceOptions

from components.parts.rotas import ScheduleApi, TeamRota, escalation

_ACKNOWLEDGED_SECONDS = "1800"
# A string on purpose: Alertmanager resolves incidents, and a timer would close live ones.
_NEVER = "null"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallArgs:
    """Who is called, and for which environment."""

    token: Input[str]
    """PagerDuty's REST API token."""

    rotas: Sequence[TeamRota]
    environment: str
    """Part of every name: names are unique in an account."""

    schedule_api: ScheduleApi
    """`v2`, or `legacy` for accounts without shift-based schedules."""

    paged_by_datadog: Collection[str] = ()
    """Names of the teams that Datadog pages by itself."""


class OnCall(ComponentResource):
    """Teams, schedules, escalation policies, services and integrations."""

    routing_keys: Mapping[str, Output[str]]
    """Events API v2 key of each team, by its name."""

    datadog_keys: Mapping[str, Output[str]]
    """Key of Datadog's integration, by the names of the teams that it pages."""

    def __init__(self, name: str, args: OnCallArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:OnCall", name, None, opts)
        # The SDK does not mark the token itself.
        token = Output.secret(args.token)
        provider = pagerduty.Provider(f"{name}-pagerduty", token=token, opts=ResourceOptions(parent=self))
        child = ResourceOptions(parent=self, provider=provider)
        keyed = ResourceOptions(parent=self, provider=provider, additional_secret_outputs=["integrationKey"])
        asked = InvokeOutputOptions(parent=self, provider=provider)

        people = dict.fromkeys(email for rota in args.rotas for email in (*rota.members, rota.manager))
        users = {email: pagerduty.get_user_output(email=email, opts=asked).id for email in people}
        site = pagerduty.BusinessService(
            f"{name}-site",
            name=f"OpenPolicy public site ({args.environment})",
            description="What citizens see: the site, the API and fresh data.",
            opts=child,
        )
        routing_keys, datadog_keys = dict[str, Output[str]](), dict[str, Output[str]]()
        for rota in args.rotas:
            team = f"{name}-{rota.team.name}"
            policy = escalation(team, rota, users, environment=args.environment, api=args.schedule_api, opts=child)
            service = pagerduty.Service(
                f"{team}-service",
                name=rota.title(args.environment),
                description=rota.team.mission,
                escalation_policy=policy.id,
                acknowledgement_timeout=_ACKNOWLEDGED_SECONDS,
                auto_resolve_timeout=_NEVER,
                # Critical alerts are urgent and escalate; warnings wait in the list.
                incident_urgency_rule={"type": "constant", "urgency": "severity_based"},
                opts=child,
            )
            pagerduty.ServiceDependency(
                f"{team}-dependency",
                dependency={
                    "dependent_services": [{"id": site.id, "type": "business_service"}],
                    "supporting_services": [{"id": service.id, "type": "service"}],
                },
                opts=child,
            )
            alertmanager = pagerduty.ServiceIntegration(
                f"{team}-alertmanager",
                name="Alertmanager",
                service=service.id,
                type="events_api_v2_inbound_integration",
                opts=keyed,
            )
            routing_keys[rota.team.name] = Output.secret(alertmanager.integration_key)
            if rota.team.name in args.paged_by_datadog:
                vendor = pagerduty.get_vendor_output(name="Datadog", opts=asked).id
                datadog = pagerduty.ServiceIntegration(
                    f"{team}-datadog", name="Datadog", service=service.id, vendor=vendor, opts=keyed
                )
                datadog_keys[rota.team.name] = Output.secret(datadog.integration_key)

        self.routing_keys, self.datadog_keys = routing_keys, datadog_keys
        self.register_outputs({"routing_keys": routing_keys, "datadog_keys": datadog_keys})
