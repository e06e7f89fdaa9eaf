"""Grafana: where people look, and what it reads.

Data sources are files, for they are needed before anybody can log in. Boards are ConfigMaps that a sidecar follows, or
come through the API when the stack has its address; a board that is a file cannot be saved through the API, so a stack
has the one or the other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_kubernetes.apps.v1 import Deployment
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    Secret,
    Service,
    ServiceAccount,
)

from components.parts.grafana_pod import Login, pod
from components.parts.grafana_sidecar import BOARD_LABEL
from components.parts.grafana_state import keys, volume
from components.parts.objects import account, budget, grant, metadata, rule
from components.render.data_sources import Sources, data_sources
from components.render.doors import SignOn
from components.render.grafana import GrafanaSize, board_providers, configuration
from components.render.kubernetes import labels

_NAME = "grafana"
_PORT = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class GrafanaArgs:
    """How it runs, what it reads, and the boards that it finds in the cluster."""

    namespace: Input[str]
    priority_class: Input[str]
    external_url: str
    size: GrafanaSize
    sources: Sources
    logs: Login
    database_password: Input[str] | None
    sign_on: SignOn | None
    """Whose word on people it takes. None: it knows only its own users."""

    boards: Mapping[str, str] | None
    """Grafana's JSON by uid. None: they come through the API. They decide which ConfigMaps exist."""

    def __post_init__(self) -> None:
        if (self.size.database is None) != (self.database_password is None):
            raise ValueError("database_password: a database has one, and a volume has none")


class Grafana(ComponentResource):
    """The workload, its secrets, data sources and boards."""

    service: Output[str]
    """Service in front of every replica."""

    admin_secret: Output[str]
    """Secret whose `admin-password` is the first way in."""

    def __init__(self, name: str, args: GrafanaArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Grafana", name, None, opts)
        child = ResourceOptions(parent=self)
        own = labels(_NAME)
        pods = {"app.kubernetes.io/name": _NAME}
        here = metadata(_NAME, own, args.namespace)

        files = {
            "grafana.ini": configuration(args.external_url, args.size.database, args.sign_on),
            "datasources.yaml": json.dumps(data_sources(args.sources), indent=2),
            "boards.yaml": json.dumps(board_providers(), indent=2),
        }
        config = ConfigMap(f"{name}-config", metadata=here, data=files, opts=child)
        secrets = Secret(
            f"{name}-secrets", metadata=here, string_data=keys(name, args.database_password, child), opts=child
        )
        identity = ServiceAccount(f"{name}-account", metadata=here, automount_service_account_token=False, opts=child)
        if args.boards is not None:
            subject = account(identity.metadata.name, args.namespace)
            grant(name, here, [rule("", ["configmaps"], "get", "list", "watch")], subject, child)
            for uid, document in args.boards.items():
                found = metadata(f"board-{uid}", own | BOARD_LABEL, args.namespace)
                ConfigMap(f"{name}-board-{uid}", metadata=found, data={f"{uid}.json": document}, opts=child)
        if args.size.replicas > 1:
            budget(f"{name}-budget", here, pods, child)
        Deployment(
            f"{name}-deployment",
            metadata=here,
            spec={
                "replicas": args.size.replicas,
                "selector": {"match_labels": pods},
                # Two would write to the same SQLite file.
                "strategy": {"type": "RollingUpdate" if args.size.database else "Recreate"},
                "template": {
                    "metadata": {"labels": own, "annotations": {"openpolicy.ca/config": _checksum(files)}},
                    "spec": pod(
                        account=identity.metadata.name,
                        config=config.metadata.name,
                        secrets=secrets.metadata.name,
                        data=volume(name, args.size, args.namespace, child),
                        size=args.size,
                        logs=args.logs,
                        boards_in_cluster=args.boards is not None,
                        priority_class=args.priority_class,
                    ),
                },
            },
            opts=child,
        )
        service = Service(
            f"{name}-service",
            metadata=here,
            spec={"selector": pods, "ports": [{"name": "web", "port": _PORT, "target_port": "web"}]},
            opts=child,
        )
        self.service = service.metadata.name
        self.admin_secret = secrets.metadata.name
        self.register_outputs({"service": self.service, "admin_secret": self.admin_secret})


def _checksum(files: Mapping[str, str]) -> str:
    """Changes with the files, which are read only when a pod starts."""
    return sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
