from collections.abc import Iterator

import pytest

from catalogue import CATALOGUE
from components.render.logs.content import COMPONENT, PIPELINE, SETTINGS, TEMPLATE, content
from components.render.logs.keeping import Keeping
from tests.live.elastic.server import Server, server

# STAND-INS for what ships with Elasticsearch beside its jars. The codec is another, for its library is not among them;
# and a basic licence keeps lines as they came, which a module would see to.
BUILT_IN = {
    "logs@mappings": {
        "mappings": {
            "date_detection": False,
            "properties": {
                "@timestamp": {"type": "date"},
                "data_stream": {"properties": {key: {"type": "keyword"} for key in ("type", "dataset", "namespace")}},
            },
        }
    },
    "logs@settings": {"settings": {"index.codec": "default", "index.mapping.source.mode": "stored"}},
    "ecs@mappings": {
        "mappings": {
            "dynamic_templates": [
                {"addresses": {"path_match": "*.ip", "match_mapping_type": "string", "mapping": {"type": "ip"}}},
                {
                    "strings": {
                        "match_mapping_type": "string",
                        "mapping": {"type": "keyword", "ignore_above": 1024},
                    }
                },
            ]
        }
    },
}
KEEPING = Keeping(license="basic", frozen=False, snapshots=None, archive="a", smallest_tier=1)


@pytest.fixture(scope="session")
def empty() -> Iterator[Server]:
    """A node that has been told nothing yet but what ships with Elasticsearch."""
    with server() as made:
        yield shipped_with(made)


@pytest.fixture(scope="session")
def node(empty: Server) -> Server:
    """A node that has been told everything about logs that it can understand."""
    return told(empty)


def shipped_with(node: Server) -> Server:
    """The same, told what ships with Elasticsearch."""
    for name, template in BUILT_IN.items():
        assert node.ask("PUT", f"_component_template/{name}", {"template": template}) == {"acknowledged": True}
    return node


def told(node: Server) -> Server:
    """The same, told everything about logs. One node has no room for replicas: streams stay yellow, and that is all."""
    for each in content(CATALOGUE.log_classes, KEEPING):
        if each.kind in (SETTINGS, PIPELINE, COMPONENT, TEMPLATE):
            answer = node.ask("PUT", each.path, each.body)
            assert answer.get("acknowledged"), f"{each.path}: {answer}"
    return node
