"""Pods of one container: not root, without a writable disk, without a token unless they read the cluster's state."""

import hashlib
import json
from collections.abc import Iterator

from pulumi import Input
from pulumi_kubernetes.core.v1 import (
    ContainerArgsDict,
    EnvVarArgsDict,
    PodSpecArgsDict,
    PodTemplateSpecArgsDict,
    VolumeArgsDict,
    VolumeMountArgsDict,
)

from components.parts.objects import CONTAINER_SECURITY, NODES, POD_SECURITY, ZONES, filled, resources, spread
from components.render.containers import AUTHORITY, FILES, HOST, Container
from components.render.kubernetes import labels

DATA = "data"
"""Name of the volume that a replica has for itself."""

_USER = 65534
# What a node-wide pod sees of its node, by the volume's name.
_HOST_PATHS = {"proc": "/proc", "sys": "/sys", "root": "/"}


def pod(each: Container, account: Input[str], priority_class: Input[str]) -> PodTemplateSpecArgsDict:
    """A pod of a Deployment, or of a DaemonSet where the container runs on every node."""
    spec: PodSpecArgsDict = {
        "service_account_name": account,
        "automount_service_account_token": bool(each.watches),
        "priority_class_name": priority_class,
        "security_context": POD_SECURITY,
        "containers": [_container(each)],
        "volumes": [*_volumes(each)],
    }
    if each.data:
        spec["security_context"] = POD_SECURITY | {"fs_group": _USER, "fs_group_change_policy": "OnRootMismatch"}
    if each.on_every_node:
        # Its network devices are the node's only there; a node that is in trouble is still to be watched.
        spec["host_network"] = True
        spec["tolerations"] = [{"operator": "Exists"}]
    if each.replicas > 1:
        spec["topology_spread_constraints"] = spread(each.selector, NODES, ZONES)
    # Pods do not notice a changed ConfigMap by themselves.
    checksum = hashlib.sha256(json.dumps(dict(each.files), sort_keys=True).encode()).hexdigest()
    noted = {"openpolicy.ca/files": checksum} if each.files else {}
    return {"metadata": filled({"labels": labels(each.name), "annotations": noted}), "spec": filled(spec)}


def _container(each: Container) -> ContainerArgsDict:
    made: ContainerArgsDict = {
        "name": each.name,
        "image": each.image,
        "args": [*each.args],
        "env": [*_environment(each)],
        "ports": [{"name": name, "container_port": number} for name, number in each.ports.items()],
        "resources": resources(each.cpu, str(each.memory)),
        "security_context": CONTAINER_SECURITY,
        "readiness_probe": {"http_get": {"path": each.health, "port": each.port_name}},
        "liveness_probe": {"http_get": {"path": each.alive or each.health, "port": each.port_name}},
        "volume_mounts": [*_mounts(each)],
    }
    return filled(made)


def _environment(each: Container) -> Iterator[EnvVarArgsDict]:
    if each.on_every_node:
        yield {"name": "NODE_ADDRESS", "value_from": {"field_ref": {"field_path": "status.hostIP"}}}
    for name, value in each.environment.items():
        yield {"name": name, "value": value}
    if each.credentials:
        for name, key in each.credential_keys.items():
            yield {"name": name, "value_from": {"secret_key_ref": {"name": each.credentials, "key": key}}}


def _volumes(each: Container) -> Iterator[VolumeArgsDict]:
    if each.files:
        yield {"name": "files", "config_map": {"name": each.name}}
    if each.authority:
        yield {
            "name": "authority",
            "secret": {"secret_name": each.authority, "items": [{"key": "ca.crt", "path": "ca.crt"}]},
        }
    if each.on_every_node:
        for name, path in _HOST_PATHS.items():
            yield {"name": name, "host_path": {"path": path}}


def _mounts(each: Container) -> Iterator[VolumeMountArgsDict]:
    if each.files:
        yield {"name": "files", "mount_path": FILES, "read_only": True}
    if each.authority:
        yield {"name": "authority", "mount_path": AUTHORITY, "read_only": True}
    if each.data:
        yield {"name": DATA, "mount_path": each.data.path}
    if each.on_every_node:
        for name in _HOST_PATHS:
            # File systems that the node mounts later are seen too.
            yield {
                "name": name,
                "mount_path": f"{HOST}/{name}",
                "read_only": True,
                "mount_propagation": "HostToContainer",
            }
