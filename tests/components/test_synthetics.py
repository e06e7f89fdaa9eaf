import json
from dataclasses import replace
from typing import Any

import pytest

from catalogue.journeys import FIND_MP, HEALTH, READ_A_BILL, SITE_CERTIFICATE
from catalogue.model.journey import Browser, Device, Journey, Type
from catalogue.services import SITE
from components.parts.datadog import PAGERDUTY_SERVICE, RESTRICTION, TEST, VARIABLE
from tests.support import examples
from tests.support.engine import deploy, of_type
from tests.support.sdk import datadog, problems


def made(journey: Journey) -> dict[str, Any]:
    (test,) = of_type(deploy(lambda: examples.synthetics(journeys=[journey])), ":SyntheticsTest")
    return dict(test.inputs)


def test_the_health_check_asks_what_was_asked_for() -> None:
    test = made(HEALTH)
    assert (test["name"], test["type"], test["subtype"]) == ("OpenPolicy API Health Check", "api", "http")
    assert test["requestDefinition"] == {"method": "GET", "url": "https://api.example.org/health", "timeout": 10}
    assert test["assertions"] == [
        {"type": "statusCode", "operator": "is", "target": "200"},
        {"type": "responseTime", "operator": "lessThan", "target": "1000"},
        {
            "type": "body",
            "operator": "validatesJSONPath",
            "targetjsonpath": {"jsonpath": "$.status", "operator": "is", "targetvalue": "healthy"},
        },
    ]
    assert test["locations"] == ["aws:ca-central-1", "aws:us-east-1"]
    wanted = {"tickEvery": 60, "minFailureDuration": 120, "minLocationFailed": 1}
    assert {key: test["optionsList"][key] for key in wanted} == wanted


def test_the_search_for_an_mp_takes_the_steps_that_were_asked_for() -> None:
    test = made(FIND_MP)
    assert (test["name"], test["type"]) == ("Search for MP by Postal Code", "browser")
    assert test["requestDefinition"]["url"] == "https://example.org"
    steps = [
        (step["type"], step["params"]["elementUserLocator"]["value"]["value"], step["params"].get("value"))
        for step in test["browserSteps"]
    ]
    assert steps == [
        ("typeText", "[data-testid='search-input']", "{{ POSTAL_CODE }}"),
        ("click", "[data-testid='search-submit']", None),
        ("assertElementPresent", "[data-testid='mp-result']", None),
        ("assertElementContent", "[data-testid='mp-name']", r"\S+"),
    ]
    assert test["browserVariables"] == [
        {"type": "text", "name": "POSTAL_CODE", "pattern": "K1A 0A6", "example": "K1A 0A6"}
    ]
    assert test["browserSteps"][2]["timeout"] == 5
    assert test["deviceIds"] == ["chrome.laptop_large", "chrome.mobile_small"]
    assert test["locations"] == ["aws:ca-central-1"]
    assert test["optionsList"]["tickEvery"] == 300


def test_no_step_is_bound_to_a_recorded_element() -> None:
    for step in made(FIND_MP)["browserSteps"]:
        assert "element" not in step["params"]
        assert step["params"]["elementUserLocator"]["failTestOnCannotLocate"] is True
        # Where a step ignores it, every preview would show it.
        assert ("check" in step["params"]) == (step["type"] == "assertElementContent")


def test_a_step_that_has_moved_is_known_again() -> None:
    script = FIND_MP.script
    assert isinstance(script, Browser)
    again = replace(FIND_MP, script=replace(script, steps=(script.steps[1], *script.steps)))
    before, after = ([step["localKey"] for step in made(each)["browserSteps"]] for each in (FIND_MP, again))
    assert len({*after}) == len(after)
    assert {*before} < {*after}


def test_a_chain_hands_on_what_it_found() -> None:
    first, second = made(READ_A_BILL)["apiSteps"]
    (kept,) = first["extractedValues"]
    assert (kept["name"], kept["parser"]) == ("BILL_ID", {"type": "json_path", "value": "$.items[0].id"})
    assert second["requestDefinition"]["url"] == "https://api.example.org/api/v1/bills/{{ BILL_ID }}"
    assert second["assertions"][-1]["targetjsonpath"]["targetvalue"] == "{{ BILL_ID }}"


def test_a_certificate_is_told_before_it_ends() -> None:
    test = made(SITE_CERTIFICATE)
    assert test["requestDefinition"] == {"host": "example.org", "port": "443"}
    assert test["assertions"] == [{"type": "certificate", "operator": "isInMoreThan", "target": "21"}]
    assert test["optionsList"]["acceptSelfSigned"] is False


def test_who_is_paged_is_also_told_when_it_is_over() -> None:
    for journey in examples.SYNTHETICS.journeys:
        failing, _, recovered = made(journey)["message"].partition("\n")
        assert failing.startswith("{{#is_alert}}")
        assert recovered.startswith("{{#is_recovery}}")
        assert "@pagerduty-openpolicy-platform-test" in failing
        assert "@pagerduty-openpolicy-platform-test" in recovered


def test_a_handle_exists_before_a_test_uses_it() -> None:
    recording = deploy(examples.synthetics)
    (service,) = of_type(recording, ":ServiceObject")
    assert service.inputs["serviceName"] == "openpolicy-platform-test"
    assert all(service.urn in test.dependencies for test in of_type(recording, ":SyntheticsTest"))


def test_what_matters_most_is_most_urgent_and_may_stop_a_release() -> None:
    health, search = made(HEALTH), made(FIND_MP)
    assert (health["optionsList"]["monitorPriority"], search["optionsList"]["monitorPriority"]) == (1, 3)
    assert health["optionsList"]["ci"] == {"executionRule": "blocking"}
    assert search["optionsList"]["ci"] == {"executionRule": "non_blocking"}


def test_it_says_where_it_belongs() -> None:
    assert made(FIND_MP)["tags"] == ["env:test", "service:web", "team:platform", "managed-by:pulumi"]
    assert made(FIND_MP)["optionsList"]["monitorName"] == "Search for MP by Postal Code (test)"


def test_a_journey_that_would_page_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="no key for platform, whose journeys page"):
        replace(examples.SYNTHETICS, pagerduty_keys={})


def test_only_who_is_named_may_change_a_test_or_see_it() -> None:
    policies = [each.inputs for each in of_type(deploy(examples.synthetics), ":RestrictionPolicy")]
    assert len(policies) == len(examples.SYNTHETICS.journeys)
    for policy in policies:
        assert policy["resourceId"].startswith("synthetics-test:")
        assert policy["bindings"] == [
            {"relation": "editor", "principals": ["role:of-editors"]},
            {"relation": "viewer", "principals": ["org:of-all"]},
        ]
    unrestricted = deploy(lambda: examples.synthetics(access={"editor": [], "viewer": []}))
    assert not of_type(unrestricted, ":RestrictionPolicy")


PASS: dict[str, Any] = {"pass_header": "X-Openpolicy-Test", "pass_value": "pass-k3y"}


def test_calls_of_the_api_show_what_lets_them_through_and_nobody_else_is_shown_it() -> None:
    recording = deploy(lambda: examples.synthetics(**PASS))
    (variable,) = of_type(recording, ":SyntheticsGlobalVariable")
    assert variable.secrets == ("value",)
    assert (variable.inputs["name"], variable.inputs["secure"]) == ("OPENPOLICY_PASS_TEST", True)
    assert "k3y" not in json.dumps([each.inputs for each in recording.resources.values()])
    tests = {test.inputs["name"]: test.inputs for test in of_type(recording, ":SyntheticsTest")}
    headers = {"X-Openpolicy-Test": "{{ OPENPOLICY_PASS_TEST }}"}
    assert tests[HEALTH.name]["requestHeaders"] == headers
    assert [call["requestHeaders"] for call in tests[READ_A_BILL.name]["apiSteps"]] == [headers] * 2
    for name, test in tests.items():
        named = [(each["type"], each["name"]) for each in test.get("configVariables", ())]
        shown = name in (HEALTH.name, READ_A_BILL.name)
        assert named == ([("global", "OPENPOLICY_PASS_TEST")] if shown else [])
        assert shown == ("PASS" in json.dumps(test))
    of_it = [each.inputs["resourceId"] for each in of_type(recording, ":RestrictionPolicy")]
    assert len([each for each in of_it if each.startswith("synthetics-global-variable:")]) == 1


@pytest.mark.parametrize("missing", PASS)
def test_half_a_pass_is_refused(missing: str) -> None:
    with pytest.raises(ValueError, match="a header without a value"):
        replace(examples.SYNTHETICS, **{**PASS, missing: None})


def test_a_failing_test_is_tried_again_and_told_again() -> None:
    for journey in examples.SYNTHETICS.journeys:
        options = made(journey)["optionsList"]
        assert options["retry"] == {"count": 2, "interval": 1_000}
        assert options["monitorOptions"] == {"renotifyInterval": 60}


@pytest.mark.parametrize("variable", ["", "postal code", "{{ X }}"])
def test_a_variable_has_a_name_that_datadog_takes(variable: str) -> None:
    with pytest.raises(ValueError, match="no name of a variable"):
        Type(selector="a", text="b", variable=variable)


def test_two_texts_of_one_name_are_refused() -> None:
    step = Type(selector="a", text="b", variable="CODE")
    with pytest.raises(ValueError, match="two are called CODE"):
        Browser(start=SITE, steps=(step, replace(step, text="c")), devices=(Device.LAPTOP,))


def test_no_key_is_told() -> None:
    recording = deploy(examples.synthetics)
    secrets = {each.name: each.secrets for each in recording.resources.values() if each.secrets}
    assert secrets == {"synthetics-datadog": ("apiKey", "appKey"), "synthetics-platform": ("serviceKey",)}
    assert "k3y" not in json.dumps([each.inputs for each in recording.resources.values()])


def test_the_sdk_would_have_made_the_same() -> None:
    kinds = {
        TEST: (datadog().SyntheticsTest, datadog().SyntheticsTestArgs),
        VARIABLE: (datadog().SyntheticsGlobalVariable, datadog().SyntheticsGlobalVariableArgs),
        RESTRICTION: (datadog().RestrictionPolicy, datadog().RestrictionPolicyArgs),
        PAGERDUTY_SERVICE: (datadog().pagerduty.ServiceObject, datadog().pagerduty.ServiceObjectArgs),
        "pulumi:providers:datadog": (datadog().Provider, datadog().ProviderArgs),
    }
    recording = deploy(lambda: examples.synthetics(**PASS))
    judged = [each for each in recording.resources.values() if each.custom]
    assert {each.type for each in judged} == kinds.keys()
    for each in judged:
        resource, args = kinds[each.type]
        assert getattr(resource, "pulumi_type", each.type) in (each.type, "datadog")
        assert list(problems(args, each.inputs)) == []


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("tickEvery",), 60, "tickEvery: is unknown"),
        (("optionsList", "tickEvery"), "60", "optionsList.tickEvery: '60' is no int"),
        (("optionsList", "ci", "executionRule"), "block", "optionsList.ci.executionRule: 'block' is none of blocking"),
        (("browserSteps", 1, "type"), "waitForElement", "browserSteps[1].type: 'waitForElement' is none of"),
        (("browserSteps", 0), {"type": "click"}, "browserSteps[0].name: is missing"),
        (("requestHeaders",), {"X-Test": 1}, "requestHeaders.X-Test: 1 is no str"),
        (("requestHeaders",), ["X-Test"], "requestHeaders: ['X-Test'] is no Mapping"),
        (("status",), "on", "status: 'on' is none of live, paused"),
    ],
)
def test_a_fault_in_a_test_is_found(path: tuple[str | int, ...], value: object, complaint: str) -> None:
    document = json.loads(json.dumps(made(FIND_MP)))
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    found = list(problems(datadog().SyntheticsTestArgs, document))
    assert any(complaint in problem for problem in found), found
