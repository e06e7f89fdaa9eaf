"""How many nodes of which kind, and how large."""

from dataclasses import dataclass

from catalogue.model.quantity import Bytes
from components.render.kubernetes import RESTRICTED_POD

VERSION = "9.4.3"
"""Of Elasticsearch, Kibana, Logstash and Filebeat, which are released together."""

POD_SECURITY = RESTRICTED_POD | {"runAsUser": 1000, "fsGroup": 1000}
"""Of their pods: the user that is in their images."""

CLUSTER = "openpolicy-logs"
HOST = f"{CLUSTER}-es-http"
"""Service of Elasticsearch's API, on port 9200, that ECK makes."""

CERTIFICATES = f"{CLUSTER}-es-http-certs-public"
"""Secret with the certificate of who signed the API's, in ca.crt."""

KIBANA = "openpolicy"
KIBANA_HOST = f"{KIBANA}-kb-http"
KIBANA_CERTIFICATES = f"{KIBANA}-kb-http-certs-public"


def image(program: str, family: str | None = None) -> str:
    """What the operator would take by itself. Said here, it can come from a mirror and be known by its digest."""
    return f"docker.elastic.co/{family or program}/{program}:{VERSION}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """Nodes of one kind. A count of 0 leaves the tier out."""

    count: int
    memory: Bytes
    volume: Bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectStore:
    """Where buckets are."""

    region: str
    endpoint: str | None
    """Of a store that is compatible with S3. None: S3 itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogsSize:
    """The whole of it."""

    master: Nodes
    hot: Nodes
    warm: Nodes
    cold: Nodes
    frozen: Nodes
    storage_class: str | None
    kibana_replicas: int
    logstash_replicas: int

    def tiers(self) -> dict[str, Nodes]:
        """Kinds of nodes that there are, by name."""
        named = {
            "master": self.master,
            "hot": self.hot,
            "warm": self.warm,
            "cold": self.cold,
            "frozen": self.frozen,
        }
        return {name: nodes for name, nodes in named.items() if nodes.count}
