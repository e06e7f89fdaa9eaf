"""Independent scanners over both stacks: every finding is mended, or stands with its reason in one list."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from ops.plan.run import stacks
from tests.support.accepted import ACCEPTED
from tests.support.planned import planned
from tests.support.scanners import HIGH, Finding, covers, manifests, not_accepted, scan

each = pytest.mark.parametrize("stack", stacks())
BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: { name: planted, namespace: observability }
spec:
  replicas: 2
  selector: { matchLabels: { app: planted } }
  template:
    metadata: { labels: { app: planted } }
    spec:
      hostPID: true
      containers:
        - name: planted
          image: docker.io/library/busybox
          securityContext: { privileged: true }
          volumeMounts: [{ name: engine, mountPath: /var/run/docker.sock }]
      volumes: [{ name: engine, hostPath: { path: /var/run/docker.sock } }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: planted }
rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]
---
apiVersion: v1
kind: Service
metadata: { name: planted, namespace: observability }
spec: { selector: { app: plantad }, ports: [{ port: 80 }] }
"""


@cache
def found(stack: str) -> Sequence[Finding]:
    with TemporaryDirectory() as folder:
        return scan(manifests(planned(stack).files, Path(folder)))


@each
def test_every_finding_is_mended_or_has_a_reason(stack: str) -> None:
    assert [str(finding) for finding in not_accepted([*found(stack)])] == []


def test_no_exception_outlives_its_finding() -> None:
    every = [finding for stack in stacks() for finding in found(stack)]
    for accepted in ACCEPTED:
        for pattern in accepted.documents:
            narrowed = type(accepted)(
                scanner=accepted.scanner, check=accepted.check, documents=(pattern,), why=accepted.why
            )
            assert any(covers(narrowed, finding) for finding in every), f"nothing needs {accepted.check} for {pattern}"


def test_what_is_grave_is_accepted_by_name() -> None:
    """But for what kube-score asks of everything, and does not look at in a plan."""
    general = {"container-image-pull-policy", "horizontalpodautoscaler-has-target"}
    grave = {finding.check for stack in stacks() for finding in found(stack) if finding.severity in HIGH}
    everywhere = {accepted.check for accepted in ACCEPTED if "*" in accepted.documents}
    assert grave & everywhere == general


@pytest.mark.parametrize(
    ("document", "check"),
    [
        ("deployment-planted", "KSV-0010"),  # the node's processes
        ("deployment-planted", "KSV-0017"),  # privileged
        ("deployment-planted", "KSV-0013"),  # no tag
        ("deployment-planted", "KSV-0006"),  # the container engine's socket
        ("clusterrole-planted", "KSV-0046"),  # everything
        ("deployment-planted", "container-image-tag"),
        ("deployment-planted", "container-security-context-privileged"),
        ("service-planted", "service-targets-pod"),
    ],
)
def test_a_planted_fault_is_found(document: str, check: str) -> None:
    assert (document, check) in planted()


@cache
def planted() -> set[tuple[str, str]]:
    with TemporaryDirectory() as folder:
        for made in yaml.safe_load_all(BAD):
            Path(folder, f"{made['kind'].lower()}-planted.yaml").write_text(yaml.safe_dump(made), encoding="utf-8")
        return {(finding.document, finding.check) for finding in not_accepted(scan(Path(folder)))}
