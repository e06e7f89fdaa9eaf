"""Pods of one collector: not root, without a writable disk but its queue, without a token unless it reads pods."""

from collections.abc import Iterator

from pulumi import Input
from pulumi_kubernetes.core.v1 import (
    ContainerArgsDict,
    EnvVarArgsDict,
    PodSpecArgsDict,
    VolumeArgsDict,
    VolumeMountArgsDict,
)

from components.parts.objects import CONTAINER_SECURITY, NODES, POD_SECURITY, ZONES, filled, resources, spread
from components.render.containers import AUTHORITY
from components.render.tracing.collector import FILES, HEALTH, LOGIN, METRICS, QUEUE, Collector, Step
from components.render.tracing.tls import FOLDER

# Of the container's limit: Go cleans up before the kernel kills.
_MEMORY_SHARE = 0.8
_USER = 65534
# A gateway decides about what it holds, and sends it, before it ends.
_GRACE_SECONDS = 60


def pod(each: Collector, account: Input[str], priority_class: Input[str]) -> PodSpecArgsDict:
    """What a DaemonSet, a StatefulSet or a Deployment makes of it."""
    spec: PodSpecArgsDict = {
        "service_account_name": account,
        "automount_service_account_token": each.reads_pods,
        "priority_class_name": priority_class,
        "security_context": POD_SECURITY | {"fs_group": _USER, "fs_group_change_policy": "OnRootMismatch"},
        "termination_grace_period_seconds": _GRACE_SECONDS,
        "init_containers": [_step(each, step) for step in each.first],
        "containers": [_container(each)],
        "volumes": [*_volumes(each)],
    }
    if each.on_every_node:
        # Nodes that are reserved for something run the application too.
        spec["tolerations"] = [{"operator": "Exists"}]
    if each.replicas > 1:
        spec["topology_spread_constraints"] = spread(each.selector, NODES, ZONES)
    return filled(spec)


def _container(each: Collector) -> ContainerArgsDict:
    ports = {**each.ports, "metrics": METRICS, "health": HEALTH}
    return {
        "name": each.name,
        "image": each.image,
        "args": [f"--config={FILES}/config.yaml"],
        "env": [*_environment(each)],
        "ports": [{"name": name, "container_port": number} for name, number in ports.items()],
        "resources": resources("100m", str(each.memory)),
        "security_context": CONTAINER_SECURITY,
        "readiness_probe": {"http_get": {"path": each.health, "port": "health"}},
        "liveness_probe": {"http_get": {"path": each.health, "port": "health"}, "initial_delay_seconds": 15},
        "volume_mounts": [*_mounts(each)],
    }


def _step(each: Collector, step: Step) -> ContainerArgsDict:
    return {
        "name": step.name,
        "image": step.image,
        "args": [*step.args],
        "env": [*_login(each)],
        "resources": resources("20m", "64Mi"),
        "security_context": CONTAINER_SECURITY,
        "volume_mounts": [*_mounts(each)],
    }


def _environment(each: Collector) -> Iterator[EnvVarArgsDict]:
    yield {"name": "GOMEMLIMIT", "value": str(int(each.memory.count * _MEMORY_SHARE))}
    if each.reads_pods:
        yield {"name": "NODE_NAME", "value_from": {"field_ref": {"field_path": "spec.nodeName"}}}
    yield from _login(each)


def _login(each: Collector) -> Iterator[EnvVarArgsDict]:
    if each.login:
        for name, key in (("ES_USERNAME", "username"), ("ES_PASSWORD", "password")):
            yield {"name": name, "value_from": {"secret_key_ref": {"name": each.login.credentials, "key": key}}}


def _volumes(each: Collector) -> Iterator[VolumeArgsDict]:
    yield {"name": "files", "config_map": {"name": each.name}}
    if each.certificate:
        yield {"name": "certificate", "secret": {"secret_name": each.certificate_secret}}
    if each.login:
        yield {"name": "login", "secret": {"secret_name": each.login.credentials}}
        yield {
            "name": "authority",
            "secret": {"secret_name": each.login.authority, "items": [{"key": "ca.crt", "path": "ca.crt"}]},
        }


def _mounts(each: Collector) -> Iterator[VolumeMountArgsDict]:
    yield {"name": "files", "mount_path": FILES, "read_only": True}
    if each.certificate:
        yield {"name": "certificate", "mount_path": FOLDER, "read_only": True}
    if each.login:
        yield {"name": "login", "mount_path": LOGIN, "read_only": True}
        yield {"name": "authority", "mount_path": AUTHORITY, "read_only": True}
    if each.queue:
        yield {"name": "queue", "mount_path": QUEUE}
