"""The whole loop by which production grows and shrinks, in a cluster of its own, fifteen times as fast.

Real are Prometheus, the adapter with the plan's rules, arguments and rights, the API server that asks it, and the
autoscaler with the plan's object. `standins.py` says what is not.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import requests
import yaml

from alerts.render.text import to_yaml
from catalogue.services import NAMESPACE
from tests.live.api import Document, RefusedError
from tests.live.cluster import Cluster
from tests.live.parts import PROMETHEUS_ADAPTER
from tests.live.scaling.standins import Load, serve
from tests.support.planned import production
from tests.support.tools import built, tool

PACE = 15
"""Every duration that the plan says is divided by it. Each is a multiple."""

_HOME = "observability"
_RIGHTS = (
    "serviceaccount-prometheus-adapter",
    "clusterrolebinding-openpolicy-prometheus-adapter-delegator",
    "rolebinding-openpolicy-prometheus-adapter-authentication",
    "role-prometheus-adapter",
    "rolebinding-prometheus-adapter",
    "role-prometheus-adapter-reader",
    "rolebinding-prometheus-adapter-reader",
)
# As the controller's defaults, as fast as the rest.
_CONTROLLERS = (
    f"--horizontal-pod-autoscaler-sync-period={15 // PACE}s",
    f"--horizontal-pod-autoscaler-cpu-initialization-period={300 // PACE}s",
    f"--horizontal-pod-autoscaler-initial-readiness-delay={30 // PACE}s",
    # It asks with the rights of its own account.
    "--use-service-account-credentials=true",
)
_RESOURCES = {"requests": {"cpu": "500m", "memory": "512Mi"}}


def planned(name: str) -> Document:
    """A document of production's plan."""
    return yaml.safe_load(production().files[f"kubernetes/{name}.yaml"])


@dataclass(slots=True, kw_only=True)
class Loop:
    """The cluster, and the load that it is under."""

    cluster: Cluster
    load: Load

    def replicas(self) -> int:
        """How many the Deployment is told to have."""
        found = self.cluster.get("apps/v1", "Deployment", "api-gateway", NAMESPACE)
        return found["spec"]["replicas"] if found else 0

    def watch(self, until: Callable[[int], bool], seconds: float) -> list[tuple[float, int]]:
        """When the number changed, and to what, in seconds from now; until it is as wanted, or the time is over."""
        began, seen = time.monotonic(), [(0.0, self.replicas())]
        while not until(seen[-1][1]) and (now := time.monotonic() - began) < seconds:
            if (count := self.replicas()) != seen[-1][1]:
                seen.append((now, count))
            time.sleep(0.1)
        return seen

    def autoscaler(self) -> Document:
        """Its object, with what it says of itself."""
        found = self.cluster.get("autoscaling/v2", "HorizontalPodAutoscaler", "openpolicy-api", NAMESPACE)
        assert found
        return found


@contextmanager
def loop() -> Iterator[Loop]:
    """All of it, at rest with the fewest pods."""
    with Cluster(controllers=_CONTROLLERS) as cluster, ExitStack() as stack:
        cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": _HOME}})
        load = Load(partial(_pods, cluster))
        counters, resources = cluster.plane.ports.take(), cluster.plane.ports.take()
        for port, identity in ((counters, None), (resources, cluster.plane.server)):
            stack.enter_context(serve(load, port, identity))
        cluster.apply(_deployment())
        cluster.wait_for(lambda: len(_pods(cluster)) or None, "a pod of the application")
        prometheus = _start_prometheus(cluster, counters)
        cluster.wait_for(lambda: _knows_load(prometheus), "samples of the application")
        _serve_api(cluster, "metrics.k8s.io", "metrics-server", resources)
        _start_adapter(cluster, prometheus)
        cluster.apply(hurried(planned("horizontalpodautoscaler-openpolicy-api")))
        made = Loop(cluster=cluster, load=load)
        cluster.wait_for(lambda: _is_steady(made), "an autoscaler that knows all its metrics", seconds=60)
        yield made


def hurried(autoscaler: Document) -> Document:
    """The object with its paces divided."""
    behavior = {
        direction: pace
        | {
            "stabilizationWindowSeconds": pace["stabilizationWindowSeconds"] // PACE,
            "policies": [each | {"periodSeconds": each["periodSeconds"] // PACE} for each in pace["policies"]],
        }
        for direction, pace in autoscaler["spec"]["behavior"].items()
    }
    return autoscaler | {"spec": autoscaler["spec"] | {"behavior": behavior}}


def _pods(cluster: Cluster) -> Sequence[str]:
    with suppress(RefusedError, requests.RequestException):
        return [
            each["metadata"]["name"]
            for each in cluster.api.all("v1", "Pod", NAMESPACE)
            if each["status"].get("phase") == "Running" and "deletionTimestamp" not in each["metadata"]
        ]
    return []


def _deployment() -> Document:
    """What the application's owner brings: it sets no number of replicas."""
    labels = {"app.kubernetes.io/name": "api-gateway", "app.kubernetes.io/part-of": "openpolicy"}
    container = {"name": "api", "image": "api:1", "resources": _RESOURCES}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "api-gateway", "namespace": NAMESPACE},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


def _start_prometheus(cluster: Cluster, counters: int) -> str:
    port, home = cluster.plane.ports.take(), cluster.folder / "logs" / "prometheus-home"
    home.mkdir(parents=True)
    scrape = {
        "job_name": "openpolicy",
        "honor_labels": True,
        "static_configs": [{"targets": [f"127.0.0.1:{counters}"]}],
    }
    config = {"global": {"scrape_interval": f"{15 // PACE}s"}, "scrape_configs": [scrape]}
    (home / "prometheus.yml").write_text(to_yaml(config), encoding="utf-8")
    cluster.processes.start(
        "prometheus",
        tool("prometheus"),
        f"--config.file={home / 'prometheus.yml'}",
        f"--storage.tsdb.path={home / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
    )
    return f"http://127.0.0.1:{port}"


def _knows_load(prometheus: str) -> bool | None:
    try:
        found = requests.get(f"{prometheus}/api/v1/query", params={"query": "http_requests_total"}, timeout=5)
    except requests.RequestException:
        return None
    return bool(found.json()["data"]["result"]) or None


def _start_adapter(cluster: Cluster, prometheus: str) -> None:
    """With the plan's rules, arguments and rights."""
    for name in _RIGHTS:
        cluster.apply(planned(name))
    port, config = cluster.plane.ports.take(), cluster.folder / "logs" / "adapter.yaml"
    rules = planned("configmap-prometheus-adapter")["data"]["config.yaml"]
    config.write_text(re.sub(r"\[2m\]", f"[{120 // PACE}s]", rules), encoding="utf-8")
    kubeconfig = _as_account(cluster, "prometheus-adapter")
    here = {
        "/etc/adapter/config.yaml": str(config),
        "/etc/certificate/tls.crt": str(cluster.plane.server.certificate),
        "/etc/certificate/tls.key": str(cluster.plane.server.key),
        "--secure-port=6443": f"--secure-port={port}",
        "--metrics-relist-interval=1m": f"--metrics-relist-interval={60 // PACE}s",
    }
    (container,) = planned("deployment-prometheus-adapter")["spec"]["template"]["spec"]["containers"]
    arguments = list[str]()
    for argument in container["args"]:
        changed = re.sub("(--prometheus-url=).*", rf"\g<1>{prometheus}", argument)
        for old, new in here.items():
            changed = changed.replace(old, new)
        arguments.append(changed)
    cluster.processes.start(
        "prometheus-adapter",
        built(PROMETHEUS_ADAPTER),
        *arguments,
        # In a pod these are its account's.
        *(f"--{what}-kubeconfig={kubeconfig}" for what in ("lister", "authentication", "authorization")),
        "--bind-address=127.0.0.1",
    )
    address = f"https://127.0.0.1:{port}"
    cluster.wait_for(partial(cluster.api.healthy, "/readyz", address=address), "the adapter")
    _serve_api(cluster, "custom.metrics.k8s.io", "prometheus-adapter", port)


def _as_account(cluster: Cluster, account: str) -> Path:
    """Credentials that may do what that account may."""
    known: dict[str, Any] = yaml.safe_load(cluster.kubeconfig.read_text(encoding="utf-8"))
    for user in known["users"]:
        user["user"]["as"] = f"system:serviceaccount:{_HOME}:{account}"
    path = cluster.kubeconfig.with_name(f"kubeconfig-of-{account}")
    path.write_text(yaml.safe_dump(known), encoding="utf-8")
    return path


def _serve_api(cluster: Cluster, group: str, service: str, port: int) -> None:
    """Has the API server ask 127.0.0.1 about the group: Services lead nowhere here, but for a name."""
    cluster.apply(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": service, "namespace": _HOME},
            "spec": {"type": "ExternalName", "externalName": "localhost", "ports": [{"port": port}]},
        }
    )
    cluster.apply(
        {
            "apiVersion": "apiregistration.k8s.io/v1",
            "kind": "APIService",
            "metadata": {"name": f"v1beta1.{group}"},
            "spec": {
                "group": group,
                "version": "v1beta1",
                "groupPriorityMinimum": 100,
                "versionPriority": 100,
                "insecureSkipTLSVerify": True,
                "service": {"name": service, "namespace": _HOME, "port": port},
            },
        }
    )
    cluster.wait_for(lambda: _is_available(cluster, group), f"the API {group}")


def _is_available(cluster: Cluster, group: str) -> bool | None:
    found = cluster.get("apiregistration.k8s.io/v1", "APIService", f"v1beta1.{group}")
    conditions: Sequence[Mapping[str, str]] = (found or {}).get("status", {}).get("conditions", [])
    return any(each["type"] == "Available" and each["status"] == "True" for each in conditions) or None


def _is_steady(made: Loop) -> bool | None:
    status = made.autoscaler().get("status", {})
    known = [each["type"] for each in status.get("currentMetrics") or []]
    return (sorted(known) == ["Pods", "Resource", "Resource"] and made.replicas() == 3) or None
