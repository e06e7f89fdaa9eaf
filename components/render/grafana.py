"""Grafana's own files: its settings, and where it finds boards. Neither holds a secret: they name files."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.model.quantity import Bytes
from components.render.doors import SignOn
from components.render.grafana_people import people
from components.render.kubernetes import Document

VERSION = "13.1.3"
SIDECAR_VERSION = "2.11.2"

SECRETS = "/etc/grafana/secrets"
"""Where the Secret with its own keys is mounted."""

BOARDS = "/var/lib/grafana-boards"
"""Where the sidecar puts the boards that it finds."""

FOLDER = "openpolicy"
"""Uid of the folder of our boards."""

FOLDER_TITLE = "OpenPolicy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A PostgreSQL that all replicas share."""

    host: str
    """With its port."""

    name: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrafanaSize:
    """How many, how large, and where their state is."""

    replicas: int
    memory: Bytes
    volume: Bytes
    """Of its SQLite file, where there is no database."""

    storage_class: str | None
    database: Database | None

    def __post_init__(self) -> None:
        if self.replicas > 1 and self.database is None:
            raise ValueError(f"{self.replicas} replicas of Grafana share nothing without a database")


def configuration(external_url: str, database: Database | None, sign_on: SignOn | None) -> str:
    """grafana.ini. Without a sign-on there are only users of its own."""
    shared = (
        {
            "type": "postgres",
            "host": database.host,
            "name": database.name,
            "user": database.user,
            "password": f"$__file{{{SECRETS}/database-password}}",
            "ssl_mode": "require",
        }
        if database
        else {"type": "sqlite3", "wal": "true"}
    )
    sections: Mapping[str, Mapping[str, str]] = {
        "server": {"root_url": external_url},
        "database": shared,
        "security": {
            "admin_user": "admin",
            "admin_password": f"$__file{{{SECRETS}/admin-password}}",
            # The default is public, and it encrypts the data sources' passwords.
            "secret_key": f"$__file{{{SECRETS}/secret-key}}",
            "cookie_secure": "true",
            # Stricter, and whoever follows a link from a page would have to log in again.
            "cookie_samesite": "lax",
            "strict_transport_security": "true",
            "content_security_policy": "true",
            "disable_gravatar": "true",
        },
        "users": {"allow_sign_up": "false", "auto_assign_org_role": "Viewer", "viewers_can_edit": "false"},
        "auth.anonymous": {"enabled": "false"},
        **people(sign_on, external_url),
        "snapshots": {"external_enabled": "false"},
        "analytics": {
            "reporting_enabled": "false",
            "check_for_updates": "false",
            "check_for_plugin_updates": "false",
        },
        # Nothing is fetched while it starts: a closed cluster could not, and an open one should not.
        "plugins": {"preinstall_disabled": "true", "plugin_admin_enabled": "false"},
        # It shows what Alertmanager says, and raises no alerts of its own: one system does.
        "unified_alerting": {"enabled": "true", "execute_alerts": "false"},
        "metrics": {"enabled": "true"},
        "log": {"mode": "console"},
        "log.console": {"format": "json"},
    }
    return "\n".join(
        line
        for name, section in sections.items()
        for line in (f"[{name}]", *(f"{key} = {value}" for key, value in section.items()), "")
    )


def board_providers() -> Document:
    """Where it finds boards as files. People cannot save them: the next update would undo it."""
    return {
        "apiVersion": 1,
        "providers": [
            {
                "name": FOLDER,
                "folder": FOLDER_TITLE,
                "folderUid": FOLDER,
                "type": "file",
                "allowUiUpdates": False,
                "disableDeletion": False,
                "updateIntervalSeconds": 30,
                "options": {"path": BOARDS},
            }
        ],
    }
