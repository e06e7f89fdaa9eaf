from dataclasses import replace

import pytest

from catalogue import flows
from catalogue.model.flow import End, Flow, Home
from components.render.network import INTERNET, Location, Policy, policies
from tests.support import examples
from tests.support.engine import deploy, of_type, one

HERE = Location(namespaces=("here",))
READER, STORE = End(name="reader"), End(name="store")
VENDOR = End(name="vendor", home=Home.OUTSIDE)


def made(flow: Flow, **locations: Location) -> dict[str, Policy]:
    ends = {end.name: end for end in (READER, STORE, VENDOR)}
    return {each.name: each for each in policies([flow], {ends[name]: where for name, where in locations.items()})}


def test_a_flow_opens_both_of_its_ends_and_nothing_else() -> None:
    found = made(Flow(sources=(READER,), target=STORE, ports=(9200,), carries="queries"), reader=HERE, store=HERE)
    assert [rule.ports for rule in found["reader"].egress] == [[("TCP", 9200)]]
    assert [rule.ports for rule in found["store"].ingress] == [[("TCP", 9200)]]
    assert not found["reader"].ingress
    assert not found["store"].egress


def test_a_flow_to_what_the_stack_does_not_run_opens_nothing() -> None:
    found = made(Flow(sources=(READER,), target=STORE, ports=(9200,), carries="queries"), reader=HERE)
    assert found.keys() == {"reader"}
    assert not found["reader"].egress


def test_a_port_that_nobody_says_is_refused() -> None:
    flow = Flow(sources=(READER,), target=VENDOR, carries="statistics")
    with pytest.raises(ValueError, match="vendor: neither the catalogue nor the stack says its port"):
        made(flow, reader=HERE, vendor=Location(networks=("10.0.0.0/8",)))
    found = made(flow, reader=HERE, vendor=Location(networks=("10.0.0.0/8",), ports=(6432,)))
    assert found["reader"].egress[0].ports == [("TCP", 6432)]


def test_the_internet_is_not_what_is_private() -> None:
    flow = Flow(sources=(READER,), target=VENDOR, ports=(443,), carries="pages")
    (peer,) = made(flow, reader=HERE, vendor=Location(networks=(INTERNET,)))["reader"].egress[0].peers
    assert {"10.0.0.0/8", "169.254.0.0/16"} <= {*peer.excepted}


def test_two_flows_to_one_internet_are_one_rule() -> None:
    recording = deploy(
        lambda: examples.network(
            locations={
                **examples.NETWORK.locations,
                flows.PAGERDUTY: Location(networks=(INTERNET,)),
                flows.DEAD_MANS_SWITCH: Location(networks=(INTERNET,)),
            }
        )
    )
    egress = one(recording, "NetworkPolicy", "alertmanager")["spec"]["egress"]
    assert sum("ipBlock" in rule["to"][0] for rule in egress) == 1
    block = next(rule["to"][0]["ipBlock"] for rule in egress if "ipBlock" in rule["to"][0])
    assert block["cidr"] == INTERNET
    assert block["except"]


def test_everything_is_denied_first() -> None:
    denied = one(deploy(examples.network), "NetworkPolicy", "observability-default-deny")["spec"]
    assert denied == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_each_workload_has_one_policy_for_both_directions() -> None:
    found = [each.inputs for each in of_type(deploy(examples.network), ":NetworkPolicy")]
    assert len(found) == 1 + 3
    assert all(each["spec"]["policyTypes"] == ["Ingress", "Egress"] for each in found)
    database = one(deploy(examples.network), "NetworkPolicy", "postgres-exporter")["spec"]["egress"]
    assert {"to": [{"ipBlock": {"cidr": "10.20.0.0/24"}}], "ports": [{"protocol": "TCP", "port": 6432}]} in database


def test_pods_elsewhere_are_named_with_their_namespace() -> None:
    elsewhere = {**examples.NETWORK.locations, flows.DNS: Location(namespaces=("kube-system",), labels={"a": "b"})}
    recording = deploy(lambda: examples.network(locations=elsewhere))
    peers = [rule["to"] for rule in one(recording, "NetworkPolicy", "alertmanager")["spec"]["egress"]]
    namespace = {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}
    assert [{"namespaceSelector": namespace, "podSelector": {"matchLabels": {"a": "b"}}}] in peers


FLOW = Flow(sources=(READER,), target=STORE, ports=(1,), carries="something")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"sources": ()}, "a flow to store has no source"),
        ({"ports": (0,)}, "a flow to store: 0 is no port"),
        ({"ports": (70_000,)}, "a flow to store: 70000 is no port"),
        ({"ports": ()}, "a flow to store names no port, so it would open all"),
        ({"every_port": True}, "a flow to store: some ports, or every one"),
        ({"sources": (VENDOR,), "target": VENDOR}, "a flow to vendor: no end of it is ours to open"),
    ],
)
def test_a_flow_that_would_open_too_much_is_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(FLOW, **changes)
