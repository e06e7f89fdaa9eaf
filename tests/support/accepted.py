"""What scanners find and we keep, each with its reason.

A finding that is not here fails a test, and so does an entry that nothing needs any more. docs/security.md shows both.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A complaint that we live with."""

    scanner: str
    check: str
    documents: tuple[str, ...]
    """Names of manifests, which may have a `*` in them."""

    why: str


def trivy(check: str, *documents: str, why: str) -> Accepted:
    return Accepted(scanner="trivy", check=check, documents=documents, why=why)


def kube_score(check: str, *documents: str, why: str) -> Accepted:
    return Accepted(scanner="kube-score", check=check, documents=documents, why=why)


_TUNING, _NODES, _GRAFANA = "daemonset-node-tuning", "daemonset-node-exporter", "deployment-grafana"
_OPERATORS = ("role-elastic-operator", "role-elastic-operator-agents", "role-prometheus-operator")
_NAMES_OF_KEYS = ("configmap-audit-archive", "configmap-grafana", "configmap-logstash-pipelines")
_SETS_THE_KERNEL = (
    "Elasticsearch needs vm.max_map_count, which only a privileged container may set; it sets it and ends"
)
_SEES_THE_NODE = (
    "a machine is measured from within: its file systems are mounted read-only, its devices are on its network"
)
_RUNS_THINGS = "an operator makes these objects; its rights end at the namespaces that it looks after"
_PATCHED, _A_PATCH = (
    "prometheus-openpolicy",
    "it takes a patch for a container; Prometheus Operator brings the rest of it",
)
_ALIVE = "the path asks whether the process answers, and nothing that it depends on: a failure there restarts nobody"
_NAMES = "what it takes for secrets are names: of a setting, a variable or a file"
_MONITORING, _ELASTIC = ("alertmanager", "prometheus"), ("elasticsearch", "kibana", "logstash", "filebeat")
_MADE_BY_OPERATORS = "operators make these pods; live tests find them by the same labels"
_ITS_OWN_USER = "the image is made for its user 472, and Grafana's files belong to that"

ACCEPTED = (
    # High and critical.
    trivy("KSV-0009", _NODES, why=_SEES_THE_NODE),
    trivy("KSV-0121", _NODES, why=_SEES_THE_NODE),
    trivy("KSV-0014", _PATCHED, why=_A_PATCH),
    trivy("KSV-0017", _TUNING, why=_SETS_THE_KERNEL),
    trivy("KSV-0056", *_OPERATORS, why=_RUNS_THINGS),
    trivy("KSV-0109", *_NAMES_OF_KEYS, why=_NAMES),
    kube_score("container-security-context-privileged", _TUNING, why=_SETS_THE_KERNEL),
    kube_score("container-security-context-user-group-id", _TUNING, why=_SETS_THE_KERNEL),
    kube_score("container-security-context-user-group-id", _GRAFANA, why=_ITS_OWN_USER),
    kube_score("container-image-pull-policy", "*", why="a version never changes what it is; a digest proves it"),
    kube_score(
        "pod-probes-identical",
        "*-door",
        "*-exporter",
        "*-jaeger*",
        "*-otel-*",
        "*-kube-state-metrics",
        "*-prometheus-operator",
        why=_ALIVE,
    ),
    kube_score("pod-probes", "deployment-elastic-operator", why="it has no page for it, and nobody sends it requests"),
    kube_score("horizontalpodautoscaler-has-target", "*", why="the API's Deployment is the application's, not ours"),
    kube_score(
        "networkpolicy-targets-pod",
        *(f"networkpolicy-{each}" for each in (*_MONITORING, "thanos-sidecar", *_ELASTIC)),
        why=_MADE_BY_OPERATORS,
    ),
    kube_score(
        "service-targets-pod",
        *(f"service-{each}" for each in (*_MONITORING, "thanos-sidecar", "config-reloader", "filebeat")),
        why=_MADE_BY_OPERATORS,
    ),
    # Beneath.
    trivy("KSV-0023", _NODES, why=_SEES_THE_NODE),
    *(
        trivy(f"KSV-{number}", _TUNING, why=_SETS_THE_KERNEL)
        for number in ("0001", "0003", "0004", "0012", "0106", "0020", "0021")
    ),
    *(
        trivy(f"KSV-{number}", _PATCHED, why=_A_PATCH)
        for number in ("0001", "0003", "0004", "0015", "0016", "0018", "0020", "0021", "0106")
    ),
    *(trivy(f"KSV-{number}", _GRAFANA, why=_ITS_OWN_USER) for number in ("0020", "0021")),
    trivy("KSV-0036", _GRAFANA, why="its sidecar alone gets a token, which lasts an hour, and may read ConfigMaps"),
    *(trivy(f"KSV-{number}", *_OPERATORS, why=_RUNS_THINGS) for number in ("0048", "0049", "0113")),
    trivy("KSV-01010", *_NAMES_OF_KEYS, why=_NAMES),
    trivy("KSV-0011", "*", why="memory is limited, CPU only asked for: a limit throttles, and gains nobody anything"),
    trivy("KSV-0039", "*", why="it judges each document alone; limitrange-observability is another"),
    trivy("KSV-0040", "*", why="it judges each document alone; resourcequota-observability is another"),
    trivy("KSV-0125", "*", why="each is its publisher's own; a stack names a mirror in openpolicy:images"),
    *(
        kube_score(f"{kind}-has-host-podantiaffinity", "*", why="topology spread constraints keep replicas apart")
        for kind in ("deployment", "statefulset")
    ),
    kube_score(
        "deployment-replicas",
        "*",
        why="two exporters would show everything twice, operators wait for each other, and dev is small on purpose",
    ),
    kube_score("deployment-strategy", _GRAFANA, "deployment-jaeger", why="in dev it has its data for itself"),
    kube_score("horizontalpodautoscaler-replicas", "*", why="dev starts with one of everything"),
)
"""Every exception, the gravest first."""
