"""A dashboard, as far as links need to know it, and where dashboards get their data from."""

import re
from dataclasses import dataclass
from enum import StrEnum


class DataSource(StrEnum):
    """Uid of each of Grafana's data sources: links and dashboards name it."""

    PROMETHEUS = "prometheus"
    RECENT = "prometheus-alone"
    ALERTMANAGER = "alertmanager"
    LOGS = "elasticsearch"
    TRACES = "jaeger"


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard's stable address and title."""

    uid: str
    title: str

    def __post_init__(self) -> None:
        # Grafana cuts uids at 40 characters.
        if not re.fullmatch(r"[a-z0-9-]{1,40}", self.uid):
            raise ValueError(f"dashboard {self.uid!r}: a uid is at most 40 lower-case letters, digits and dashes")
