"""The `Beat` object: Filebeat on every node, from the files of the application's containers to Logstash.

It takes lines as they are. What a line says of itself is read in Logstash alone, so no line can say where it is from.
"""

from collections.abc import Mapping

from components.render.elastic.logstash import PORT, SERVICE
from components.render.elastic.size import VERSION, image
from components.render.kubernetes import Document, memory_bound

TLS = "/etc/beats-tls"
CONTAINERS, PODS = "/var/log/containers", "/var/log/pods"

TRACEBACK = (
    r"^(Traceback \(most recent call last\):|\s+\S|[A-Za-z_][A-Za-z0-9_.]*(Error|Exception|Interrupt|Exit|Warning)\b)"
)
"""Lines of a Python traceback, which belong together. A JSON line never looks like one."""

_NODE = "${NODE_NAME}"
_STATUS, METRICS_PORT = 5066, 9479
_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def filebeat_spec(
    *, application: str, logstash: str, labels: Mapping[str, str], account: object, tls: object
) -> Document:
    """The specification. `application` and `logstash` are namespaces; `tls` names a Secret."""
    return {
        "type": "filebeat",
        "version": VERSION,
        "image": image("filebeat", "beats"),
        "config": filebeat_config(application, f"{SERVICE}.{logstash}.svc:{PORT}"),
        "daemonSet": {
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}},
            "podTemplate": {
                "metadata": {"labels": dict(labels)},
                "spec": {
                    "serviceAccountName": account,
                    "automountServiceAccountToken": False,
                    "terminationGracePeriodSeconds": 60,
                    # A node without it is a node without logs.
                    "priorityClassName": "system-node-critical",
                    "tolerations": [{"operator": "Exists"}],
                    "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
                    "containers": [_container(), _exporter()],
                    "volumes": [
                        {"name": "containers", "hostPath": {"path": CONTAINERS}},
                        {"name": "pods", "hostPath": {"path": PODS}},
                        {"name": "beats-tls", "secret": {"secretName": tls}},
                        _token(),
                    ],
                },
            },
        },
    }


def _container() -> Document:
    return {
        "name": "filebeat",
        "env": [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
        # Container logs belong to root, and so does the registry on the node.
        "securityContext": {
            "runAsUser": 0,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"], "add": ["DAC_READ_SEARCH"]},
        },
        "resources": memory_bound("100m", "500Mi"),
        "volumeMounts": [
            # The first holds links into the second.
            {"name": "containers", "mountPath": CONTAINERS, "readOnly": True},
            {"name": "pods", "mountPath": PODS, "readOnly": True},
            {"name": "beats-tls", "mountPath": TLS, "readOnly": True},
            {"name": "token", "mountPath": _ACCOUNT, "readOnly": True},
        ],
    }


def _token() -> Document:
    """The account's, for Filebeat alone: who shows its metrics has no business with the API server."""
    return {
        "name": "token",
        "projected": {
            "sources": [
                {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}},
                {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"fieldPath": "metadata.namespace"}}]}},
            ]
        },
    }


def _exporter() -> Document:
    """Shows as metrics what Filebeat says of itself to its own pod alone."""
    return {
        "name": "exporter",
        "image": "docker.io/trustpilot/beat-exporter:0.4.0",
        "args": [f"-beat.uri=http://localhost:{_STATUS}", f"-web.listen-address=:{METRICS_PORT}"],
        "ports": [{"name": "metrics", "containerPort": METRICS_PORT}],
        "securityContext": {
            "runAsUser": 65534,
            "runAsGroup": 65534,
            "runAsNonRoot": True,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": memory_bound("10m", "32Mi"),
    }


def filebeat_config(application: str, logstash: str) -> Document:
    """What Filebeat reads and where it sends that."""
    return {
        "filebeat.inputs": [
            {
                "type": "filestream",
                "id": "openpolicy-containers",
                # Only the application: its own lines about lines would feed themselves.
                "paths": [f"{CONTAINERS}/*_{application}_*.log"],
                # Of a file's first line, which begins with its own nanosecond. By the default of 1024 bytes, what a pod
                # says before it ends early is never read.
                "prospector.scanner": {"symlinks": True, "fingerprint": {"enabled": True, "length": 64}},
                # An inode is used again after a rotation; a fingerprint is not.
                "file_identity.fingerprint": {},
                "close.on_state_change.inactive": "5m",
                "clean_removed": True,
                "parsers": [
                    {"container": {"stream": "all", "format": "auto"}},
                    {
                        "multiline": {
                            "type": "while_pattern",
                            "pattern": TRACEBACK,
                            "negate": False,
                            "max_lines": 500,
                            "timeout": "2s",
                        }
                    },
                ],
                "processors": [
                    # Kubernetes metadata is not added to what already has some.
                    {
                        "drop_fields": {
                            "fields": ["kubernetes", "data_stream", "cloud", "container", "service"],
                            "ignore_missing": True,
                        }
                    },
                    {
                        "add_kubernetes_metadata": {
                            "node": _NODE,
                            # It may see no other's pods.
                            "namespace": application,
                            "matchers": [{"logs_path": {"logs_path": f"{CONTAINERS}/"}}],
                            "add_resource_metadata": {
                                "namespace": {"enabled": False},
                                "node": {"enabled": False},
                                "deployment": True,
                            },
                        }
                    },
                ],
            }
        ],
        # Becomes host.name, by which indices are sorted.
        "name": _NODE,
        "queue.mem": {"events": 4096, "flush.min_events": 512, "flush.timeout": "1s"},
        "output.logstash": {
            "hosts": [logstash],
            "loadbalance": True,
            "worker": 2,
            # A connection sticks to one Logstash; without a life span a new one would never get any.
            "pipelining": 0,
            "ttl": "60s",
            "compression_level": 1,
            "ssl.certificate_authorities": [f"{TLS}/ca.crt"],
            "ssl.certificate": f"{TLS}/tls.crt",
            "ssl.key": f"{TLS}/tls.key",
        },
        "http.enabled": True,
        # The exporter beside it asks, and nobody else can.
        "http.host": "localhost",
        "http.port": _STATUS,
        "logging.json": True,
    }
