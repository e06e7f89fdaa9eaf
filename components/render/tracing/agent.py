"""The agent on every node: it says of which pod a span is, removes what must not be kept, and measures all of it.

Requests are counted here and not at the gateways, for here nothing is sampled yet, and each span passes one agent.
"""

from catalogue.model.quantity import Bytes
from components.render.kubernetes import Document
from components.render.tracing.collector import (
    BATCH,
    HEALTH,
    MEMORY_LIMITER,
    OTLP,
    OTLP_HTTP,
    Collector,
    Entry,
    applications,
    listening,
    service,
)
from components.render.tracing.tls import Certificate, asking

IMAGE = "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib:0.158.0"
SPAN_METRICS = "traces_span_metrics"
"""How names of what is measured begin; Jaeger looks for them."""

_SPAN_METRICS_PORT = 8889
_PORTS = {"otlp": int(OTLP), "otlp-http": int(OTLP_HTTP)}
# As of the catalogue's own latency histogram, as far as whole requests go.
_BUCKETS = ("5ms", "10ms", "25ms", "50ms", "100ms", "250ms", "500ms", "1s", "2500ms", "5s", "10s")
# Of one service, and fifteen series each: three services are as much as Prometheus takes from one target.
_MOST_COMBINATIONS = 1_000
# An eighth of the memory, so that a full queue is seen before the limiter refuses spans. By the default, which counts
# batches, it would not be full before memory is.
_MOST_QUEUED = 64 * 2**20
# What holds a session or a secret. The collector expands ${…} itself, and takes $$ for a dollar.
_HEADERS = r"^http\\.(request|response)\\.header\\.(authorization|proxy-authorization|cookie|set-cookie)$$"
_LOGIN = r"://[^\\s/@:]*:[^\\s/@]+@"
_PARAMETERS = r"((?i)(token|api_?key|password|secret|email|signature)=)[^&#\\s]+"


def agent(*, name: str, job: str, gateway: str, namespace: str) -> Collector:
    """The workload. `gateway` is the name of all gateways' addresses; `namespace` is where the application runs."""
    return Collector(
        name=name,
        image=IMAGE,
        job=job,
        config=_config(gateway, namespace),
        ports=_PORTS | {"span-metrics": _SPAN_METRICS_PORT},
        health="/",
        memory=Bytes.parse("512Mi"),
        on_every_node=True,
        reads_pods=True,
        certificate=Certificate(host=name, uses=["client_auth"]),
    )


def entries(*, name: str, span_metrics: str) -> tuple[Entry, ...]:
    """Where the application sends spans, and where what the agents measure is scraped."""
    pods = {"app.kubernetes.io/name": name}
    return (
        Entry(name=name, pods=pods, ports={port: (number, port) for port, number in _PORTS.items()}, same_node=True),
        Entry(
            name=span_metrics,
            pods=pods,
            ports={"metrics": (_SPAN_METRICS_PORT, "span-metrics")},
            every_address=True,
        ),
    )


def _config(gateway: str, namespace: str) -> Document:
    return {
        "extensions": {"health_check": listening(HEALTH)},
        "receivers": applications(),
        "processors": {
            "memory_limiter": MEMORY_LIMITER,
            "k8s_attributes": _attributes(namespace),
            "transform/scrub": {
                # A span that cannot be read is kept as it is: the rest of its trace is worth more.
                "error_mode": "ignore",
                "trace_statements": [*_scrubbing()],
            },
            "batch": BATCH,
        },
        "connectors": {"span_metrics": _measured()},
        "exporters": {
            "load_balancing": _balanced(gateway),
            "prometheus": listening(_SPAN_METRICS_PORT) | {"enable_open_metrics": True, "metric_expiration": "15m"},
        },
        "service": service(
            ["health_check"],
            {
                "traces": {
                    "receivers": ["otlp"],
                    "processors": ["memory_limiter", "k8s_attributes", "transform/scrub", "batch"],
                    "exporters": ["load_balancing", "span_metrics"],
                },
                "metrics/spans": {"receivers": ["span_metrics"], "exporters": ["prometheus"]},
            },
        ),
    }


def _attributes(namespace: str) -> Document:
    return {
        "auth_type": "serviceAccount",
        # An agent knows the application's pods of its own node, and no others.
        "filter": {"node_from_env_var": "NODE_NAME", "namespace": namespace},
        "extract": {
            "metadata": [
                "k8s.namespace.name",
                "k8s.pod.name",
                "k8s.pod.uid",
                "k8s.deployment.name",
                "k8s.node.name",
                "container.image.tag",
            ],
            # From the ReplicaSet's name, which needs no right to read ReplicaSets.
            "deployment_name_from_replicaset": True,
        },
        "pod_association": [
            {"sources": [{"from": "resource_attribute", "name": "k8s.pod.uid"}]},
            {"sources": [{"from": "connection"}]},
        ],
    }


def _scrubbing() -> list[str]:
    parameters = [
        f'replace_pattern(span.attributes["{attribute}"], "{_PARAMETERS}", "$${{1}}REDACTED")'
        for attribute in ("url.full", "url.query", "http.url", "http.target")
    ]
    # An exception tells the address that it failed at, and with it who logs in there.
    events = [
        f'replace_pattern(spanevent.attributes["exception.{attribute}"], "{pattern}", "{instead}")'
        for attribute in ("message", "stacktrace")
        for pattern, instead in ((_PARAMETERS, "$${1}REDACTED"), (_LOGIN, "://REDACTED@"))
    ]
    # The older names are those that instrumentations still use by default.
    return [f'delete_matching_keys(span.attributes, "{_HEADERS}")', *parameters, *events]


def _measured() -> Document:
    return {
        "namespace": SPAN_METRICS.replace("_", "."),
        # The default is to change; Jaeger's reader is told the same.
        "histogram": {"unit": "s", "explicit": {"buckets": [*_BUCKETS]}},
        "dimensions": [
            {"name": "http.request.method"},
            {"name": "http.response.status_code"},
            {"name": "http.route"},
        ],
        # Their target tells agents apart already.
        "exclude_dimensions": ["collector.instance.id"],
        "exemplars": {"enabled": True, "max_per_data_point": 5},
        "metrics_flush_interval": "30s",
        "metrics_expiration": "15m",
        "aggregation_cardinality_limit": _MOST_COMBINATIONS,
        # A restarted service goes on counting.
        "resource_metrics_key_attributes": ["service.name"],
    }


def _balanced(gateway: str) -> Document:
    return {
        # All spans of a trace go to the same gateway.
        "routing_key": "traceID",
        # Here and not in the protocol: what a lost gateway did not take goes to another.
        "sending_queue": {"enabled": True, "sizer": "bytes", "queue_size": _MOST_QUEUED},
        "retry_on_failure": {"enabled": True, "max_elapsed_time": "120s"},
        "protocol": {
            "otlp": {
                "tls": asking(gateway),
                "sending_queue": {"enabled": False},
                "retry_on_failure": {"enabled": False},
            }
        },
        "resolver": {"dns": {"hostname": gateway, "interval": "10s"}},
    }
