"""Whom Alertmanager tells about an alert, derived from the teams.

No secret is in it: keys and addresses are files that the Alertmanager mounts. So it can be printed, compared and
checked with amtool.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from alerts.model import Alert, Inhibition, Severity
from alerts.render.receivers import DEAD_MANS_SWITCH, SILENT, Receiver, dead_mans_switch, team_receiver
from catalogue.model.ownership import Team

OUT_OF_HOURS = "out-of-hours"


class Route(TypedDict):
    """A node of the routing tree."""

    receiver: NotRequired[str]
    matchers: NotRequired[list[str]]
    group_by: NotRequired[list[str]]
    group_wait: NotRequired[str]
    group_interval: NotRequired[str]
    repeat_interval: NotRequired[str]
    mute_time_intervals: NotRequired[list[str]]
    routes: NotRequired[list["Route"]]


# `global` is a keyword.
Config = TypedDict(
    "Config",
    {
        "global": Mapping[str, str],
        "templates": list[str],
        "route": Route,
        "inhibit_rules": list[Mapping[str, list[str]]],
        "time_intervals": list[Mapping[str, object]],
        "receivers": list[Receiver],
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where notifications go, as files that hold the secret part. None: nobody is told that way."""

    pagerduty_keys: str | None
    """Directory with one file for each team, which holds its Events API v2 routing key."""

    dead_mans_switch: str | None
    """File that holds the address to call while Watchdog fires."""

    templates: str
    """Glob of the template files."""

    office_time_zone: str
    """IANA name of the zone whose office hours tickets wait for."""


def alertmanager_config(
    teams: Sequence[Team],
    last_resort: Team,
    watchdog: Alert,
    inhibitions: Sequence[Inhibition],
    delivery: Delivery,
) -> Config:
    """The whole configuration. Teams are told by team; what belongs to no known team goes to the last resort."""
    switch = DEAD_MANS_SWITCH if delivery.dead_mans_switch else SILENT
    return {
        "global": {"resolve_timeout": "5m", "pagerduty_url": "https://events.pagerduty.com/v2/enqueue"},
        "templates": [delivery.templates],
        "route": {
            # An alert may reach the wrong team; it is never lost.
            "receiver": last_resort.name,
            "group_by": ["alertname", "service", "namespace"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "4h",
            "routes": [
                {
                    "receiver": switch,
                    "matchers": [f'alertname="{watchdog.name}"'],
                    "group_by": ["alertname"],
                    "group_wait": "0s",
                    "group_interval": "1m",
                    "repeat_interval": "5m",
                },
                {"receiver": SILENT, "matchers": [f'severity=~"{Severity.INFO}|{Severity.NONE}"']},
                *(_team_route(team) for team in teams),
            ],
        },
        "inhibit_rules": inhibit_rules(inhibitions),
        "time_intervals": [_out_of_hours(delivery.office_time_zone)],
        "receivers": [
            {"name": SILENT},
            *([dead_mans_switch(delivery.dead_mans_switch)] if delivery.dead_mans_switch else []),
            *(team_receiver(team, delivery.pagerduty_keys) for team in teams),
        ],
    }


def inhibit_rules(inhibitions: Sequence[Inhibition]) -> list[Mapping[str, list[str]]]:
    """The inhibitions as Alertmanager reads them."""
    return [
        {
            "source_matchers": _split(inhibition.source),
            "target_matchers": _split(inhibition.target),
            "equal": list(inhibition.equal),
        }
        for inhibition in inhibitions
    ]


def _team_route(team: Team) -> Route:
    page = f'severity="{Severity.CRITICAL}"'
    ticket = f'severity="{Severity.WARNING}"'
    # One incident for each objective, whichever of its windows burns.
    objective = ["slo", "service", "namespace"]
    waiting: Route = {"matchers": [ticket], "repeat_interval": "1d", "mute_time_intervals": [OUT_OF_HOURS]}
    return {
        "receiver": team.name,
        "matchers": [f'team="{team.name}"'],
        "routes": [
            {
                "matchers": ['slo!=""', page],
                "group_by": objective,
                "group_wait": "15s",
                "repeat_interval": "1h",
            },
            {
                "matchers": ['slo!=""', ticket],
                "group_by": objective,
                "repeat_interval": "1d",
                "mute_time_intervals": [OUT_OF_HOURS],
            },
            {"matchers": [page], "group_wait": "10s", "repeat_interval": "1h"},
            waiting if team.tickets_wait else {"matchers": [ticket], "repeat_interval": "12h"},
        ],
    }


def _split(matchers: str) -> list[str]:
    # A comma within quotes belongs to a value.
    return re.findall(r'[^,"]+"[^"]*"', matchers)


def _out_of_hours(time_zone: str) -> Mapping[str, object]:
    weekdays = ["monday:friday"]
    return {
        "name": OUT_OF_HOURS,
        "time_intervals": [
            {"location": time_zone, "weekdays": ["saturday", "sunday"]},
            {
                "location": time_zone,
                "weekdays": weekdays,
                "times": [
                    {"start_time": "00:00", "end_time": "08:00"},
                    {"start_time": "18:00", "end_time": "24:00"},
                ],
            },
        ],
    }
