"""The operators, as processes against a cluster: the real ones, which make real StatefulSets out of objects."""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from catalogue.services import NAMESPACE
from components.operators import definitions
from tests.live.api import Document
from tests.live.cluster import Cluster, condition
from tests.live.parts import ECK, PROMETHEUS_OPERATOR, sources
from tests.live.processes import Process
from tests.support.schemas import brought
from tests.support.tools import built

ECK_NAMESPACE = "elastic-system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operators:
    """Both, running."""

    prometheus: Process
    elastic: Process

    def ended(self) -> list[str]:
        """How those ended that do not run any more."""
        return [how for how in (self.prometheus.ended(), self.elastic.ended()) if how is not None]


def bring_platform(cluster: Cluster) -> None:
    """Brings what a platform has before the stack: the application's namespace, and kinds of other operators."""
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
    for definition in brought():
        cluster.apply(definition)
    for definition in brought():
        wait_until_established(cluster, definition["metadata"]["name"])


def install(cluster: Cluster) -> Operators:
    """Brings the kinds of both operators and both operators, which may do everything. Raises FailedError."""
    bring_platform(cluster)
    for definition in (*definitions(), *elastic_definitions()):
        cluster.apply(definition)
    for definition in (*definitions(), *elastic_definitions()):
        wait_until_established(cluster, definition["metadata"]["name"])
    return Operators(prometheus=start_prometheus_operator(cluster), elastic=start_eck(cluster))


def elastic_definitions() -> list[Document]:
    """The CustomResourceDefinitions of ECK, as its module has them."""
    text = (sources(ECK) / "config" / "crds" / "v1" / "all-crds.yaml").read_text(encoding="utf-8")
    return [document for document in yaml.load_all(text, yaml.CSafeLoader) if document]


def wait_until_established(cluster: Cluster, name: str) -> None:
    """Waits until objects of the kind can be made. Raises FailedError."""

    def established() -> bool | None:
        found = cluster.get("apiextensions.k8s.io/v1", "CustomResourceDefinition", name)
        return True if found and condition(found, "Established") == "True" else None

    cluster.wait_for(established, f"the kind {name}")


def start_prometheus_operator(cluster: Cluster, arguments: Sequence[str] = (), *, account: str = "") -> Process:
    """Starts it with these arguments of its own. With the rights of `account`, namespace:name, where one is named."""
    plane = cluster.plane
    port = plane.ports.take()
    process = plane.processes.start(
        "prometheus-operator",
        built(PROMETHEUS_OPERATOR),
        f"-apiserver={plane.address}",
        f"-ca-file={plane.authority.certificate}",
        f"-cert-file={plane.admin.certificate}",
        f"-key-file={plane.admin.key}",
        f"-web.listen-address=127.0.0.1:{port}",
        *([f"-as=system:serviceaccount:{account}"] if account else []),
        *(arguments or ["-kubelet-service="]),
    )
    cluster.wait_for(lambda: plane.api.healthy("/healthz", address=f"http://127.0.0.1:{port}"), "Prometheus Operator")
    return process


def start_eck(cluster: Cluster, arguments: Sequence[str] = (), *, account: str = "") -> Process:
    """Starts it in a namespace of its own, or with these arguments. With the rights of `account`, namespace:name,
    where one is named. Raises FailedError."""
    kubeconfig, home = cluster.kubeconfig, ECK_NAMESPACE
    if account:
        home = account.partition(":")[0]
        kubeconfig = cluster.kubeconfig.with_name("kubeconfig-of-eck")
        known = yaml.safe_load(cluster.kubeconfig.read_text(encoding="utf-8"))
        for user in known["users"]:
            user["user"]["as"] = f"system:serviceaccount:{account}"
        kubeconfig.write_text(yaml.safe_dump(known), encoding="utf-8")
    else:
        cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": home}})
    process = cluster.processes.start(
        "eck",
        built(ECK),
        *(arguments or ["manager", f"--operator-namespace={home}", "--enable-webhook=false"]),
        # Several at once would want the same port.
        "--metrics-port=0",
        "--enable-leader-election=false",
        environment={"KUBECONFIG": str(kubeconfig)},
    )
    # Its first deed, by which it knows itself again.
    cluster.wait_for(lambda: cluster.get("v1", "ConfigMap", "elastic-operator-uuid", home), "ECK")
    return process
