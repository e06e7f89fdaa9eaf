"""The pods that a plan leads to, among them those that operators make, and everybody else whom its policies name."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network

from ops.plan.reach import Endpoint, Manifest

# Where pods usually are.
_PODS, _FOREIGN_PODS = ip_network("10.244.0.0/16"), ip_network("10.245.0.0/16")
_INTERNET = Endpoint(name="the internet", address="203.0.113.7")
# Of pods that are not planned here: any number will do.
_NAMED_PORT = 8000

_TEMPLATED = ("Deployment", "DaemonSet", "StatefulSet", "Job", "CronJob")
# Operators name the ports of their containers themselves.
_PROMETHEUS: Mapping[str, Mapping[str, int]] = {
    "Prometheus": {"web": 9090},
    "Alertmanager": {"web": 9093, "mesh-tcp": 9094},
}
_SIDECAR: Mapping[str, int] = {"grpc": 10901, "http": 10902}
_ELASTIC: Mapping[str, Mapping[str, int]] = {
    "Elasticsearch": {"https": 9200, "transport": 9300},
    "Kibana": {"https": 5601},
    "Logstash": {"beats": 5044, "api": 9600},
    "Beat": {},
}


def pods(manifests: Sequence[Manifest]) -> list[Endpoint]:
    """One pod of each workload. Those on their node's network are left out: policies see the node instead."""
    found = [each for manifest in manifests if (each := _pod(manifest))]
    return [
        Endpoint(
            name=each.name,
            namespace=each.namespace,
            labels=each.labels,
            ports=each.ports,
            address=str(_PODS[number]),
        )
        for number, each in enumerate(found, start=2)
    ]


def _pod(manifest: Manifest) -> Endpoint | None:
    kind: str = manifest["kind"]
    if kind in _TEMPLATED:
        job = manifest["spec"]["jobTemplate"] if kind == "CronJob" else manifest
        template: Manifest = job["spec"]["template"]
        if template["spec"].get("hostNetwork"):
            return None
        containers: Sequence[Manifest] = template["spec"]["containers"]
        declared: list[Manifest] = [port for container in containers for port in container.get("ports") or ()]
        ports = {port["name"]: port["containerPort"] for port in declared if "name" in port}
        return _endpoint(manifest, manifest["metadata"]["name"], _labels(template), ports)
    if kind in _PROMETHEUS:
        own = {"app.kubernetes.io/name": kind.lower()}
        ports = {**_PROMETHEUS[kind], **(_SIDECAR if "thanos" in manifest["spec"] else {})}
        return _endpoint(manifest, kind.lower(), _labels({"metadata": manifest["spec"]["podMetadata"]}) | own, ports)
    if kind in _ELASTIC and "k8s.elastic.co/" in manifest["apiVersion"]:
        own = {"common.k8s.elastic.co/type": kind.lower()}
        return _endpoint(manifest, kind.lower(), own, _ELASTIC[kind])
    return None


def _labels(template: Manifest) -> dict[str, str]:
    return dict(template["metadata"].get("labels") or {})


def _endpoint(manifest: Manifest, name: str, labels: Mapping[str, str], ports: Mapping[str, int]) -> Endpoint:
    namespace: str = manifest["metadata"]["namespace"]
    return Endpoint(name=name, namespace=namespace, labels=labels, ports=ports, address="")


def others(policies: Sequence[Manifest], known: Sequence[Endpoint]) -> list[Endpoint]:
    """Everybody else whom the policies name: pods of other namespaces, networks, and the internet."""
    found = dict[str, Endpoint]()
    rules: list[Manifest] = [*_rules(policies)]
    ports: list[Manifest] = [port for rule in rules for port in rule.get("ports") or ()]
    named = {str(port["port"]): _NAMED_PORT for port in ports if isinstance(port["port"], str)}
    for rule in rules:
        for peer in (*rule.get("from", ()), *rule.get("to", ())):
            other = _other(peer, named, number=len(found) + 2)
            if other and other.name not in found and not any(_is_same(other, each) for each in known):
                found[other.name] = other
    return list(found.values())


def strangers(policies: Sequence[Manifest]) -> list[Endpoint]:
    """Whom no policy names."""
    ours: list[str] = sorted({policy["metadata"]["namespace"] for policy in policies})
    return [
        *(Endpoint(name=f"a stranger in {each}", namespace=each, address="10.246.0.2") for each in ours),
        Endpoint(name="a stranger elsewhere", namespace="elsewhere", address="10.246.0.3"),
        Endpoint(name="the cloud's metadata server", address="169.254.169.254"),
        Endpoint(name="a private address", address="192.168.77.7"),
    ]


def _rules(policies: Sequence[Manifest]) -> Iterator[Manifest]:
    for policy in policies:
        yield from (*policy["spec"].get("ingress", ()), *policy["spec"].get("egress", ()))


def _other(peer: Manifest, named: Mapping[str, int], *, number: int) -> Endpoint | None:
    if "ipBlock" in peer:
        network = ip_network(peer["ipBlock"]["cidr"])
        # Its last address. The whole of IPv4 means the internet.
        return Endpoint(name=str(network), address=str(network[-1])) if network.prefixlen else _INTERNET
    if "namespaceSelector" in peer:
        namespace: str = peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        labels: dict[str, str] = peer["podSelector"]["matchLabels"] if "podSelector" in peer else {}
        name = f"{namespace}: {', '.join(labels.values()) or 'every pod'}"
        address = str(_FOREIGN_PODS[number])
        return Endpoint(name=name, namespace=namespace, labels=labels, ports=named, address=address)
    return None


def _is_same(one: Endpoint, other: Endpoint) -> bool:
    return one.namespace == other.namespace and one.labels.items() <= other.labels.items()
