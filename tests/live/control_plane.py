"""The processes of a control plane, and how each is told about the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from tests.live.api import Api
from tests.live.certificates import Authority, Identity
from tests.live.parts import API_SERVER, CONTROLLER_MANAGER, ETCD, KWOK, SCHEDULER, sources
from tests.live.ports import Ports
from tests.live.processes import Processes
from tests.support.tools import built

_PROXY = "front-proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPlane:
    """What is shared by those who start its parts."""

    folder: Path
    ports: Ports
    processes: Processes
    authority: Authority
    server: Identity
    """By which every server shows who it is."""

    admin: Identity
    address: str
    api: Api
    kubeconfig: Path
    """Of the admin, as the API is."""


def prepare(folder: Path, ports: Ports, processes: Processes) -> ControlPlane:
    """Everything but the processes."""
    authority = Authority(folder / "certificates")
    address = f"https://127.0.0.1:{ports.take()}"
    admin = authority.issue("admin", group="system:masters")
    kubeconfig = folder / "kubeconfig"
    _write_kubeconfig(kubeconfig, address, authority.certificate, admin)
    return ControlPlane(
        folder=folder,
        ports=ports,
        processes=processes,
        authority=authority,
        server=authority.issue("server"),
        admin=admin,
        address=address,
        api=Api(address, authority.certificate, admin),
        kubeconfig=kubeconfig,
    )


def start(plane: ControlPlane, controllers: Sequence[str] = ()) -> None:
    """Starts etcd, the API server, the controllers, the scheduler and kwok, and waits until each answers.

    `controllers` are further arguments of the controller manager.

    Raises FailedError, or MissingError where a part cannot be built.
    """
    _start_api_server(plane, _start_etcd(plane))
    plane.processes.wait(plane.api.healthy, "the API server")
    _start_kwok(plane)
    for address in (_start_controllers(plane, controllers), _start_scheduler(plane)):
        plane.processes.wait(partial(plane.api.healthy, "/healthz", address=address), f"{address}/healthz")


def _write_kubeconfig(path: Path, address: str, authority: Path, identity: Identity) -> None:
    """Writes one that works from anywhere on this machine, and names its files by their paths."""
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "tests",
        "clusters": [{"name": "tests", "cluster": {"server": address, "certificate-authority": str(authority)}}],
        "users": [
            {
                "name": "tests",
                "user": {"client-certificate": str(identity.certificate), "client-key": str(identity.key)},
            }
        ],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "tests"}}],
    }
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def _start_etcd(plane: ControlPlane) -> str:
    clients, peers = (f"http://127.0.0.1:{plane.ports.take()}" for _ in range(2))
    plane.processes.start(
        "etcd",
        built(ETCD),
        f"--data-dir={plane.folder / 'etcd'}",
        f"--listen-client-urls={clients}",
        f"--advertise-client-urls={clients}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=default={peers}",
        "--log-level=warn",
        # Nothing here has to survive a power cut.
        "--unsafe-no-fsync",
    )
    return clients


def _start_api_server(plane: ControlPlane, etcd: str) -> None:
    proxy = plane.authority.issue(_PROXY)
    plane.processes.start(
        "kube-apiserver",
        built(API_SERVER),
        f"--etcd-servers={etcd}",
        "--bind-address=127.0.0.1",
        f"--secure-port={_port(plane.address)}",
        # Without these two it looks for an address of the machine, and there may be no network.
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--authorization-mode=RBAC",
        # As every cluster's does: what is privileged is for Pod Security to judge.
        "--allow-privileged=true",
        f"--client-ca-file={plane.authority.certificate}",
        *_serving(plane),
        # How it vouches for a caller before servers that add an API of their own.
        f"--requestheader-client-ca-file={plane.authority.certificate}",
        f"--requestheader-allowed-names={_PROXY}",
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        f"--proxy-client-cert-file={proxy.certificate}",
        f"--proxy-client-key-file={proxy.key}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={plane.server.key}",
        f"--service-account-signing-key-file={plane.server.key}",
    )


def _start_controllers(plane: ControlPlane, arguments: Sequence[str]) -> str:
    port = plane.ports.take()
    plane.processes.start(
        "kube-controller-manager",
        built(CONTROLLER_MANAGER),
        *_controller(plane, port),
        f"--service-account-private-key-file={plane.server.key}",
        f"--root-ca-file={plane.authority.certificate}",
        *arguments,
    )
    return f"https://127.0.0.1:{port}"


def _start_scheduler(plane: ControlPlane) -> str:
    port = plane.ports.take()
    plane.processes.start("kube-scheduler", built(SCHEDULER), *_controller(plane, port))
    return f"https://127.0.0.1:{port}"


def _start_kwok(plane: ControlPlane) -> None:
    path = plane.folder / "stages.yaml"
    path.write_text(yaml.safe_dump_all(_stages()), encoding="utf-8")
    plane.processes.start(
        "kwok",
        built(KWOK),
        f"--kubeconfig={plane.kubeconfig}",
        f"--config={path}",
        "--manage-all-nodes",
        "--node-lease-duration-seconds=40",
        # No server of its own: nobody asks for logs of containers that do not run.
        "--node-port=0",
    )


def _stages() -> list[dict[str, Any]]:
    """How nodes and pods become ready, volumes are made for claims of every class, and released ones are deleted."""
    folder = sources(KWOK) / "kustomize" / "stage"
    paths = [*(folder / "node" / "fast").glob("node-*.yaml"), *(folder / "pod" / "fast").glob("pod-*.yaml")]
    made, deleted = (folder / "volume" / "fast" / f"{name}.yaml" for name in ("pvc-provision", "pv-delete"))
    stages = {path: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (*paths, made, deleted)}
    # Its next steps bind the claim. So do the controllers, who would at times take that for a lost volume.
    del stages[made]["spec"]["steps"][1:]
    for path in (made, deleted):
        one_class, *others = stages[path]["spec"]["selector"]["matchExpressions"]
        assert "kwok-volume" in one_class["cel"]["expression"]
        stages[path]["spec"]["selector"]["matchExpressions"] = others
    return [*stages.values()]


def _controller(plane: ControlPlane, port: int) -> list[str]:
    return [
        f"--kubeconfig={plane.kubeconfig}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        "--leader-elect=false",
        *_serving(plane),
    ]


def _serving(plane: ControlPlane) -> list[str]:
    return [f"--tls-cert-file={plane.server.certificate}", f"--tls-private-key-file={plane.server.key}"]


def _port(address: str) -> str:
    return address.rpartition(":")[2]
