"""One operator: its account, its rights, the pod, and the Service of its own metrics."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_kubernetes.apps.v1 import Deployment
from pulumi_kubernetes.core.v1 import ContainerArgsDict, Service, ServiceAccount
from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict

from components.parts.objects import CONTAINER_SECURITY, POD_SECURITY, account, grant, metadata, resources
from components.render.kubernetes import labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """What runs, and what it may."""

    name: str
    image: str
    priority_class: Input[str]
    args: Sequence[str]
    memory: str
    health: str
    """Path that says whether it is ready; empty where it has none."""

    in_namespaces: Sequence[PolicyRuleArgsDict]
    in_cluster: Sequence[PolicyRuleArgsDict]


def run(
    key: str,
    operator: Operator,
    namespaces: Sequence[Input[str]],
    parent: Resource,
    after: Sequence[Resource],
) -> Output[str]:
    """Runs it in the first namespace, with rights in all of them. Returns the name of its Service.

    `key` begins the names of its resources, each of which is a child of `parent`.
    """
    child = ResourceOptions(parent=parent)
    own = labels(operator.name)
    selector = {"app.kubernetes.io/name": own["app.kubernetes.io/name"]}
    home = namespaces[0]
    here = metadata(operator.name, own, home)
    identity = ServiceAccount(f"{key}-account", metadata=here, automount_service_account_token=False, opts=child)
    subject = account(identity.metadata.name, home)
    rights = [
        grant(
            key if index == 0 else f"{key}-{index}",
            metadata(operator.name if index == 0 else f"{operator.name}-agents", own, namespace),
            operator.in_namespaces,
            subject,
            child,
        )
        for index, namespace in enumerate(namespaces)
    ]
    rights.append(grant(key, metadata(f"openpolicy-{operator.name}", own), operator.in_cluster, subject, child))
    Deployment(
        f"{key}-operator",
        metadata=here,
        spec={
            "replicas": 1,
            "selector": {"match_labels": selector},
            "template": {
                "metadata": {"labels": own},
                "spec": {
                    "service_account_name": identity.metadata.name,
                    "automount_service_account_token": True,
                    "priority_class_name": operator.priority_class,
                    "security_context": POD_SECURITY,
                    "containers": [_container(operator)],
                },
            },
        },
        opts=ResourceOptions(parent=parent, depends_on=[*after, *rights]),
    )
    service = Service(
        f"{key}-service",
        metadata=here,
        spec={"selector": selector, "ports": [{"name": "http", "port": 8080, "target_port": "http"}]},
        opts=child,
    )
    return service.metadata.name


def _container(operator: Operator) -> ContainerArgsDict:
    container: ContainerArgsDict = {
        "name": operator.name,
        "image": operator.image,
        "args": [*operator.args],
        "ports": [{"name": "http", "container_port": 8080}],
        "resources": resources("100m", operator.memory),
        "security_context": CONTAINER_SECURITY,
    }
    if operator.health:
        container["readiness_probe"] = {"http_get": {"path": operator.health, "port": "http"}}
        container["liveness_probe"] = {"http_get": {"path": operator.health, "port": "http"}}
    return container
