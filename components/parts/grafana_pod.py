"""Grafana's pod: who it runs as, what it may write, and what it is given of secrets and boards."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input
from pulumi_kubernetes.core.v1 import (
    AffinityArgsDict,
    ContainerArgsDict,
    EnvVarArgsDict,
    PodSpecArgsDict,
    VolumeArgsDict,
    VolumeMountArgsDict,
)

from components.parts.grafana_sidecar import sidecar, token
from components.parts.objects import CONTAINER_SECURITY, POD_SECURITY, ZONES, resources, spread
from components.render.grafana import BOARDS, SECRETS, VERSION, GrafanaSize

# The user that the image was made for.
_GRAFANA = 472
_PODS = {"app.kubernetes.io/name": "grafana"}
_APART: AffinityArgsDict = {
    "pod_anti_affinity": {
        "required_during_scheduling_ignored_during_execution": [
            {
                "label_selector": {"match_labels": _PODS},
                "topology_key": "kubernetes.io/hostname",
            }
        ]
    }
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A Secret with a name and a password, and one with the authority that signed the server's certificate."""

    user: str
    secret: str
    password_key: str
    authority: str
    authority_key: str


def pod(
    *,
    account: Input[str],
    config: Input[str],
    secrets: Input[str],
    data: VolumeArgsDict,
    size: GrafanaSize,
    logs: Login,
    boards_in_cluster: bool,
    priority_class: Input[str],
) -> PodSpecArgsDict:
    """The pod. `config` and `secrets` name what is mounted; `data` is the volume of its state."""
    volumes: Sequence[VolumeArgsDict] = [
        data,
        {"name": "scratch", "empty_dir": {"size_limit": "256Mi"}},
        {"name": "config", "config_map": {"name": config}},
        {"name": "secrets", "secret": {"secret_name": secrets, "default_mode": 0o440}},
    ]
    found: Sequence[VolumeArgsDict] = [{"name": "boards", "empty_dir": {"size_limit": "64Mi"}}, token()]
    spec: PodSpecArgsDict = {
        "service_account_name": account,
        "automount_service_account_token": False,
        "priority_class_name": priority_class,
        "security_context": POD_SECURITY
        | {
            "run_as_user": _GRAFANA,
            "run_as_group": _GRAFANA,
            "fs_group": _GRAFANA,
            "fs_group_change_policy": "OnRootMismatch",
        },
        "containers": [
            _grafana(str(size.memory), logs, boards_in_cluster=boards_in_cluster),
            *([sidecar()] if boards_in_cluster else []),
        ],
        "volumes": [*volumes, *(found if boards_in_cluster else [])],
    }
    if size.replicas > 1:
        spec["affinity"] = _APART
        spec["topology_spread_constraints"] = spread(_PODS, ZONES)
    return spec


def _grafana(memory: str, logs: Login, *, boards_in_cluster: bool) -> ContainerArgsDict:
    mounts: Sequence[VolumeMountArgsDict] = [
        {"name": "data", "mount_path": "/var/lib/grafana"},
        {"name": "scratch", "mount_path": "/tmp"},  # noqa: S108 its own
        {"name": "secrets", "mount_path": SECRETS, "read_only": True},
        _file("grafana.ini", "/etc/grafana/grafana.ini"),
        _file("datasources.yaml", "/etc/grafana/provisioning/datasources/openpolicy.yaml"),
    ]
    boards: Sequence[VolumeMountArgsDict] = [
        {"name": "boards", "mount_path": BOARDS, "read_only": True},
        _file("boards.yaml", "/etc/grafana/provisioning/dashboards/openpolicy.yaml"),
    ]
    return {
        "name": "grafana",
        "image": f"docker.io/grafana/grafana:{VERSION}",
        "ports": [{"name": "web", "container_port": 3000}],
        "env": [
            {"name": "ELASTICSEARCH_USER", "value": logs.user},
            _secret("ELASTICSEARCH_PASSWORD", logs.secret, logs.password_key),
            _secret("ELASTICSEARCH_CA", logs.authority, logs.authority_key),
        ],
        "resources": resources("100m", memory),
        "security_context": CONTAINER_SECURITY,
        "readiness_probe": {"http_get": {"path": "/api/health", "port": "web"}},
        "liveness_probe": {
            # It asks no database: Grafana does not start again because that is away.
            "http_get": {"path": "/healthz", "port": "web"},
            "initial_delay_seconds": 60,
            "failure_threshold": 10,
        },
        "volume_mounts": [*mounts, *(boards if boards_in_cluster else [])],
    }


def _file(key: str, path: str) -> VolumeMountArgsDict:
    return {"name": "config", "mount_path": path, "sub_path": key, "read_only": True}


def _secret(name: str, secret: str, key: str) -> EnvVarArgsDict:
    # Grafana starts before there are logs, and shows metrics meanwhile.
    return {"name": name, "value_from": {"secret_key_ref": {"name": secret, "key": key, "optional": True}}}
