"""Each stack from its first preview to its end, by the CLI, on a Kubernetes API server."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from ops.plan.run import plan
from tests.live.cluster import Cluster
from tests.live.engine.leaks import SECRETS, known, leaks
from tests.live.engine.stack import Ran, Stack, make
from tests.live.engine.standin_kubernetes import WARNS
from tests.live.operators import bring_platform
from tests.support.schemas import brought

_RULE = "openpolicy-api-alerts"
_RULES = ("monitoring.coreos.com/v1", "PrometheusRule", _RULE, "observability")


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A stack that is there, and how it came to be."""

    stack: Stack
    cluster: Cluster
    preview: Ran
    made_by_preview: object
    up: Ran


@pytest.fixture(scope="module", params=["dev", "prod"])
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """A stack in a cluster of its own, for it brings its own kinds."""
    name: str = request.param
    with Cluster() as cluster:
        bring_platform(cluster)
        stack = make(name, tmp_path_factory.mktemp(name))
        stack.set("cluster.kubeconfig", str(cluster.kubeconfig))
        if name == "prod":
            stack.set("cluster.context", "tests")
            for key, value in SECRETS.items():
                stack.ok("config", "set", "--secret", f"openpolicy:{key}", value)
        preview = stack.ok("preview")
        namespace = cluster.get("v1", "Namespace", "observability")
        yield Life(stack=stack, cluster=cluster, preview=preview, made_by_preview=namespace, up=stack.ok("up"))


def test_a_first_preview_promises_everything_and_makes_nothing(life: Life) -> None:
    assert sorted(life.preview.did("create")) == _planned(life)
    assert life.made_by_preview is None


def test_up_makes_what_was_planned_and_the_server_warns_of_nothing(life: Life) -> None:
    assert sorted(life.up.did("create")) == _planned(life)
    assert len(life.up.steps) == len(_planned(life))
    assert WARNS not in life.up.text
    assert life.cluster.get(*_RULES) is not None


def test_up_again_changes_nothing_at_all(life: Life) -> None:
    before = _versions(life)
    assert life.stack.ok("up", "--expect-no-changes").steps == []
    assert _versions(life) == before


def test_a_threshold_changes_its_rule_and_the_board_that_draws_it_and_no_more(life: Life) -> None:
    life.stack.set("alerts.HighErrorRate.threshold", "0.0625", kind="float")
    changed = [("update", f"alerting-{_RULE}"), ("update", "grafana-board-op-system-overview")]
    assert sorted(life.stack.ok("preview").steps) == changed
    assert sorted(life.stack.ok("up").steps) == changed
    assert "0.0625" in str(life.cluster.get(*_RULES))


def test_a_refresh_finds_no_drift(life: Life) -> None:
    assert life.stack.ok("refresh", "--expect-no-changes").steps == []
    assert life.stack.ok("up", "--expect-no-changes").steps == []


def test_no_secret_is_kept_in_plain_text(life: Life) -> None:
    assert leaks(life.stack.folder, known(life.stack)) == []


def test_what_somebody_deletes_is_missed_and_made_again(life: Life) -> None:
    life.cluster.api.delete(*_RULES)
    assert life.stack.ok("refresh").steps == [("delete", f"alerting-{_RULE}")]
    assert life.stack.ok("up").steps == [("create", f"alerting-{_RULE}")]


# The last: it leaves nothing for another.
def test_destroy_spares_what_is_protected_until_somebody_lifts_that(life: Life) -> None:
    stack = life.stack
    protected = [name for name, each in stack.resources().items() if each.get("protect")]
    assert ("cluster-namespace" in protected) == (stack.name == "prod")
    refused = stack.run("destroy")
    assert refused.status != 0
    # The engine ends with the first that others wait for, and does not get to name all.
    assert 0 < refused.text.count("because it is protected") <= len(protected)
    assert stack.ok("up", "--expect-no-changes").steps == [], "a refused destroy destroys nothing"

    most = stack.ok("destroy", "--exclude-protected")
    assert "All unprotected resources were destroyed" in most.text
    left = stack.resources()
    assert left.keys() >= set(protected)

    stack.ok("state", "unprotect", "--all", "--yes")
    rest = stack.ok("destroy")
    assert sorted(rest.did("delete")) == sorted(left)
    assert sorted(most.did("delete") + rest.did("delete")) == _planned(life)
    assert stack.resources() == {}
    assert life.cluster.get("v1", "Namespace", "observability") is None
    kinds = life.cluster.api.all("apiextensions.k8s.io/v1", "CustomResourceDefinition")
    kept = [name for name in protected if name.startswith("operators-")]
    assert len(kinds) == len(kept) + len(brought()), "kinds stay in the cluster"


def _planned(life: Life) -> list[str]:
    return sorted(each.name for each in plan(life.stack.name).recording.resources.values())


def _versions(life: Life) -> dict[str, str]:
    """The version of every rule, monitor and Secret, which moves with each write."""
    kinds = ("PrometheusRule", "ServiceMonitor", "Prometheus", "Alertmanager")
    found = [each for kind in kinds for each in life.cluster.api.all("monitoring.coreos.com/v1", kind)]
    found += life.cluster.api.all("v1", "Secret", "observability")
    return {f"{each.get('kind')} {each['metadata']['name']}": each["metadata"]["resourceVersion"] for each in found}
