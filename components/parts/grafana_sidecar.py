"""The sidecar that brings boards from the cluster to Grafana, and its own way to the API server."""

from pulumi_kubernetes.core.v1 import ContainerArgsDict, VolumeArgsDict

from components.parts.objects import CONTAINER_SECURITY, resources
from components.render.grafana import BOARDS, SIDECAR_VERSION

BOARD_LABEL = {"grafana_dashboard": "1"}
"""What the sidecar finds boards by."""

_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 a path
_HOUR = 3600


def sidecar() -> ContainerArgsDict:
    """Copies every ConfigMap with the label into a folder, and follows its changes."""
    label, value = next(iter(BOARD_LABEL.items()))
    told = {"LABEL": label, "LABEL_VALUE": value, "RESOURCE": "configmap", "METHOD": "WATCH", "FOLDER": BOARDS}
    return {
        "name": "boards",
        "image": f"quay.io/kiwigrid/k8s-sidecar:{SIDECAR_VERSION}",
        "env": [
            *({"name": key, "value": text} for key, text in told.items()),
            {"name": "NAMESPACE", "value_from": {"field_ref": {"field_path": "metadata.namespace"}}},
        ],
        "resources": resources("10m", "128Mi"),
        "security_context": CONTAINER_SECURITY,
        "volume_mounts": [
            {"name": "boards", "mount_path": BOARDS},
            {"name": "scratch", "mount_path": "/tmp"},  # noqa: S108 its own
            {"name": "token", "mount_path": _TOKEN, "read_only": True},
        ],
    }


def token() -> VolumeArgsDict:
    """The account's token, for the sidecar alone: Grafana has no business with the API server."""
    return {
        "name": "token",
        "projected": {
            "sources": [
                {"service_account_token": {"path": "token", "expiration_seconds": _HOUR}},
                {"config_map": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                {"downward_api": {"items": [{"path": "namespace", "field_ref": {"field_path": "metadata.namespace"}}]}},
            ]
        },
    }
