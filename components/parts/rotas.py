"""A team's turns of being on call: its people, their weeks, and who is asked when nobody answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi_pagerduty as pagerduty
from pulumi import Input, Output, ResourceOptions

from catalogue.model.ownership import Team

ScheduleApi = Literal["v2", "legacy"]

# A Monday morning long past: PagerDuty counts the weeks of a rota from here.
_FIRST_HANDOVER = "2024-01-01T09:00:00Z"
_NEXT_HANDOVER = "2024-01-08T09:00:00Z"
_WEEK = 7 * 24 * 3600
# Long enough to find the laptop, and again for the second person.
_FIRST_WAIT_MINUTES = 10
_SECOND_WAIT_MINUTES = 15


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

    def title(self, environment: str, what: str = "") -> str:
        """What its objects are called. Names are unique in an account, so the environment is part of them."""
        return " ".join(["OpenPolicy", self.team.name, *([what] if what else []), f"({environment})"])


def escalation(
    name: str,
    rota: TeamRota,
    users: Mapping[str, Output[str]],
    *,
    environment: str,
    api: ScheduleApi,
    opts: ResourceOptions,
) -> pagerduty.EscalationPolicy:
    """The team, its members, its schedules, and the policy that goes through them. `users` are ids by e-mail."""
    team = pagerduty.Team(name, name=rota.title(environment), description=rota.team.mission, opts=opts)
    roles = dict.fromkeys(rota.members, "responder") | {rota.manager: "manager"}
    for email, role in roles.items():
        pagerduty.TeamMembership(f"{name}-{email}", team_id=team.id, user_id=users[email], role=role, opts=opts)

    def schedule(rank: str, members: Sequence[str]) -> Output[str]:
        return _schedule(
            f"{name}-{rank}", rota.title(environment, rank), rota, team, [users[each] for each in members], api, opts
        )

    first, *others = rota.members
    # One place further in the rota: the second is never the first.
    ranks = {"primary": rota.members} | ({"secondary": [*others, first]} if others else {})
    waits = (_FIRST_WAIT_MINUTES, _SECOND_WAIT_MINUTES)
    return pagerduty.EscalationPolicy(
        f"{name}-escalation",
        name=rota.title(environment, "escalation"),
        description="Primary, then secondary, then the manager; twice over.",
        num_loops=2,
        teams=team.id,
        rules=[
            *(
                {
                    "escalation_delay_in_minutes": wait,
                    "targets": [{"type": "schedule_reference", "id": schedule(rank, members)}],
                }
                for wait, (rank, members) in zip(waits, ranks.items(), strict=False)
            ),
            {
                "escalation_delay_in_minutes": _SECOND_WAIT_MINUTES,
                "targets": [{"type": "user_reference", "id": users[rota.manager]}],
            },
        ],
        opts=opts,
    )


def _schedule(
    name: str,
    title: str,
    rota: TeamRota,
    team: pagerduty.Team,
    users: Sequence[Output[str]],
    api: ScheduleApi,
    opts: ResourceOptions,
) -> Output[str]:
    # PagerDuty moves a start in the past to now, and every preview would show it.
    moved = "layers[*].start" if api == "legacy" else "rotations[*].events[*].effectiveSince"
    opts = ResourceOptions.merge(opts, ResourceOptions(ignore_changes=[moved]))
    if api == "legacy":
        return pagerduty.Schedule(
            name,
            name=title,
            description="Turns of a week.",
            time_zone=rota.time_zone,
            teams=[team.id],
            layers=[_layer(users)],
            opts=opts,
        ).id
    return pagerduty.Schedulev2(
        name,
        name=title,
        description="Turns of a week.",
        time_zone=rota.time_zone,
        teams=[team.id],
        rotations=[{"events": [_shift(users)]}],
        opts=opts,
    ).id


def _shift(users: Sequence[Input[str]]) -> pagerduty.Schedulev2RotationEventArgsDict:
    return {
        "name": "week",
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


def _layer(users: Sequence[Input[str]]) -> pagerduty.ScheduleLayerArgsDict:
    return {
        "name": "week",
        "start": _FIRST_HANDOVER,
        "rotation_virtual_start": _FIRST_HANDOVER,
        "rotation_turn_length_seconds": _WEEK,
        "users": list(users),
    }
