"""Who may do what in Elasticsearch. Nobody here may delete a line, or change who may.

Roles and machines' users are files of the nodes: they are there before anything can ask, and no user needs the right
to manage rights.
"""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from catalogue.model.logs import LogClass
from components.render.logs.names import EVERYTHING, RESTORED, TRACES, pattern


class Indices(TypedDict):
    """Rights on the indices of these names."""

    names: list[str]
    privileges: list[str]


class Application(TypedDict):
    """Rights within a program that keeps its own in Elasticsearch."""

    application: str
    privileges: list[str]
    resources: list[str]


class Role(TypedDict):
    """A role, as roles.yml has it."""

    cluster: list[str]
    indices: list[Indices]
    applications: NotRequired[list[Application]]


WRITER, READER, AUDITOR, FAILURES = "log_writer", "log_reader", "log_auditor", "log_failure_reader"
ARCHIVER, BOOTSTRAP, EXPORTER = "log_archiver", "log_bootstrap", "metrics_exporter"
TRACE_WRITER, TRACE_READER = "trace_writer", "trace_reader"
RESTORER, VISITOR = "log_restorer", "kibana_visitor"
PEOPLE = "people"
"""Whoever comes in by Kibana's door."""

USERS = {
    "logstash": (WRITER,),
    "archiver": (ARCHIVER,),
    "restorer": (RESTORER,),
    # Kibana's own role lets it import saved objects.
    "bootstrap": (BOOTSTRAP, "kibana_admin"),
    "exporter": (EXPORTER,),
    "grafana": (READER,),
    "jaeger": (TRACE_WRITER,),
    "jaeger-query": (TRACE_READER,),
    PEOPLE: (READER, VISITOR),
}
"""Users whose passwords nobody knows, and the roles of each: machines, and whom a door lets in."""


def username(user: str) -> str:
    """How one of USERS is called in Elasticsearch."""
    return f"openpolicy-{user}"


_KIBANA: Application = {"application": "kibana-.kibana", "privileges": ["read"], "resources": ["*"]}
_READ = ["read", "view_index_metadata"]


def roles(classes: Sequence[LogClass]) -> dict[str, Role]:
    """Every role by name. AUDITOR and FAILURES are for users that somebody makes for one person, by name."""
    evidence = [pattern(each.name) for each in classes if each.evidence]
    plain = [pattern(each.name) for each in classes if not each.evidence]
    archived = [pattern(each.name) for each in classes if each.searchable is not None]
    return {
        # Appends, and cannot read, change or delete what it wrote.
        WRITER: _role(["monitor"], ([EVERYTHING], ["create_doc", "auto_configure"])),
        READER: _role([], (plain, _READ)),
        AUDITOR: _role([], (evidence, _READ)),
        # What failed is stored as it came.
        FAILURES: _role([], ([EVERYTHING], ["read_failure_store", "view_index_metadata"])),
        # Opens what is in Kibana, and saves nothing there: who did it could not be told.
        VISITOR: {"cluster": [], "indices": [], "applications": [_KIBANA]},
        ARCHIVER: _role([], (archived, _READ)),
        # Copies of what the archive holds, and nothing that they are copies of.
        RESTORER: _role([], ([RESTORED], ["create_index", "create_doc", "read", "delete_index"])),
        BOOTSTRAP: _role(
            [
                "monitor",
                "manage_index_templates",
                "manage_ilm",
                "manage_ingest_pipelines",
                "manage_slm",
                "cluster:admin/repository/put",
                "cluster:admin/repository/get",
                "cluster:admin/settings/update",
            ],
            # A policy or a template takes effect on what it names only for who may manage that.
            ([EVERYTHING], ["manage_ilm", "view_index_metadata", "monitor", "indices:admin/rollover"]),
        ),
        EXPORTER: _role(["monitor", "monitor_snapshot", "read_ilm", "read_slm"], (["*"], ["monitor"])),
        TRACE_WRITER: _role(
            ["monitor", "manage_index_templates", "manage_ilm"],
            ([TRACES], ["manage", "create_index", "index", "create", *_READ]),
        ),
        TRACE_READER: _role(["monitor"], ([TRACES], _READ)),
    }


def _role(cluster: list[str], *indices: tuple[list[str], list[str]]) -> Role:
    return {
        "cluster": cluster,
        "indices": [{"names": names, "privileges": privileges} for names, privileges in indices],
    }
