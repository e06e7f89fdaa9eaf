"""Panels that are empty while all is well, each with its reason, and how that is known of an alert's own panel."""

from collections.abc import Mapping

from alerts.library import LIBRARY
from alerts.model import alerts_of
from tests.live.load.asking import Asked

EMPTY: Mapping[tuple[str, str], str] = {
    ("op-system-overview", "Firing alerts"): "nothing fires",
    ("op-infra-health", "Restarts (1 h)"): "nothing restarts",
    ("op-infra-health", "Pods not running"): "every pod runs",
    ("op-infra-health", "KubeNodesNotReady"): "every node is ready",
    ("op-infra-health", "EtcdMembersDown"): "every member answers",
    ("op-databases", "Indexes that nobody reads"): "every index is read",
    ("op-databases", "PostgreSQLRollbacksHigh"): "it compares with yesterday, and the load is minutes old",
    ("op-databases", "PostgreSQLWALArchiveFailing"): "segments are archived",
    ("op-logs", "Indices that are stuck"): "every index goes on",
    ("op-logs", "ElasticsearchIndexUnmanaged"): "every index has a policy",
    ("op-monitoring", "Targets that do not"): "every target answers",
    ("op-monitoring", "AlertmanagerClusterDown"): "every Alertmanager answers",
}
"""Panels of pages. Of alerts that have a value only while something is wrong, the alert itself says so."""

_WRONG = {alert.name for alert in alerts_of(LIBRARY) if alert.when.op is None}


def expected_empty(answer: Asked) -> bool:
    """Whether nothing is what this panel shows while all is well."""
    return (answer.board, answer.panel) in EMPTY or any(name in answer.panel.split() for name in _WRONG)
