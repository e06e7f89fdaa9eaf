"""Development by the Automation API, which runs the program within this process and needs no language host."""

import pytest
from pulumi import automation
from pulumi.automation.events import EngineEvent

from tests.live.engine.program import run
from tests.live.engine.stack import Stack


@pytest.fixture
def automated(dev: Stack) -> automation.Stack:
    """The same stack, as a Python program of somebody's drives it."""
    workspace = automation.LocalWorkspace(
        work_dir=str(dev.project),
        program=lambda: run(str(dev.project / "__main__.py")),
        env_vars=dev.environment,
        pulumi_home=dev.environment["PULUMI_HOME"],
        pulumi_command=automation.PulumiCommand(root=str(dev.folder)),
    )
    return automation.Stack.select(dev.name, workspace)


def test_a_whole_life(dev: Stack, automated: automation.Stack) -> None:
    # Kinds are protected.
    dev.set("operators.install", "true", kind="bool")
    planned = automated.preview().change_summary
    assert planned.keys() == {"create"}
    made = automated.up()
    assert made.summary.resource_changes == planned
    assert {key: output.value for key, output in made.outputs.items()} == {
        "namespace": "observability",
        "prometheus": "prometheus",
        "alertmanager": "alertmanager",
        "elasticsearch": "openpolicy-logs-es-http",
    }
    assert automated.up(expect_no_changes=True).summary.resource_changes == {"same": sum(planned.values())}
    assert automated.refresh(expect_no_changes=True).summary.result == "succeeded"
    with pytest.raises(automation.errors.CommandError, match="because it is protected"):
        automated.destroy()
    automated.destroy(exclude_protected=True)
    dev.ok("state", "unprotect", "--all", "--yes")
    automated.destroy()
    assert dev.resources() == {}


def test_a_changed_setting_changes_what_it_should(dev: Stack, automated: automation.Stack) -> None:
    automated.up()
    dev.set("metrics.retention", "30d")
    changed = list[str]()

    def note(event: EngineEvent) -> None:
        if event.resource_pre_event and event.resource_pre_event.metadata.op != "same":
            changed.append(event.resource_pre_event.metadata.urn.rpartition("::")[2])

    automated.up(on_event=note)
    assert changed == ["metrics-prometheus"]


def test_a_refused_stack_says_why(automated: automation.Stack) -> None:
    automated.set_config("openpolicy:metrcs", automation.ConfigValue("1"))
    with pytest.raises(automation.errors.CommandError, match="did you mean openpolicy:metrics"):
        automated.up()
