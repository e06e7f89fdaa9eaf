import json
from dataclasses import replace

import pytest
import yaml

from alerts.library import LIBRARY
from components.render.alertmanager import AlertmanagerSize
from tests.support import examples
from tests.support.engine import deploy, objects, of_type, one


def test_one_rule_object_for_each_group() -> None:
    recording = deploy(examples.alerting)
    rules = [each.inputs for each in objects(recording) if each.inputs["kind"] == "PrometheusRule"]
    assert [each["metadata"]["name"] for each in rules] == [group.name for group in LIBRARY]
    assert all(each["metadata"]["labels"]["openpolicy.ca/monitored"] == "true" for each in rules)


def test_no_key_reaches_the_configuration() -> None:
    recording = deploy(examples.alerting)
    config = next(each for each in of_type(recording, ":Secret") if each.name == "alerting-config")
    text = config.plain["stringData"]["alertmanager.yaml"]
    assert "k3y" not in text
    assert "s3cret" not in text
    for receiver in yaml.safe_load(text)["receivers"]:
        for pager in receiver.get("pagerduty_configs", []):
            assert pager["routing_key_file"] == f"/etc/alertmanager/secrets/alertmanager-keys/{receiver['name']}"


def test_each_file_that_is_named_is_mounted() -> None:
    recording = deploy(examples.alerting)
    keys = next(each for each in of_type(recording, ":Secret") if each.name == "alerting-keys")
    assert set(keys.plain["stringData"]) == {"platform", "database", "data", "dead-mans-switch"}
    made = one(recording, "Alertmanager")["spec"]
    assert made["secrets"] == ["alertmanager-keys"]
    assert made["configSecret"] == "alertmanager-config"


def test_the_keys_are_secret_in_the_state() -> None:
    recording = deploy(examples.alerting)
    text = json.dumps([each.inputs for each in recording.resources.values()])
    assert "k3y" not in text
    assert "s3cret" not in text


def test_three_replicas_keep_two_through_a_drain() -> None:
    recording = deploy(examples.alerting)
    made = one(recording, "Alertmanager")["spec"]
    assert made["replicas"] == 3
    assert made["retention"] == "120h"
    assert made["automountServiceAccountToken"] is False
    assert one(recording, "PodDisruptionBudget")["spec"]["maxUnavailable"] == 1


def test_a_single_one_has_no_budget() -> None:
    size: AlertmanagerSize = replace(examples.ALERTING.size, replicas=1)
    assert not of_type(deploy(lambda: examples.alerting(size=size)), ":PodDisruptionBudget")


def test_a_paging_team_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="routing_keys: no key for data, database, platform, whose alerts page"):
        replace(examples.ALERTING, routing_keys={})


def test_without_vendors_there_are_no_keys() -> None:
    quiet = examples.config(pages=False, dead_mans_switch=False)
    recording = deploy(lambda: examples.alerting(config=quiet, routing_keys={}, dead_mans_switch=None))
    keys = next(each for each in of_type(recording, ":Secret") if each.name == "alerting-keys")
    assert keys.plain.get("stringData", {}) == {}
