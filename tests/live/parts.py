"""The programs of a real cluster and of what runs in it, each built once from its pinned module."""

import json
from pathlib import Path

from tests.support.tools import TOOLS, Part, built, go

# Without its own version, the API server believes features to be off that the scheduler relies on.
_VERSIONED = tuple(
    f"{package}.{variable}"
    for package in ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    for variable in ("gitVersion={version}", "gitMajor={major}", "gitMinor={minor}")
)


def _kubernetes(name: str) -> Part:
    return Part(name=name, folder="kubernetes", module="k8s.io/kubernetes", package=f"/cmd/{name}", stamps=_VERSIONED)


ETCD = Part(name="etcd", folder="etcd", module="go.etcd.io/etcd/server/v3")
API_SERVER = _kubernetes("kube-apiserver")
CONTROLLER_MANAGER = _kubernetes("kube-controller-manager")
SCHEDULER = _kubernetes("kube-scheduler")
KWOK = Part(name="kwok", folder="kwok", module="sigs.k8s.io/kwok", package="/cmd/kwok")
CONTROL_PLANE = (ETCD, API_SERVER, CONTROLLER_MANAGER, SCHEDULER, KWOK)

PROMETHEUS_OPERATOR = Part(
    name="prometheus-operator",
    folder="prometheus-operator",
    module="github.com/prometheus-operator/prometheus-operator",
    package="/cmd/operator",
)
ECK = Part(
    name="eck",
    folder="eck",
    module="github.com/elastic/cloud-on-k8s/v3",
    package="/cmd",
    stamps=tuple(
        f"github.com/elastic/cloud-on-k8s/v3/pkg/about.{variable}"
        for variable in ("version={number}", "buildSnapshot=false")
    ),
)
OPERATORS = (PROMETHEUS_OPERATOR, ECK)

# Its module counts on from version 1; the program is Jaeger 2.
JAEGER = Part(name="jaeger", folder="jaeger", module="github.com/jaegertracing/jaeger", package="/cmd/jaeger")
JAEGER_ROLLOVER = Part(
    name="jaeger-es-rollover", folder="jaeger", module="github.com/jaegertracing/jaeger", package="/cmd/es-rollover"
)
OTEL_COLLECTOR = Part(
    name="otel-collector", folder="otel-collector", module="go.opentelemetry.io/collector/otelcol", own=True
)
# Before a page for people.
OAUTH2_PROXY = Part(name="oauth2-proxy", folder="oauth2-proxy", module="github.com/oauth2-proxy/oauth2-proxy/v7")

# It reads Prometheus' labels as slices of strings, and crashes where they are not.
THANOS = Part(
    name="thanos",
    folder="thanos",
    module="github.com/thanos-io/thanos",
    package="/cmd/thanos",
    tags="slicelabels",
)
PROMETHEUS_ADAPTER = Part(
    name="prometheus-adapter",
    folder="prometheus-adapter",
    module="sigs.k8s.io/prometheus-adapter",
    package="/cmd/adapter",
)

PARTS = (
    *CONTROL_PLANE,
    *OPERATORS,
    JAEGER,
    JAEGER_ROLLOVER,
    OTEL_COLLECTOR,
    OAUTH2_PROXY,
    THANOS,
    PROMETHEUS_ADAPTER,
    *TOOLS.values(),
)


def build_all() -> None:
    """Builds what is missing, one after another: each alone fills a small machine. Raises MissingError."""
    for part in PARTS:
        built(part)


def sources(part: Part) -> Path:
    """Folder of the part's module, for the documents that lie beside its code. Raises MissingError."""
    return Path(json.loads(go(part, "mod", "download", "-json", part.module))["Dir"])


if __name__ == "__main__":
    build_all()
