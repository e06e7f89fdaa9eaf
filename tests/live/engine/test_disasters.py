"""The state is lost, the cluster is, or a password: the very commands of docs/operations.md mend it."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

from ops.plan.run import ROOT
from tests.live.api import UnknownKindError
from tests.live.cluster import Cluster
from tests.live.engine.leaks import SECRETS
from tests.live.engine.stack import Stack, make
from tests.live.operators import bring_platform

PAGE = ROOT / "docs" / "operations.md"


def follow(stack: Stack, block: str) -> None:
    """Runs what the page says, one command a line."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(f"<!-- {block} -->\n```sh\n(.*?)```\n<!-- /{block} -->", text, re.DOTALL)
    assert found is not None
    for line in found[1].splitlines():
        words = shlex.split(line)
        given = dict(word.split("=", 1) for word in words[: words.index("pulumi")])
        stack.environment |= given
        stack.ok(*words[words.index("pulumi") + 1 :])
        for name in given:
            del stack.environment[name]


def objects(stack: Stack) -> dict[str, Any]:
    return json.loads((stack.folder / "kubernetes.json").read_text(encoding="utf-8"))


def lost(stack: Stack) -> None:
    stack.ok("stack", "rm", "--force", "--yes", "--preserve-config")


def test_a_copy_of_the_state_is_put_back(dev: Stack) -> None:
    dev.ok("up")
    made, there = set(dev.resources()), objects(dev)
    follow(dev, "saved")
    lost(dev)
    follow(dev, "restored")
    assert set(dev.resources()) == made
    assert objects(dev) == there


def test_without_a_copy_what_exists_is_taken_in(dev: Stack) -> None:
    dev.ok("up")
    made, there = set(dev.resources()), set(objects(dev))
    lost(dev)
    refused = dev.run("stack", "ls")
    assert "openpolicy" not in refused.text or dev.name not in refused.text
    follow(dev, "adopted")
    assert set(dev.resources()) == made
    assert set(objects(dev)) == there


def test_a_password_that_was_made_up_is_renewed_and_what_holds_it_follows(dev: Stack) -> None:
    dev.ok("up")
    before, there = dev.resources(), objects(dev)
    follow(dev, "renewed")
    after = dev.resources()
    assert set(after) == set(before)
    changed = {key for key, each in objects(dev).items() if each != there[key]}
    # Its reader has the password's mark, and so starts anew.
    reader = "logstash.k8s.elastic.co/v1alpha1/Logstash observability/openpolicy"
    assert changed == {"v1/Secret observability/logs-user-logstash", reader}
    assert dev.ok("up", "--expect-no-changes").steps == []


def test_a_cluster_that_is_lost_is_made_anew(tmp_path: Path) -> None:
    """Two real control planes, one after the other, by one name and at one place."""
    folder = tmp_path / "cluster"
    stack = make("prod", tmp_path / "stack")
    for key, value in SECRETS.items():
        stack.ok("config", "set", "--secret", f"openpolicy:{key}", value)
    stack.set("cluster.kubeconfig", str(folder / "kubeconfig"))
    stack.set("cluster.context", "tests")
    with Cluster(folder) as first:
        bring_platform(first)
        stack.ok("up")
        before, passwords = stack.resources(), made_up(stack)
        vendors = (stack.folder / "pagerduty.json").read_bytes(), (stack.folder / "datadog.json").read_bytes()
        there = names(first, before)
        assert len(there) > 200
    with Cluster(folder) as second:
        bring_platform(second)
        assert names(second, before) == set()
        follow(stack, "cluster")
        after = stack.resources()
        assert set(after) == set(before)
        assert names(second, after) == there
    assert (
        (stack.folder / "pagerduty.json").read_bytes(),
        (stack.folder / "datadog.json").read_bytes(),
    ) == vendors, "what is at vendors was not touched"
    assert passwords
    assert made_up(stack) == passwords


def made_up(stack: Stack) -> dict[str, dict[str, Any]]:
    """Passwords and keys that the stack has made up, as they are. Encrypted they look new every time."""
    kept = json.loads(stack.ok("stack", "export", "--show-secrets").text)["deployment"]["resources"]
    return {each["urn"]: each["outputs"] for each in kept if each["type"].startswith("random:")}


def names(cluster: Cluster, resources: dict[str, dict[str, Any]]) -> set[str]:
    """Which of the stack's objects are in the cluster."""
    found = set[str]()
    for name, each in resources.items():
        inputs = each.get("inputs", {})
        if each["type"].startswith("kubernetes:") and "kind" in inputs:
            metadata = inputs["metadata"]
            address = inputs["apiVersion"], inputs["kind"], metadata["name"], metadata.get("namespace")
            try:
                there = cluster.get(*address)
            except UnknownKindError:
                there = None
            if there is not None:
                found.add(name)
    return found
