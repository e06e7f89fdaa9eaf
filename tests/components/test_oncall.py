import json
from dataclasses import replace

import pytest

from components.parts.rotas import TeamRota
from tests.support import examples
from tests.support.engine import deploy, of_type


def test_each_team_has_a_service_that_pages_by_severity_and_never_resolves_by_itself() -> None:
    services = of_type(deploy(examples.on_call), "service:Service")
    assert [each.inputs["name"] for each in services] == [
        "OpenPolicy platform (test)",
        "OpenPolicy database (test)",
        "OpenPolicy data (test)",
    ]
    for each in services:
        assert each.inputs["autoResolveTimeout"] == "null"
        assert each.inputs["acknowledgementTimeout"] == "1800"
        assert each.inputs["incidentUrgencyRule"] == {"type": "constant", "urgency": "severity_based"}


def test_escalation_goes_from_the_first_to_the_second_to_the_manager() -> None:
    policy = of_type(deploy(examples.on_call), ":EscalationPolicy")[0].inputs
    steps = [(rule["escalationDelayInMinutes"], rule["targets"][0]) for rule in policy["rules"]]
    assert [delay for delay, _ in steps] == [10, 15, 15]
    assert [target["type"] for _, target in steps] == ["schedule_reference", "schedule_reference", "user_reference"]
    assert steps[-1][1]["id"] == "id-of-platform-lead@example.org"
    assert isinstance(policy["teams"], str)


def test_the_second_is_never_the_first() -> None:
    schedules = of_type(deploy(examples.on_call), ":Schedulev2")
    primary, secondary = (
        [member["userId"] for member in each.inputs["rotations"][0]["events"][0]["assignmentStrategies"][0]["members"]]
        for each in schedules[:2]
    )
    assert primary == ["id-of-platform-1@example.org", "id-of-platform-2@example.org"]
    assert all(first != second for first, second in zip(primary, secondary, strict=True))


def test_a_team_of_one_goes_straight_to_the_manager() -> None:
    alone = [replace(rota, members=rota.members[:1]) for rota in examples.ROTAS]
    recording = deploy(lambda: examples.on_call(rotas=alone))
    assert len(of_type(recording, ":Schedulev2")) == 3
    assert len(of_type(recording, ":EscalationPolicy")[0].inputs["rules"]) == 2


def test_accounts_without_shifts_have_layers() -> None:
    recording = deploy(lambda: examples.on_call(schedule_api="legacy"))
    assert not of_type(recording, ":Schedulev2")
    schedule = of_type(recording, ":Schedule")[0]
    assert schedule.inputs["layers"][0]["rotationTurnLengthSeconds"] == 604_800
    assert schedule.ignore_changes == ("layers[*].start",)


def test_alertmanager_is_reached_by_events_api_v2() -> None:
    integrations = of_type(deploy(examples.on_call), ":ServiceIntegration")
    assert {each.inputs["type"] for each in integrations} == {"events_api_v2_inbound_integration"}
    assert len(integrations) == 3


def test_the_public_site_depends_on_every_team_s_service() -> None:
    recording = deploy(examples.on_call)
    assert len(of_type(recording, ":ServiceDependency")) == 3
    assert of_type(recording, ":BusinessService")[0].inputs["name"] == "OpenPolicy public site (test)"


def test_people_are_looked_up_once_and_never_made() -> None:
    recording = deploy(examples.on_call)
    assert not of_type(recording, "user:User")
    assert recording.invokes == ["pagerduty:index/getUser:getUser"] * 9


def test_everything_says_what_it_is() -> None:
    # Left out, the SDK writes "Managed by Pulumi".
    for kind in (":Team", "service:Service", ":EscalationPolicy", ":Schedulev2", ":BusinessService"):
        for each in of_type(deploy(examples.on_call), kind):
            assert "Managed by" not in each.inputs["description"]


def test_the_token_is_told_to_nobody() -> None:
    recording = deploy(examples.on_call)
    assert "t0ken" not in json.dumps([each.inputs for each in recording.resources.values()])


def test_a_rota_without_people_is_refused() -> None:
    with pytest.raises(ValueError, match="team platform: nobody is on call"):
        TeamRota(team=examples.ROTAS[0].team, time_zone="UTC", members=[], manager="a@example.org")
