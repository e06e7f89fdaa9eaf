"""Production's secrets: encrypted wherever they are kept, and nowhere else."""

import json
from collections.abc import Sequence
from typing import Any

from tests.live.engine.leaks import SECRETS, holders, known, leaks
from tests.live.engine.stack import Ran, Stack

_KEYS = {f"oncall-{team}-alertmanager outputs.integrationKey" for team in ("platform", "database", "data")} | {
    "oncall-platform-datadog outputs.integrationKey"
}


def test_no_secret_is_in_the_state_or_on_the_screen(prod: Stack) -> None:
    runs = [prod.ok("preview", "--diff"), prod.ok("up"), prod.ok("refresh")]
    values = known(prod)
    assert len(values) == len(SECRETS) + len(_KEYS)
    assert leaks(prod.folder, values) == []
    assert not [each for run in runs for each in values if each in run.text]
    assert holders(_decrypted(prod), values) == _KEYS | {
        "oncall-pagerduty inputs.token",
        "oncall-pagerduty outputs.token",
        "oncall outputs.routing_keys",
        "oncall outputs.datadog_keys",
        *(f"synthetics-datadog {side}.{key}" for side in ("inputs", "outputs") for key in ("apiKey", "appKey")),
        *(f"synthetics-platform {side}.serviceKey" for side in ("inputs", "outputs")),
        "alerting-keys inputs.stringData",
        "alerting-keys outputs.stringData",
        "grafana-secrets inputs.stringData",
        "grafana-secrets outputs.stringData",
        "logs-object-store inputs.stringData",
        "logs-object-store outputs.stringData",
        "archive-store inputs.stringData",
        "archive-store outputs.stringData",
        "archive-store-reader inputs.stringData",
        "archive-store-reader outputs.stringData",
        "longterm-keys inputs.stringData",
        "longterm-keys outputs.stringData",
    }


def test_a_first_preview_does_not_know_the_keys_and_shows_none(prod: Stack) -> None:
    shown = prod.ok("preview", "--json")
    steps: Sequence[dict[str, Any]] = json.loads(shown.text[shown.text.index("{") :])["steps"]
    made = {step["urn"].rpartition("::")[2]: step["newState"] for step in steps}
    assert made["alerting-keys"]["inputs"]["stringData"] == "[secret]"
    unknown = [name for name, each in made.items() if "04da6b54-80e4-46f7-96ec-b56ff0331ba9" in json.dumps(each)]
    assert "oncall-platform-service" in unknown, "its escalation policy does not exist yet"
    assert not [each for each in SECRETS.values() if each in shown.text]


def test_a_key_that_is_not_marked_would_be_found(prod: Stack) -> None:
    prod.edit("components/oncall.py", 'additional_secret_outputs=["integrationKey"]', "additional_secret_outputs=[]")
    prod.ok("up")
    assert leaks(prod.folder / "backend", known(prod)) != []


def test_without_a_secret_nothing_is_created(prod: Stack) -> None:
    prod.ok("config", "rm", "openpolicy:deadMansSwitchUrl")
    _refused(prod, prod.run("up"), "the secret is missing", "pulumi config set --secret openpolicy:deadMansSwitchUrl")


def test_a_secret_in_plain_text_is_refused_and_not_shown(prod: Stack) -> None:
    plain = "an address that everybody can read"
    prod.ok("config", "set", "--plaintext", "openpolicy:deadMansSwitchUrl", plain)
    ran = prod.run("up")
    _refused(prod, ran, "the secret stands there in plain text")
    assert plain not in ran.text


def test_a_rotated_secret_changes_what_holds_it_and_no_more(prod: Stack) -> None:
    prod.ok("up")
    prod.ok("config", "set", "--secret", "openpolicy:deadMansSwitchUrl", f"{SECRETS['deadMansSwitchUrl']}-2")
    assert prod.ok("up").steps == [("update", "alerting-keys")]
    prod.ok("config", "set", "--secret", "openpolicy:pagerdutyToken", f"{SECRETS['pagerdutyToken']}-2")
    assert prod.ok("up").steps == [("update", "oncall-pagerduty")]


def _refused(stack: Stack, ran: Ran, *said: str) -> None:
    assert ran.status != 0
    for each in said:
        assert each in ran.text
    assert stack.resources().keys() <= {"openpolicy-prod"}
    assert not (stack.folder / "kubernetes.json").exists()
    assert not (stack.folder / "pagerduty.json").exists()


def _decrypted(stack: Stack) -> dict[str, Any]:
    return json.loads(stack.ok("stack", "export", "--show-secrets").text)["deployment"]
