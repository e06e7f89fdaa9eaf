"""What accounts of the stack may do and why, which pods have a token, and which need more than Pod Security's strictest
profile. Tests hold both stacks against it, and docs/security.md shows it."""

from collections.abc import Mapping

from catalogue.exporters import KUBE_STATE_METRICS
from components.render.cluster_exporters import state_kinds

READ = "get list watch"
ALL = "create delete deletecollection get list patch update watch"
STATUS = "patch update"

_OWN = "create get list patch update watch"
_MADE = "create delete get list patch update watch"
# Of Elastic's operator, in each namespace that it looks after.
ELASTIC: Mapping[str, tuple[str, str]] = {
    **{
        f"{group}.k8s.elastic.co/{kind}{part}": (_OWN, "it watches every kind of its own, and ends where it may not")
        for group, kind in {
            "agent": "agents", "apm": "apmservers", "autoops": "autoopsagentpolicies",
            "autoscaling": "elasticsearchautoscalers", "beat": "beats", "elasticsearch": "elasticsearches",
            "enterprisesearch": "enterprisesearches", "kibana": "kibanas", "logstash": "logstashes",
            "maps": "elasticmapsservers", "packageregistry": "packageregistries",
            "stackconfigpolicy": "stackconfigpolicies",
        }.items()
        for part in ("", "/status", "/finalizers")
    },
    **{f"apps/{kind}": (_MADE, "it runs these") for kind in ("daemonsets", "deployments", "statefulsets")},
    "configmaps": (_MADE, "it keeps scripts there"),
    "secrets": (_MADE, "it keeps certificates, users and configuration there"),
    "services": (_MADE, "it makes those of what it runs"),
    "pods": (_MADE, "it replaces them one by one, and marks what each may do"),
    "persistentvolumeclaims": (_MADE, "it makes and enlarges volumes"),
    "events": (_MADE, "it tells what it does"),
    "events.k8s.io/events": (_MADE, "it tells what it does"),
    "policy/poddisruptionbudgets": (_MADE, "it says how many nodes a drain may take"),
    "endpoints": (READ, "it waits until what it runs answers"),
    "coordination.k8s.io/leases": ("create get update watch", "one of its replicas leads"),
}  # fmt: skip

# By role: each resource with its group, the verbs, and why.
RIGHTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "ClusterRole openpolicy-prometheus": {
        "nodes": (READ, "kubelets are found through their nodes"),
        "services": (READ, "endpoints are named after their Services"),
        "pods": (READ, "the application's pods are targets"),
        "nodes/metrics": ("get", "kubelets ask the API server whether the scraper may see their metrics"),
        "discovery.k8s.io/endpointslices": (READ, "targets behind a Service are found there"),
        "url /metrics": ("get", "the API server's own metrics"),
        "url /metrics/cadvisor": ("get", "kubelets ask for this path by itself"),
    },
    "Role prometheus-operator": {
        **{
            f"monitoring.coreos.com/{kind}": ("get list patch update watch", "it acts on these objects, and marks them")
            for kind in ("alertmanagers", "prometheuses", "prometheusagents", "thanosrulers")
        },
        **{
            f"monitoring.coreos.com/{kind}/{part}": (STATUS, "it says what became of them, and cleans up after them")
            for kind in ("alertmanagers", "prometheuses", "prometheusagents", "thanosrulers")
            for part in ("finalizers", "status")
        },
        **{
            f"monitoring.coreos.com/{kind}": (READ, "configuration is made from these objects")
            for kind in (
                "alertmanagerconfigs", "podmonitors", "probes", "prometheusrules", "scrapeconfigs", "servicemonitors",
            )
        },
        "monitoring.coreos.com/servicemonitors/status": (STATUS, "it says which monitors it has rejected"),
        "apps/statefulsets": (ALL, "it runs Prometheus and Alertmanager"),
        "configmaps": (ALL, "it keeps rules there"),
        "secrets": (ALL, "it keeps generated configuration there"),
        "pods": ("delete list", "it replaces pods that hang in a rollout"),
        "services": ("create delete get update", "it makes the governing Services"),
        "services/finalizers": ("create delete get update", "those Services belong to their objects"),
    },
    "ClusterRole openpolicy-prometheus-operator": {
        "events": ("create patch", "it tells which objects it has rejected"),
        "namespaces": (READ, "it watches them even where it acts in one alone"),
        "storage.k8s.io/storageclasses": ("get", "it checks the class that a volume names"),
    },
    "ClusterRole openpolicy-kube-state-metrics": {
        f"{kind.group}/{kind.resource}".removeprefix("/"): ("list watch", "the catalogue names metrics of them")
        for kind in state_kinds(KUBE_STATE_METRICS)
    },
    "Role elastic-operator": ELASTIC,
    "Role elastic-operator-agents": ELASTIC,
    "ClusterRole openpolicy-elastic-operator": {
        "namespaces": (READ, "it watches them even where it acts in two alone"),
        "nodes": (READ, "it reads the zone that each Elasticsearch node is in"),
        "storage.k8s.io/storageclasses": (READ, "it checks whether a volume can be enlarged"),
    },
    "Role openpolicy-filebeat": {
        "pods": (READ, "each line gets its pod's name and labels"),
        "apps/replicasets": (READ, "and the name of its Deployment"),
    },
    "Role grafana": {"configmaps": (READ, "its sidecar hands it the boards that lie there")},
    "Role prometheus-adapter": {"pods": ("list", "it serves loads of the application's pods, by their names")},
    "Role prometheus-adapter-reader": {
        "custom.metrics.k8s.io/pods/http_requests_per_second": ("get", "the autoscaler asks for nothing else"),
    },
    "ClusterRole openpolicy-otel-agent": {"pods": (READ, "spans come with the address of their pod alone")},
}  # fmt: skip

# Roles of the cluster's own that accounts of ours are bound to.
BORROWED = {
    "ClusterRole system:auth-delegator": "the adapter has the API server judge who asks it",
    "Role extension-apiserver-authentication-reader": "the adapter learns there which proxy to believe",
}
# Accounts of the cluster's own that roles of ours are given to.
STRANGERS = {("kube-system", "horizontal-pod-autoscaler"): "Kubernetes' controller reads the loads that it scales by"}

# Which pods have a token, and what for.
TOKENS = {
    "prometheus-operator": "it acts through the API",
    "elastic-operator": "it acts through the API",
    "kube-state-metrics": "it reads objects through the API",
    "prometheus-adapter": "it serves a part of the API",
    "otel-agent": "it looks pods up by their addresses",
    "prometheus": "it finds targets through the API, and shows the token to kubelets and API servers alone",
}

# What runs in the namespace that admits everything, and what of its pods the profile `restricted` forbids.
UNRESTRICTED: Mapping[str, tuple[str, str]] = {
    "DaemonSet node-exporter": ("the node's network and file systems", "it measures the machine from within"),
    "DaemonSet node-tuning": ("a privileged container, which ends", "Elasticsearch needs vm.max_map_count"),
    "Beat openpolicy": (
        "the node's files, as root",
        "lines of containers belong to root; it may read, and nothing else",
    ),
}
