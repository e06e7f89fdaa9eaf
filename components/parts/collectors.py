"""Collectors as workloads: one on every node, one with a volume for each replica, or as many as it takes."""

import hashlib
import json

from pulumi import Input, ResourceOptions
from pulumi_kubernetes.apps.v1 import DaemonSet, Deployment
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    PodTemplateSpecArgsDict,
    Secret,
    Service,
    ServiceAccount,
    ServiceSpecArgsDict,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgsDict

from components.parts.certificates import Authority
from components.parts.collector_pods import pod
from components.parts.marks import READ_ANEW
from components.parts.objects import account, budget, grant, metadata, rule
from components.parts.stateful import claim, independent
from components.render.kubernetes import Labels, labels
from components.render.tracing.collector import JOB, Collector, Entry


def run(
    parent: str,
    each: Collector,
    namespace: Input[str],
    priority_class: Input[str],
    storage_class: str | None,
    signer: Authority,
    opts: ResourceOptions,
) -> None:
    """Runs it, as children whose names begin with the parent's. `signer` issues its certificate."""
    own = f"{parent}-{each.name}"
    here = metadata(each.name, _labels(each), namespace)
    identity = ServiceAccount(f"{own}-account", metadata=here, automount_service_account_token=False, opts=opts)
    if each.reads_pods:
        subject = account(identity.metadata.name, namespace)
        where = metadata(f"openpolicy-{each.name}", _labels(each))
        grant(own, where, [rule("", ["pods"], "get", "list", "watch")], subject, opts)
    files = {"config.yaml": json.dumps(each.config, indent=2) + "\n", **each.files}
    ConfigMap(f"{own}-files", metadata=here, data=files, opts=opts)
    if each.certificate:
        shown = signer.issue(each.name, each.certificate.host, each.certificate.uses)
        where = metadata(each.certificate_secret, _labels(each) | READ_ANEW, namespace)
        Secret(f"{own}-tls", metadata=where, string_data=shown, opts=opts)
    template: PodTemplateSpecArgsDict = {
        "metadata": {
            "labels": _labels(each) | each.roles,
            # Pods do not notice a changed ConfigMap by themselves.
            "annotations": {"openpolicy.ca/files": hashlib.sha256(json.dumps(files).encode()).hexdigest()},
        },
        "spec": pod(each, identity.metadata.name, priority_class),
    }
    _workload(own, each, namespace, template, storage_class, opts)
    if each.replicas > 1:
        budget(f"{own}-budget", here, each.selector, opts)


def _labels(each: Collector) -> Labels:
    return labels(each.name) | {JOB: each.job}


def _workload(
    own: str,
    each: Collector,
    namespace: Input[str],
    template: PodTemplateSpecArgsDict,
    storage_class: str | None,
    opts: ResourceOptions,
) -> None:
    here = metadata(each.name, _labels(each), namespace)
    found: LabelSelectorArgsDict = {"match_labels": each.selector}
    if each.on_every_node:
        DaemonSet(
            own,
            metadata=here,
            spec={
                "selector": found,
                "update_strategy": {"type": "RollingUpdate", "rolling_update": {"max_unavailable": "10%"}},
                "template": template,
            },
            opts=opts,
        )
    elif each.queue:
        independent(
            own,
            here,
            replicas=each.replicas,
            service=each.name,
            selector=each.selector,
            template=template,
            volume=claim("queue", _labels(each), each.queue, storage_class),
            opts=opts,
        )
    else:
        # What is in memory is not shared: two would each have a part while one takes over.
        strategy = "RollingUpdate" if each.replicas > 1 else "Recreate"
        Deployment(
            own,
            metadata=here,
            spec={
                "replicas": each.replicas,
                "strategy": {"type": strategy},
                "selector": found,
                "template": template,
            },
            opts=opts,
        )


def enter(parent: str, each: Entry, namespace: Input[str], opts: ResourceOptions) -> Service:
    """The Service of that name."""
    spec: ServiceSpecArgsDict = {
        "selector": each.pods,
        "ports": [
            {"name": name, "port": number, "target_port": target} for name, (number, target) in each.ports.items()
        ],
    }
    if each.every_address:
        spec["cluster_ip"] = "None"
    if each.same_node:
        spec["internal_traffic_policy"] = "Local"
    where = metadata(each.name, labels(each.name), namespace)
    return Service(f"{parent}-{each.name}-service", metadata=where, spec=spec, opts=opts)
