"""The planned configurations are read by the real OpenTelemetry collector and the real Jaeger 2."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from components.render.tracing.agent import IMAGE
from ops.plan.run import stacks
from tests.live.parts import JAEGER, OTEL_COLLECTOR
from tests.support.collectors import Config, config
from tests.support.tools import Part, had

each = pytest.mark.parametrize("stack", stacks())


def refused(part: Part, given: Config, folder: Path) -> str:
    """What the program has against it."""
    path = folder / "config.yaml"
    text = json.dumps(given).replace("/var/lib/collector", str(folder))
    path.write_text(text, encoding="utf-8")
    command = [had(part), "validate", f"--config={path}"]
    environment = os.environ | {"NODE_NAME": "here", "ES_USERNAME": "jaeger"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    # Jaeger's own says what is wrong, and ends well.
    return "" if done.returncode == 0 and "failed" not in done.stdout + done.stderr else done.stdout + done.stderr


@each
def test_the_collector_takes_the_gateway_s_configuration(stack: str, tmp_path: Path) -> None:
    assert refused(OTEL_COLLECTOR, config(stack, "otel-gateway"), tmp_path) == ""


@each
def test_the_collector_takes_the_agent_s_configuration(stack: str, tmp_path: Path) -> None:
    assert refused(OTEL_COLLECTOR, config(stack, "otel-agent"), tmp_path) == ""


def test_the_collector_that_reads_them_is_the_one_that_runs() -> None:
    assert IMAGE.rpartition(":")[2] == OTEL_COLLECTOR.version.removeprefix("v")


def test_jaeger_takes_the_configuration_in_memory(tmp_path: Path) -> None:
    assert refused(JAEGER, config("dev", "jaeger"), tmp_path) == ""


@pytest.mark.parametrize("name", ["jaeger-collector", "jaeger-query"])
def test_jaeger_takes_the_configuration_in_elasticsearch_as_its_release_knows_it(name: str, tmp_path: Path) -> None:
    """The release that can be built is older than the one that runs, which says in another word how indices change."""
    given = config("prod", name)
    found = refused(JAEGER, given, tmp_path)
    kinds = ("spans", "services", "dependencies")
    assert {line for line in found.splitlines() if "invalid keys" in line} == {
        f"'elasticsearch.indices.{kind}' has invalid keys: rotation" for kind in kinds
    }
    store = given["extensions"]["jaeger_storage"]["backends"]["traces"]["elasticsearch"]
    for kind in kinds:
        assert store["indices"][kind].pop("rotation") == {"auto_rollover": {"policy_name": "openpolicy-jaeger"}}
    assert refused(JAEGER, given, tmp_path) == ""


def test_a_misspelt_key_is_refused(tmp_path: Path) -> None:
    given = config("prod", "otel-gateway")
    given["processors"]["tail_sampling"]["decision_wiat"] = "10s"
    assert "decision_wiat" in refused(OTEL_COLLECTOR, given, tmp_path)
