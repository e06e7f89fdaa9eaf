"""Exporters that every stack has: of its nodes, of the cluster's objects, and of what visitors see."""

from collections.abc import Sequence

from catalogue.model.exporter import Exporter
from catalogue.model.quantity import Bytes
from components.render.containers import FILES, HOST, Container, StateKind

# Secrets and ConfigMaps are not among them on purpose.
STATE_KINDS = (
    StateKind("apps", "daemonsets"),
    StateKind("apps", "deployments"),
    StateKind("apps", "replicasets"),
    StateKind("apps", "statefulsets"),
    StateKind("autoscaling", "horizontalpodautoscalers"),
    StateKind("batch", "cronjobs"),
    StateKind("batch", "jobs"),
    StateKind("policy", "poddisruptionbudgets"),
    StateKind("", "namespaces"),
    StateKind("", "nodes"),
    StateKind("", "persistentvolumeclaims"),
    StateKind("", "persistentvolumes"),
    StateKind("", "pods"),
    StateKind("", "resourcequotas"),
    StateKind("", "services"),
)


def state_kinds(exporter: Exporter) -> list[StateKind]:
    """What kube-state-metrics has to watch for the metrics that the catalogue names. Raises ValueError."""
    return sorted({_kind(metric.name) for metric in exporter.metrics}, key=lambda kind: kind.resource)


def _kind(metric: str) -> StateKind:
    for kind in STATE_KINDS:
        if f"{metric}_".startswith(f"kube_{kind.resource.removesuffix('s')}_"):
            return kind
    raise ValueError(f"{metric}: of an object that kube-state-metrics does not watch here")


def kube_state_metrics(kinds: Sequence[StateKind]) -> Container:
    """State of the cluster's objects, of those kinds alone that the catalogue names metrics of."""
    return Container(
        name="kube-state-metrics",
        image="registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0",
        port=8080,
        memory=Bytes.parse("256Mi"),
        args=[f"--resources={','.join(kind.resource for kind in kinds)}"],
        health="/livez",
        watches=kinds,
    )


def node(flags: Sequence[str]) -> Container:
    """A machine, from within it. `flags` say which of its collectors run, and no other does."""
    return Container(
        name="node-exporter",
        image="quay.io/prometheus/node-exporter:v1.12.1",
        port=9100,
        memory=Bytes.parse("64Mi"),
        args=[
            f"--path.procfs={HOST}/proc",
            f"--path.sysfs={HOST}/sys",
            f"--path.rootfs={HOST}/root",
            # Only at the node's own address, and not at every one that it has.
            "--web.listen-address=$(NODE_ADDRESS):9100",
            "--collector.disable-defaults",
            *flags,
            "--collector.filesystem.fs-types-exclude=^(autofs|cgroup2?|fuse.*|nsfs|overlay|proc|ramfs|squashfs|sysfs|tmpfs)$",
            "--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/(containerd|docker|kubelet))($|/)",
            # Each pod has a device of its own, and would be counted twice.
            "--collector.netdev.device-exclude=^(veth|cali|cilium|lxc|cni|flannel|br-).*$",
        ],
        on_every_node=True,
    )


def blackbox(replicas: int) -> Container:
    """Visits addresses as a browser would: by name, over TLS, following redirects."""
    return Container(
        name="blackbox-exporter",
        image="quay.io/prometheus/blackbox-exporter:v0.28.0",
        port=9115,
        memory=Bytes.parse("64Mi"),
        args=[f"--config.file={FILES}/blackbox.yml"],
        files={"blackbox.yml": _MODULES},
        health="/-/healthy",
        replicas=replicas,
    )


# IPv4 first, for many clusters have no way out by IPv6 though names resolve to it.
_MODULES = """\
modules:
  http_2xx:
    prober: http
    timeout: 10s
    http:
      fail_if_not_ssl: true
      preferred_ip_protocol: ip4
"""
