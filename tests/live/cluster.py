"""A real Kubernetes control plane with three nodes in three zones: all of it but the containers.

Its nodes, pods and volumes become ready by themselves, for there is no kubelet. For a person:
`python -m tests.live.cluster up`, and `down`.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from catalogue.services import NAMESPACE
from tests.live import control_plane
from tests.live.api import Api, Applied, Document
from tests.live.control_plane import ControlPlane
from tests.live.ports import Ports
from tests.live.processes import Processes

T = TypeVar("T")

ZONES = ("zone-a", "zone-b", "zone-c")
"""Each with one node."""

_FILES = ("certificates", "etcd", "kubeconfig", "stages.yaml")
_NODE = {"cpu": "16", "memory": "64Gi", "pods": "110", "ephemeral-storage": "100Gi"}


class Cluster:
    """A cluster that is there from start to stop. As a context manager it keeps its logs when an error leaves it."""

    plane: ControlPlane
    """For those who start more processes beside it."""

    keep_logs = False
    """Whether the logs are kept whatever happens."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        storage_classes: Sequence[str] = ("standard",),
        controllers: Sequence[str] = (),
    ) -> None:
        """Keeps its files in `folder`, by itself in a new one. The first storage class is the default.

        `controllers` are further arguments of the controller manager.
        """
        self.folder = folder or Path(tempfile.mkdtemp(prefix="openpolicy-cluster-"))
        self.processes = Processes(self.folder / "logs")
        self._ports = Ports()
        self._storage_classes = storage_classes
        self._controllers = controllers

    @property
    def api(self) -> Api:
        """As the one who may do everything."""
        return self.plane.api

    @property
    def kubeconfig(self) -> Path:
        """Of the same."""
        return self.plane.kubeconfig

    def start(self) -> None:
        """Starts it and waits until it is ready. Raises FailedError or MissingError, with nothing left running."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Of one that was killed.
        _remove(self.folder, *_FILES)
        try:
            self.plane = control_plane.prepare(self.folder, self._ports, self.processes)
            control_plane.start(self.plane, self._controllers)
            for number, zone in enumerate(ZONES, start=1):
                self.api.create(_node(f"node-{number}", zone))
            for name in self._storage_classes:
                self.api.create(_storage_class(name, default=name == self._storage_classes[0]))
            # The platform is there before what watches it.
            self.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
            self.wait_for(self._furnished, "three ready nodes and the default service account")
        except BaseException:
            self.keep_logs = True
            self.stop()
            raise

    def stop(self) -> None:
        """Ends every process and removes every file of its own, but for the logs where they are kept."""
        self.processes.stop()
        self._ports.release()
        if hasattr(self, "plane"):
            self.api.close()
        _remove(self.folder, *_FILES)
        if self.keep_logs:
            print(f"the logs are in {self.folder / 'logs'}", file=sys.stderr)
            return
        _remove(self.folder, "logs")
        with suppress(OSError):
            # There may be files of others.
            self.folder.rmdir()

    def apply(self, manifest: Mapping[str, Any], *, field_manager: str = "tests") -> Applied:
        """Applies it on the server, every field of it. Raises RefusedError, which names the object and the field."""
        return self.api.apply(manifest, field_manager=field_manager)

    def get(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Document | None:
        """The object, or None."""
        return self.api.get(api_version, kind, name, namespace)

    def wait_for(self, check: Callable[[], T | None], what: str, *, seconds: float = 60) -> T:
        """What `check` returns once that is something. Raises FailedError, with the end of the logs."""
        return self.processes.wait(check, what, seconds=seconds)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self.keep_logs |= kind is not None
        self.stop()

    def _furnished(self) -> bool | None:
        ready = [condition(node, "Ready") == "True" for node in self.api.all("v1", "Node")]
        # Until the controllers have made it, every pod is refused.
        account = self.get("v1", "ServiceAccount", "default", "default")
        return True if account and ready == [True] * len(ZONES) else None


def condition(document: Document, name: str) -> str | None:
    """Status of one of the object's conditions, where it has it: True, False or Unknown."""
    # A definition may come with `conditions: null`.
    conditions = (document.get("status") or {}).get("conditions") or []
    return next((each["status"] for each in conditions if each["type"] == name), None)


def _remove(folder: Path, *names: str) -> None:
    for path in (folder / name for name in names):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _node(name: str, zone: str) -> Document:
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "region",
        "topology.kubernetes.io/zone": zone,
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "status": {"capacity": _NODE, "allocatable": _NODE},
    }


def _storage_class(name: str, *, default: bool) -> Document:
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"} if default else {}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name, "annotations": annotations},
        "provisioner": "kwok.x-k8s.io/volume",
        "volumeBindingMode": "WaitForFirstConsumer",
        "allowVolumeExpansion": True,
    }


if __name__ == "__main__":
    from tests.live.command import main

    main()
