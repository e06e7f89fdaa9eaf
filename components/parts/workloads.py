"""One program as everything that it needs in the cluster: account, rights, files, pods, Service, and a budget."""

from pulumi import Input, Output, ResourceOptions
from pulumi_kubernetes.apps.v1 import DaemonSet, DaemonSetUpdateStrategyArgsDict, Deployment
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    Service,
    ServiceAccount,
    ServiceSpecArgsDict,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgsDict

from components.parts.objects import account, budget, grant, metadata, rule
from components.parts.pods import DATA, pod
from components.parts.stateful import claim, independent
from components.render.containers import Container
from components.render.kubernetes import labels


def run(
    parent: str, each: Container, namespace: Input[str], priority_class: Input[str], opts: ResourceOptions
) -> Output[str]:
    """Runs it, as children whose names begin with the parent's. Returns the name of its Service."""
    own = f"{parent}-{each.name}"
    here = metadata(each.name, labels(each.name), namespace)
    identity = ServiceAccount(f"{own}-account", metadata=here, automount_service_account_token=False, opts=opts)
    if each.watches:
        grant(
            own,
            metadata(f"openpolicy-{each.name}", labels(each.name)),
            [rule(kind.group, [kind.resource], "list", "watch") for kind in each.watches],
            account(identity.metadata.name, namespace),
            opts,
        )
    if each.files:
        ConfigMap(f"{own}-files", metadata=here, data=dict(each.files), opts=opts)
    template = pod(each, identity.metadata.name, priority_class)
    found: LabelSelectorArgsDict = {"match_labels": each.selector}
    if each.on_every_node:
        rolling: DaemonSetUpdateStrategyArgsDict = {
            "type": "RollingUpdate",
            "rolling_update": {"max_unavailable": "10%"},
        }
        DaemonSet(
            own,
            metadata=here,
            spec={"selector": found, "update_strategy": rolling, "template": template},
            opts=opts,
        )
    elif each.data:
        independent(
            own,
            here,
            replicas=each.replicas,
            service=each.name,
            selector=each.selector,
            template=template,
            volume=claim(DATA, labels(each.name), each.data.size, each.data.storage_class),
            opts=opts,
        )
    else:
        Deployment(
            own,
            metadata=here,
            spec={"replicas": each.replicas, "selector": found, "template": template},
            opts=opts,
        )
    if each.replicas > 1:
        budget(f"{own}-budget", here, each.selector, opts)
    spec: ServiceSpecArgsDict = {
        "selector": each.selector,
        "ports": [{"name": name, "port": number, "target_port": name} for name, number in each.ports.items()],
    }
    if each.data:
        # Each replica is asked, and knows what the others may not.
        spec["cluster_ip"] = "None"
    return Service(f"{own}-service", metadata=here, spec=spec, opts=opts).metadata.name
