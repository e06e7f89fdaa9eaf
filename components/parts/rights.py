"""What each operator may do: in the namespaces that it looks after, and in the cluster as a whole."""

from collections.abc import Sequence

from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict

from components.parts.objects import rule

_READ = ("get", "list", "watch")
_WRITE = (*_READ, "create", "update", "patch")
_ALL = (*_WRITE, "delete")

_KINDS = ("alertmanagers", "prometheuses", "prometheusagents", "thanosrulers")
_READ_KINDS = ("alertmanagerconfigs", "podmonitors", "probes", "prometheusrules", "scrapeconfigs", "servicemonitors")

# It writes the StatefulSets, Services and generated Secrets of the objects that it finds.
PROMETHEUS_IN_NAMESPACE: Sequence[PolicyRuleArgsDict] = [
    rule("monitoring.coreos.com", _KINDS, *_READ, "update", "patch"),
    rule(
        "monitoring.coreos.com",
        [f"{kind}/{part}" for kind in _KINDS for part in ("finalizers", "status")],
        "update",
        "patch",
    ),
    rule("monitoring.coreos.com", _READ_KINDS, *_READ),
    rule("monitoring.coreos.com", ["servicemonitors/status"], "update", "patch"),
    rule("apps", ["statefulsets"], *_ALL, "deletecollection"),
    rule("", ["configmaps", "secrets"], *_ALL, "deletecollection"),
    rule("", ["pods"], "list", "delete"),
    rule("", ["services", "services/finalizers"], "get", "create", "update", "delete"),
]
PROMETHEUS_IN_CLUSTER: Sequence[PolicyRuleArgsDict] = [
    # It asks for this everywhere, and without it tells nobody which objects it has rejected.
    rule("", ["events"], "create", "patch"),
    rule("", ["namespaces"], *_READ),
    rule("storage.k8s.io", ["storageclasses"], "get"),
]

_ELASTIC = {
    "agent": "agents",
    "apm": "apmservers",
    "autoops": "autoopsagentpolicies",
    "autoscaling": "elasticsearchautoscalers",
    "beat": "beats",
    "elasticsearch": "elasticsearches",
    "enterprisesearch": "enterprisesearches",
    "kibana": "kibanas",
    "logstash": "logstashes",
    "maps": "elasticmapsservers",
    "packageregistry": "packageregistries",
    "stackconfigpolicy": "stackconfigpolicies",
}
ELASTIC_IN_NAMESPACE: Sequence[PolicyRuleArgsDict] = [
    # It watches all of its kinds and ends where it may not, so those that nobody uses are among them.
    *(
        rule(f"{group}.k8s.elastic.co", [kind, f"{kind}/status", f"{kind}/finalizers"], *_WRITE)
        for group, kind in _ELASTIC.items()
    ),
    rule("apps", ["deployments", "statefulsets", "daemonsets"], *_ALL),
    rule("", ["pods", "persistentvolumeclaims", "secrets", "services", "configmaps", "events"], *_ALL),
    rule("", ["endpoints"], *_READ),
    rule("events.k8s.io", ["events"], *_ALL),
    rule("policy", ["poddisruptionbudgets"], *_ALL),
    rule("coordination.k8s.io", ["leases"], "get", "watch", "create", "update"),
]
ELASTIC_IN_CLUSTER: Sequence[PolicyRuleArgsDict] = [
    rule("", ["namespaces"], *_READ),
    # Zones are labels of nodes; whether a volume can grow is said by its class.
    rule("", ["nodes"], *_READ),
    rule("storage.k8s.io", ["storageclasses"], *_READ),
]
