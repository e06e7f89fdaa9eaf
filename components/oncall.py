"""PagerDuty: who is called, in which order, and the key by which Alertmanager reaches them.

Code owns the structure: teams, rotas, escalation. People own the days: overrides are made in PagerDuty. Users are
looked up and never created here, for destroying a stack would delete people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_pagerduty as pagerduty
from pulumi import ComponentResource, Input, InvokeOutputOptions, Output, ResourceOptions

from catalogue.model.ownership import Team

# A Monday morning long past: PagerDuty counts the weeks of a rota from here.
_FIRST_HANDOVER = "2024-01-01T09:00:00Z"
_NEXT_HANDOVER = "2024-01-08T09:00:00Z"
_WEEK = 7 * 24 * 3600
# Long enough to find the laptop, and again for the second person.
_FIRST_WAIT_MINUTES = 10
_SECOND_WAIT_MINUTES = 15
_ACKNOWLEDGED_SECONDS = "1800"
# A string on purpose: Alertmanager resolves incidents, and a timer would close live ones.
_NEVER = "null"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRota:
    """A team, and the e-mail addresses of those who are called."""

    team: Team
    time_zone: str
    members: Sequence[str]
    """In the order of their weeks."""

    manager: str

    def __post_init__(self) -> None:
        if not self.members:
            raise ValueError(f"team {self.team.name}: nobody is on call")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallArgs:
    """Who is called, and for which environment."""

    token: Input[str]
    """PagerDuty's REST API token."""

    rotas: Sequence[TeamRota]
    environment: str
    """Part of every name: names are unique in an account."""

    schedule_api: str
    """`v2`, or `legacy` for accounts without shift-based schedules."""


class OnCall(ComponentResource):
    """Teams, schedules, escalation policies, services and integrations."""

    routing_keys: Mapping[str, Output[str]]
    """Events API v2 key of each team, by its name."""

    def __init__(self, name: str, args: OnCallArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:OnCall", name, None, opts)
        provider = pagerduty.Provider(f"{name}-pagerduty", token=args.token, opts=ResourceOptions(parent=self))
        self._child = ResourceOptions(parent=self, provider=provider)
        self._invoke = InvokeOutputOptions(parent=self, provider=provider)
        self._name, self._args = name, args
        people = dict.fromkeys(email for rota in args.rotas for email in (*rota.members, rota.manager))
        self._users = {email: pagerduty.get_user_output(email=email, opts=self._invoke).id for email in people}

        site = pagerduty.BusinessService(
            f"{name}-site",
            name=f"OpenPolicy public site ({args.environment})",
            description="What citizens see: the site, the API and fresh data.",
            opts=self._child,
        )
        keys = dict[str, Output[str]]()
        for rota in args.rotas:
            service = self._service(rota, self._policy(rota))
            keys[rota.team.name] = self._key(rota, service)
            pagerduty.ServiceDependency(
                f"{name}-{rota.team.name}-dependency",
                dependency={
                    "dependent_services": [{"id": site.id, "type": "business_service"}],
                    "supporting_services": [{"id": service.id, "type": "service"}],
                },
                opts=self._child,
            )
        self.routing_keys = keys
        self.register_outputs({"routing_keys": keys})

    def _title(self, rota: TeamRota, what: str = "") -> str:
        return " ".join(["OpenPolicy", rota.team.name, *([what] if what else []), f"({self._args.environment})"])

    def _policy(self, rota: TeamRota) -> pagerduty.EscalationPolicy:
        team = pagerduty.Team(
            f"{self._name}-{rota.team.name}",
            name=self._title(rota),
            description=rota.team.mission,
            opts=self._child,
        )
        roles = dict.fromkeys(rota.members, "responder") | {rota.manager: "manager"}
        for email, role in roles.items():
            pagerduty.TeamMembership(
                f"{self._name}-{rota.team.name}-{email}",
                team_id=team.id,
                user_id=self._users[email],
                role=role,
                opts=self._child,
            )
        first, *others = rota.members
        schedules = [self._schedule(rota, team, "primary", rota.members)]
        if others:
            # One place further in the rota: the second is never the first.
            schedules.append(self._schedule(rota, team, "secondary", [*others, first]))
        waits = [_FIRST_WAIT_MINUTES, _SECOND_WAIT_MINUTES]
        return pagerduty.EscalationPolicy(
            f"{self._name}-{rota.team.name}-escalation",
            name=self._title(rota, "escalation"),
            description="Primary, then secondary, then the manager; twice over.",
            num_loops=2,
            teams=team.id,
            rules=[
                *(
                    {
                        "escalation_delay_in_minutes": wait,
                        "targets": [{"type": "schedule_reference", "id": schedule}],
                    }
                    for wait, schedule in zip(waits, schedules, strict=False)
                ),
                {
                    "escalation_delay_in_minutes": _SECOND_WAIT_MINUTES,
                    "targets": [{"type": "user_reference", "id": self._users[rota.manager]}],
                },
            ],
            opts=self._child,
        )

    def _schedule(self, rota: TeamRota, team: pagerduty.Team, rank: str, members: Sequence[str]) -> Output[str]:
        name = f"{self._name}-{rota.team.name}-{rank}"
        users = [self._users[email] for email in members]
        if self._args.schedule_api == "legacy":
            return pagerduty.Schedule(
                name,
                name=self._title(rota, rank),
                description=f"Weeks of the {rank} on call.",
                time_zone=rota.time_zone,
                teams=[team.id],
                layers=[
                    {
                        "name": rank,
                        "start": _FIRST_HANDOVER,
                        "rotation_virtual_start": _FIRST_HANDOVER,
                        "rotation_turn_length_seconds": _WEEK,
                        "users": users,
                    }
                ],
                # PagerDuty moves the start of a layer to now, and every preview would show it.
                opts=ResourceOptions.merge(self._child, ResourceOptions(ignore_changes=["layers[*].start"])),
            ).id
        return pagerduty.Schedulev2(
            name,
            name=self._title(rota, rank),
            description=f"Weeks of the {rank} on call.",
            time_zone=rota.time_zone,
            teams=[team.id],
            rotations=[
                {
                    "events": [
                        {
                            "name": rank,
                            "start_time": _FIRST_HANDOVER,
                            "end_time": _NEXT_HANDOVER,
                            "effective_since": _FIRST_HANDOVER,
                            "recurrences": ["RRULE:FREQ=WEEKLY"],
                            "assignment_strategies": [
                                {
                                    "type": "rotating_member_assignment_strategy",
                                    "shifts_per_member": 1,
                                    "members": [{"type": "user_member", "user_id": user} for user in users],
                                }
                            ],
                        }
                    ]
                }
            ],
            # PagerDuty moves a start in the past to now.
            opts=ResourceOptions.merge(
                self._child, ResourceOptions(ignore_changes=["rotations[*].events[*].effectiveSince"])
            ),
        ).id

    def _service(self, rota: TeamRota, policy: pagerduty.EscalationPolicy) -> pagerduty.Service:
        return pagerduty.Service(
            f"{self._name}-{rota.team.name}-service",
            name=self._title(rota),
            description=rota.team.mission,
            escalation_policy=policy.id,
            acknowledgement_timeout=_ACKNOWLEDGED_SECONDS,
            auto_resolve_timeout=_NEVER,
            # Critical alerts are urgent and escalate; warnings wait in the list.
            incident_urgency_rule={"type": "constant", "urgency": "severity_based"},
            opts=self._child,
        )

    def _key(self, rota: TeamRota, service: pagerduty.Service) -> Output[str]:
        integration = pagerduty.ServiceIntegration(
            f"{self._name}-{rota.team.name}-alertmanager",
            name="Alertmanager",
            service=service.id,
            type="events_api_v2_inbound_integration",
            opts=ResourceOptions.merge(self._child, ResourceOptions(additional_secret_outputs=["integrationKey"])),
        )
        return Output.secret(integration.integration_key)
