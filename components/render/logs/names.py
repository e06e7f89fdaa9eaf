"""Names that Elasticsearch's side and Logstash's side have to agree on."""

from catalogue.model.logs import LogClass

PREFIX = "openpolicy"
EVERYTHING = f"logs-{PREFIX}.*"
"""Every data stream of ours."""

TRACES = f"{PREFIX}-jaeger-*"
"""Every index of Jaeger's."""

RESTORED = "restored-*"
"""Copies of what the archive holds."""

COMMON = f"{PREFIX}-logs@common"
ARRIVAL = f"{PREFIX}-logs@arrival"
"""Ingest pipeline that every line passes last."""


def dataset(name: str) -> str:
    """The data stream's middle part, such as openpolicy.app."""
    return f"{PREFIX}.{name}"


def stream(name: str, environment: str) -> str:
    """The data stream, such as logs-openpolicy.app-prod."""
    return f"logs-{dataset(name)}-{environment}"


def pattern(name: str) -> str:
    """The class's data stream in any environment."""
    return f"logs-{dataset(name)}-*"


def policy(log_class: LogClass) -> str:
    """Lifecycle policy of the class."""
    return f"{PREFIX}-{log_class.name}"


def component(log_class: LogClass) -> str:
    """Component template of the class."""
    return f"{PREFIX}-logs@{log_class.name}"


def weekly(log_class: LogClass) -> str:
    """Snapshot policy of the class, which its deletion waits for."""
    return f"{PREFIX}-{log_class.name}-weekly"
