"""What runs on every node for logs: Filebeat, and a setting of the kernel that Elasticsearch needs.

Both read or change the node, which the strict profile of the stack's namespace forbids; so they have one of their own,
and nothing else is in it. Filebeat proves with a certificate that it is ours before Logstash takes a line from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.apps.v1 import DaemonSet
from pulumi_kubernetes.core.v1 import Service, ServiceAccount

from components.parts.objects import CONTAINER_SECURITY, account, grant, metadata, resources, rule
from components.parts.users import secret
from components.render.elastic.filebeat import METRICS_PORT, filebeat_spec
from components.render.kubernetes import labels

_NAME = "openpolicy"
_READ = ("get", "list", "watch")
# To say of a line from which pod and which deployment it is.
_MAY_SEE = [rule("", ["pods"], *_READ), rule("apps", ["replicasets"], *_READ)]
_BUSYBOX = "docker.io/library/busybox:1.37.0"
_PAUSE = "registry.k8s.io/pause:3.10.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingArgs:
    """Whose lines are read, and where they go."""

    namespace: Input[str]
    """The agents' own."""

    application: Input[str]
    """Namespace of the application, whose pods it may see and whose lines it reads."""

    application_name: str
    """The same, for paths."""

    logstash: str
    """Namespace of Logstash."""

    tls: Mapping[str, Input[str]]
    """Certificate, key and authority, in the keys of a TLS Secret."""

    after: Sequence[Resource] = ()


class Shipping(ComponentResource):
    """Filebeat with its rights, and the nodes' setting."""

    account: Output[str]
    """Filebeat's service account."""

    def __init__(self, name: str, args: ShippingArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Shipping", name, None, opts)
        child = ResourceOptions(parent=self, depends_on=list(args.after))
        own = labels("filebeat")
        identity = ServiceAccount(
            f"{name}-account",
            metadata=metadata("filebeat", own, args.namespace),
            automount_service_account_token=False,
            opts=child,
        )
        subject = account(identity.metadata.name, args.namespace)
        grant(name, metadata("openpolicy-filebeat", own, args.application), _MAY_SEE, subject, child)
        certificate = secret(f"{name}-tls", args.namespace, args.tls, child)
        CustomResource(
            f"{name}-filebeat",
            api_version="beat.k8s.elastic.co/v1beta1",
            kind="Beat",
            metadata=metadata(_NAME, own, args.namespace),
            spec=filebeat_spec(
                application=args.application_name,
                logstash=args.logstash,
                labels=own,
                account=identity.metadata.name,
                tls=certificate.metadata.name,
            ),
            opts=child,
        )
        Service(
            f"{name}-metrics",
            metadata=metadata("filebeat", own, args.namespace),
            spec={
                "cluster_ip": "None",
                "selector": {"app.kubernetes.io/name": "filebeat"},
                "ports": [{"name": "metrics", "port": METRICS_PORT, "target_port": "metrics"}],
            },
            opts=child,
        )
        self._nodes(name, args, child)
        self.account = identity.metadata.name
        self.register_outputs({"account": self.account})

    def _nodes(self, name: str, args: ShippingArgs, child: ResourceOptions) -> None:
        """Elasticsearch maps its files into memory, more of them than a kernel allows by itself."""
        own = labels("node-tuning")
        DaemonSet(
            f"{name}-nodes",
            metadata=metadata("node-tuning", own, args.namespace),
            spec={
                "selector": {"match_labels": {"app.kubernetes.io/name": "node-tuning"}},
                "template": {
                    "metadata": {"labels": own},
                    "spec": {
                        "automount_service_account_token": False,
                        # Before it has set a node's kernel, Elasticsearch does not start there.
                        "priority_class_name": "system-node-critical",
                        "security_context": {"seccomp_profile": {"type": "RuntimeDefault"}},
                        "tolerations": [{"operator": "Exists"}],
                        "init_containers": [
                            {
                                "name": "sysctl",
                                "image": _BUSYBOX,
                                "command": ["sysctl", "-w", "vm.max_map_count=262144"],
                                "resources": resources("10m", "16Mi"),
                                # The only privileged container of the stack: it sets this and ends.
                                "security_context": {"privileged": True, "read_only_root_filesystem": True},
                            }
                        ],
                        "containers": [
                            {
                                "name": "pause",
                                "image": _PAUSE,
                                "resources": resources("1m", "16Mi"),
                                "security_context": {
                                    **CONTAINER_SECURITY,
                                    "run_as_non_root": True,
                                    "run_as_user": 65534,
                                    "run_as_group": 65534,
                                },
                            }
                        ],
                    },
                },
            },
            opts=child,
        )
