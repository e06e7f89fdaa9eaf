"""STAND-INS for what no pod without containers can have: the application's own counters, and the kubelets' metrics.

The first serves http_requests_total of every pod, as the application would; the second is metrics.k8s.io, for which a
kubelet would have to measure a container. Both believe in a load that the test sets.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from tests.live.certificates import Identity
from tests.support.loopback import Quiet, serving

_GROUP = "metrics.k8s.io"


@dataclass(slots=True)
class Load:
    """Requests a second of all pods together, shared evenly, and what each has answered so far."""

    pods: Callable[[], Sequence[str]]
    """Names of those that are there."""

    rate: float = 0.0
    cpu: str = "100m"
    """What each pod uses."""

    memory: str = "100Mi"
    served: dict[str, float] = field(default_factory=dict[str, float])
    last: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def exposed(self) -> str:
        """The counters of every pod."""
        with self.lock:
            now, there = time.monotonic(), self.pods()
            for pod in there:
                self.served[pod] = self.served.get(pod, 0.0) + self.rate * (now - self.last) / len(there)
            self.last = now
            text = "# TYPE http_requests_total counter\n"
            for pod in there:
                own = f'namespace="openpolicy",service="api-gateway",pod="{pod}",method="GET",status="200"'
                text += f'http_requests_total{{{own},endpoint="/api/v1/bills"}} {self.served[pod]:.3f}\n'
                # Probes: they count for nothing.
                text += f'http_requests_total{{{own},endpoint="/healthz"}} {self.served[pod] * 9:.3f}\n'
            return text

    def metrics(self) -> dict[str, Any]:
        """A PodMetricsList."""
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        usage = {"cpu": self.cpu, "memory": self.memory}
        items = [
            {
                "metadata": {"name": pod, "namespace": "openpolicy"},
                "timestamp": now,
                "window": "15s",
                "containers": [{"name": "api", "usage": usage}],
            }
            for pod in self.pods()
        ]
        return {"kind": "PodMetricsList", "apiVersion": f"{_GROUP}/v1beta1", "metadata": {}, "items": items}


_RESOURCES = {
    "kind": "APIResourceList",
    "apiVersion": "v1",
    "groupVersion": f"{_GROUP}/v1beta1",
    "resources": [
        {"name": "pods", "singularName": "", "namespaced": True, "kind": "PodMetrics", "verbs": ["get", "list"]}
    ],
}


def serve(load: Load, port: int, identity: Identity | None = None) -> AbstractContextManager[str]:
    """Serves the counters, and with a certificate the resource metrics instead."""

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the name is the library's
            if identity is None:
                self.answer(200, load.exposed())
            else:
                self.tell(load.metrics() if "/pods" in self.path else _RESOURCES)

    return serving(Handler, identity=identity, port=port)
