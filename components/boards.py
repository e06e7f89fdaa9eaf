"""Grafana's content through its API: folders, boards, teams, and who may do what.

A reader sees everything, and nobody saves over a board that code owns: the next update would undo it in silence. Each
team has a folder of its own to try things in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumiverse_grafana import Provider
from pulumiverse_grafana.oss import (
    Dashboard,
    Folder,
    FolderPermission,
    FolderPermissionPermissionArgsDict,
    Team,
)

from catalogue.model.ownership import Team as Owner
from components.render.grafana import FOLDER, FOLDER_TITLE

_RETRIES = 3
_READ: Sequence[FolderPermissionPermissionArgsDict] = [
    {"role": "Viewer", "permission": "View"},
    {"role": "Editor", "permission": "View"},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardsArgs:
    """What is shown, and to whom."""

    url: str
    token: Input[str]
    """Of a service account that may administer."""

    boards: Mapping[str, str]
    """Grafana's JSON by uid."""

    teams: Sequence[Owner]


class Boards(ComponentResource):
    """Folders, boards, teams and permissions."""

    folder: Output[str]
    """Uid of the folder of our boards."""

    def __init__(self, name: str, args: BoardsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("openpolicy:monitoring:Boards", name, None, opts)
        provider = Provider(
            f"{name}-grafana",
            url=args.url,
            auth=Output.secret(args.token),
            retries=_RETRIES,
            # A board of 60 kB would be kept twice in the state.
            store_dashboard_sha256=True,
            opts=ResourceOptions(parent=self),
        )
        child = ResourceOptions(parent=self, provider=provider)

        folder = Folder(f"{name}-folder", uid=FOLDER, title=FOLDER_TITLE, prevent_destroy_if_not_empty=True, opts=child)
        FolderPermission(f"{name}-folder-rights", folder_uid=folder.uid, permissions=[*_READ], opts=child)
        for uid, document in args.boards.items():
            Dashboard(f"{name}-{uid}", folder=folder.uid, config_json=document, overwrite=True, opts=child)
        for owner in args.teams:
            team = Team(f"{name}-team-{owner.name}", name=owner.name, opts=child)
            drafts = Folder(
                f"{name}-drafts-{owner.name}",
                uid=f"{FOLDER}-{owner.name}",
                title=f"Drafts of {owner.name}",
                prevent_destroy_if_not_empty=True,
                opts=child,
            )
            FolderPermission(
                f"{name}-drafts-{owner.name}-rights",
                folder_uid=drafts.uid,
                permissions=[*_READ, {"team_id": team.id, "permission": "Edit"}],
                opts=child,
            )
        self.folder = folder.uid
        self.register_outputs({"folder": self.folder})
